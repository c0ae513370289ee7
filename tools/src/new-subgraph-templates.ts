import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { GeneratedFiles } from './check-generated-files';
import type { SubgraphNames } from './new-subgraph-names';

const TEMPLATES = join(__dirname, 'templates/subgraph');
const SUFFIX = '.template';

/** Answers which version of a package the others use. */
type VersionOf = (dependency: string) => string;

interface TemplateValues {
  readonly names: SubgraphNames;
  readonly port: number;
  readonly versionOf: VersionOf;
}

/** The files of a new subgraph, by their paths below the root, formatted as Prettier would. */
export async function renderSubgraph({ names, port, versionOf }: TemplateValues): Promise<GeneratedFiles> {
  const values = { ...names, port: String(port) };
  const paths = (await readdir(TEMPLATES, { recursive: true })).filter((path) => path.endsWith(SUFFIX)).sort();
  const rendered = paths.map(async (path) => {
    const target = path.slice(0, -SUFFIX.length).replace(/(?<=\/)entity(?=[-.])/, names['entity-kebab']);
    const text = fillIn(await readFile(join(TEMPLATES, path), 'utf8'), values, versionOf);
    const style = await resolveConfig(join(TEMPLATES, target));
    return [`subgraphs/${names.name}/${target}`, await format(text, { ...style, filepath: target })] as const;
  });
  return new Map(await Promise.all(rendered));
}

/** @throws Error for a placeholder that nothing stands for. */
function fillIn(template: string, values: Readonly<Record<string, string>>, versionOf: VersionOf): string {
  return template.replaceAll(/\{\{([\w-]+)(?: ([@\w/-]+))?\}\}/g, (placeholder, key: string, dependency?: string) => {
    const value = key === 'version' && dependency !== undefined ? versionOf(dependency) : values[key];
    if (value === undefined) throw new Error(`nothing stands for ${placeholder}`);
    return value;
  });
}
