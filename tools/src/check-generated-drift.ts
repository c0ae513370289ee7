import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { API_SCHEMA, driftOf, type GeneratedFiles } from './check-generated-files';
import { OPERATIONS_MODULE, persistedQueryFiles } from './persisted-queries-files';
import { readOperations } from './persisted-queries-operations';
import { referenceDocs } from './reference-docs-files';
import type { ConfiguredService } from './reference-docs-variables';
import { schemaFiles } from './schema-files';
import type { Subgraph } from './subgraphs';

interface Sources {
  readonly subgraphs: readonly Subgraph[];
  readonly services: readonly ConfiguredService[];
  /** What graphql-codegen makes of a public API. */
  readonly generateTypes: (api: string) => Promise<GeneratedFiles>;
}

interface Generated {
  readonly files: GeneratedFiles;
  /** What the schema does not describe. */
  readonly undescribed: readonly string[];
}

/** A command, and the files that it would change. */
interface Drift {
  readonly command: string;
  readonly files: readonly string[];
}

/** Everything that is generated, from the code alone: none of it is read from what is checked in. */
export async function generateAll({ subgraphs, services, generateTypes }: Sources): Promise<Generated> {
  const { files: schema, undescribed } = await schemaFiles(subgraphs);
  const api = schema.get(API_SCHEMA) ?? '';
  const types = await generateTypes(api);
  const persisted = await persistedQueriesOf(types.get(OPERATIONS_MODULE) ?? '', buildSchema(api));
  return { files: new Map([...schema, ...types, ...persisted, ...referenceDocs(services)]), undescribed };
}

async function persistedQueriesOf(module: string, api: GraphQLSchema): Promise<GeneratedFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'shopgraph-operations-'));
  try {
    const file = join(folder, 'operations.ts');
    await writeFile(file, module);
    return persistedQueryFiles(await readOperations(file, api));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Which commands have to be run, and why: files that differ, and SDL of subgraphs that are no more. */
export async function findDrift(root: string, files: GeneratedFiles): Promise<Drift[]> {
  const inFolder = (await readdir(join(root, 'schema'), { recursive: true })).map(
    (name) => `schema/${name.replaceAll('\\', '/')}`,
  );
  const stale = inFolder.filter((path) => path.endsWith('.graphql') && !files.has(path));
  const byCommand = new Map<string, string[]>();
  for (const path of [...(await driftOf(root, files)), ...stale]) {
    const command = stale.includes(path) ? `rm ${path}` : commandFor(path);
    byCommand.set(command, [...(byCommand.get(command) ?? []), path]);
  }
  return [...byCommand].map(([command, paths]) => ({ command, files: paths }));
}

function commandFor(path: string): string {
  if (path.startsWith('schema/')) return 'npm run schema';
  return path.startsWith('packages/client/') ? 'npm run codegen' : 'npm run docs';
}
