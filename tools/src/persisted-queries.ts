import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { API_SCHEMA, ROOT, writeFiles } from './check-generated-files';
import { OPERATIONS_MODULE, persistedQueryFiles } from './persisted-queries-files';
import { readOperations } from './persisted-queries-operations';

/** Writes what the client and the safelist know its operations by; comes after graphql-codegen. */
async function main(): Promise<void> {
  const api = buildSchema(await readFile(join(ROOT, API_SCHEMA), 'utf8'));
  const operations = await readOperations(join(ROOT, OPERATIONS_MODULE), api);
  const changed = await writeFiles(ROOT, persistedQueryFiles(operations));
  console.log(
    changed.length === 0 ? `${operations.length} operations are up to date.` : `Written: ${changed.join(', ')}`,
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
