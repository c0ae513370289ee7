import type { Operation } from './bench-graph';

const PREFIX = 'Unkept';

/** The same operation, of whose answer no subgraph of the bench lets anything be kept. */
export function unkept({ query, variables }: Operation): Operation {
  const named = query.replace(/query (\w)/, `query ${PREFIX}$1`);
  if (named === query) throw new Error(`the query has no name: ${query}`);
  return { query: named, variables };
}

/** Whether a subgraph is asked for such an operation: plans name what they ask after it. */
export function isUnkept(query: string): boolean {
  return query.startsWith(`query ${PREFIX}`);
}
