/** An entry of `tools/src/subgraphs.ts`. */
interface Listed {
  readonly name: string;
  readonly port: number;
}

/** Reads the list of subgraphs from its source, so that a listed one that does not compile is no obstacle. */
export function listedSubgraphs(source: string): Listed[] {
  return [...source.matchAll(/\{ name: '([\w-]+)', port: (\d+),/g)].map(([, name = '', port]) => ({
    name,
    port: Number(port),
  }));
}

/**
 * Adds a subgraph to the list's source.
 * @throws Error when the source has no list where it should be.
 */
export function withListed(source: string, { name, subgraph, port }: Listed & { readonly subgraph: string }): string {
  const firstOther = /^import type /m;
  const end = /^\];$/m;
  if (!firstOther.test(source) || !end.test(source)) throw new Error('there is no list of subgraphs to add to');
  const config = `${subgraph}Config`;
  const schema = `${subgraph}Schema`;
  const imports = `import { configSchema as ${config}, ${schema} } from '@shopgraph/${name}';\n`;
  const entry = `  { name: '${name}', port: ${port}, schema: ${schema}, config: ${config} },\n`;
  return source.replace(firstOther, (line) => imports + line).replace(end, (line) => entry + line);
}

/** Adds a dependency to the text of a package.json, in alphabetical order. */
export function withDependency(packageJson: string, dependency: string, version: string): string {
  const parsed = JSON.parse(packageJson) as { dependencies?: Record<string, string> };
  const dependencies = { ...parsed.dependencies, [dependency]: version };
  const sorted = Object.fromEntries(Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ ...parsed, dependencies: sorted }, null, 2)}\n`;
}
