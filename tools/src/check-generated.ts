import { configSchema as gatewayConfig } from '@shopgraph/gateway';
import { generateTypes } from './check-generated-codegen';
import { findDrift, generateAll } from './check-generated-drift';
import { ROOT } from './check-generated-files';
import { subgraphs } from './subgraphs';

/** Fails when what is checked in is not what the code generates. */
async function main(): Promise<void> {
  const services = [{ name: 'gateway', config: gatewayConfig }, ...subgraphs];
  const { files, undescribed } = await generateAll({ subgraphs, services, generateTypes });
  const drifts = await findDrift(ROOT, files);
  for (const { command, files: paths } of drifts) {
    console.error(`Run \`${command}\`: the code generates something else for\n${listOf(paths)}`);
  }
  if (undescribed.length > 0) console.error(`These have no description:\n${listOf(undescribed)}`);
  if (drifts.length + undescribed.length > 0) process.exitCode = 1;
  else console.log(`All ${files.size} generated files are up to date.`);
}

function listOf(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
