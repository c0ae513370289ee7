import { configSchema as gatewayConfig } from '@shopgraph/gateway';
import { ROOT, writeFiles } from './check-generated-files';
import { referenceDocs } from './reference-docs-files';
import { subgraphs } from './subgraphs';

/** Writes the reference pages of docs/ and .env.example. */
async function main(): Promise<void> {
  const changed = await writeFiles(ROOT, referenceDocs([{ name: 'gateway', config: gatewayConfig }, ...subgraphs]));
  console.log(changed.length === 0 ? 'The reference is up to date.' : `Written: ${changed.join(', ')}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
