import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { API_SCHEMA, writeFiles } from './check-generated-files';
import { checkFreeInGraph } from './new-subgraph-conflicts';
import { listedSubgraphs, withDependency, withListed } from './new-subgraph-listing';
import { BadNameError, type SubgraphNames, subgraphNames } from './new-subgraph-names';
import { renderSubgraph } from './new-subgraph-templates';

const LIST = 'tools/src/subgraphs.ts';
const TOOLS_PACKAGE = 'tools/package.json';

interface NewSubgraph {
  /** The repository. */
  readonly root: string;
  readonly name: string;
  /** The GraphQL type; made from the name if left out. */
  readonly entity: string | undefined;
}

interface GeneratedSubgraph {
  readonly names: SubgraphNames;
  readonly port: number;
  /** What was written, by path below the root. */
  readonly files: readonly string[];
}

/**
 * Writes a new subgraph and puts it on the list of all.
 * @throws BadNameError, before anything is written, when its name or its entity's cannot be used.
 */
export async function generateSubgraph({ root, name, entity }: NewSubgraph): Promise<GeneratedSubgraph> {
  const names = subgraphNames(name, entity);
  const list = await readFile(join(root, LIST), 'utf8');
  await checkFreeName(root, name, list);
  checkFreeInGraph(await readFile(join(root, API_SCHEMA), 'utf8'), names);

  const kit = JSON.parse(await readFile(join(root, 'packages/kit/package.json'), 'utf8')) as Package;
  const port = Math.max(...listedSubgraphs(list).map((listed) => listed.port)) + 1;
  const rendered = await renderSubgraph({ names, port, versionOf: (dependency) => versionIn(kit, dependency) });
  const toolsPackage = await readFile(join(root, TOOLS_PACKAGE), 'utf8');
  const files = new Map([
    ...rendered,
    [LIST, withListed(list, { name, port, subgraph: names.subgraph })] as const,
    [TOOLS_PACKAGE, withDependency(toolsPackage, `@shopgraph/${name}`, '0.1.0')] as const,
  ]);
  return { names, port, files: await writeFiles(root, files) };
}

async function checkFreeName(root: string, name: string, list: string): Promise<void> {
  const packages = [
    'gateway',
    'tools',
    'tests',
    ...(await namesIn(root, 'packages')),
    ...(await namesIn(root, 'subgraphs')),
  ];
  const listed = listedSubgraphs(list).map((subgraph) => subgraph.name);
  if ([...packages, ...listed].includes(name)) throw new BadNameError(`There is a package "${name}" already.`);
}

function namesIn(root: string, folder: string): Promise<string[]> {
  return readdir(join(root, folder));
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** What the kit uses, so does everybody. */
function versionIn(kit: Package, dependency: string): string {
  const version = dependency === kit.name ? kit.version : kit.dependencies[dependency];
  if (version === undefined) throw new Error(`the kit does not use ${dependency}`);
  return version;
}
