import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';
import { startBoth } from './in-process';
import { FEDERATION } from './made-up-graph';

export type Resolvers = Record<string, Record<string, unknown>>;

/** Both executors before subgraphs of a few lines each. */
export function before(subgraphs: Readonly<Record<string, readonly [typeDefs: string, resolvers: Resolvers]>>) {
  const typeDefs = Object.fromEntries(Object.entries(subgraphs).map(([name, [sdl]]) => [name, sdl]));
  const schemas = Object.fromEntries(
    Object.entries(subgraphs).map(([name, [sdl, resolvers]]): [string, GraphQLSchema] => [
      name,
      buildSubgraphSchema({ typeDefs: parse(FEDERATION + sdl), resolvers: resolvers as never }),
    ]),
  );
  return startBoth(typeDefs, schemas, FEDERATION);
}
