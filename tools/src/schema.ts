import { ROOT, writeFiles } from './check-generated-files';
import { CompositionError } from './schema-composition';
import { schemaFiles } from './schema-files';
import { subgraphs } from './subgraphs';

/** Writes schema/: composes what the code says, then complains about what it leaves undescribed. */
async function main(): Promise<void> {
  const { files, warnings, undescribed } = await schemaFiles(subgraphs);
  const changed = await writeFiles(ROOT, files);
  for (const warning of warnings) console.warn(`warning ${warning}`);
  console.log(changed.length === 0 ? 'schema/ is up to date.' : `Written: ${changed.join(', ')}`);
  if (undescribed.length === 0) return;
  console.error(`These have no description:\n${undescribed.map((what) => `  ${what}`).join('\n')}`);
  process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof CompositionError ? error.message : error);
  process.exitCode = 1;
});
