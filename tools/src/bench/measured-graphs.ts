import { composeServices } from '@apollo/composition';
import { gatewayPermissions } from '@shopgraph/gateway';
import { allow } from '@shopgraph/kit';
import { Kind, parse } from 'graphql';
import { benchGraph, benchQueries, type BenchSubgraph, type Operation } from './bench-graph';
import { shopGraph, shopOperations } from './shop-graph';

const FIRST_PORT = 4700;

/** A graph that gateways are measured on. */
interface MeasuredGraph {
  readonly subgraphs: readonly BenchSubgraph[];
  readonly operations: () => Readonly<Record<string, Operation>>;
  readonly permissions: typeof gatewayPermissions;
}

/** Every field of the bench graph has a rule, as in the shop; here all of them let everybody pass. */
const everythingAllowed: typeof gatewayPermissions = () => {
  const types = benchGraph
    .flatMap(({ typeDefs }) => parse(typeDefs).definitions)
    .filter((definition) => definition.kind === Kind.OBJECT_TYPE_DEFINITION)
    .map(({ name, fields = [] }) => ({ type: name.value, fields: fields.map((field) => field.name.value) }));
  const roots = types.filter(({ type }) => type === 'Query').flatMap(({ fields }) => fields);
  return {
    ...Object.fromEntries(types.map(({ type }) => [type, allow])),
    Query: Object.fromEntries(roots.map((field) => [field, allow])),
  };
};

const GRAPHS = {
  bench: { subgraphs: benchGraph, operations: () => benchQueries, permissions: everythingAllowed },
  shop: { subgraphs: shopGraph, operations: shopOperations, permissions: gatewayPermissions },
} satisfies Record<string, MeasuredGraph>;

/** `bench`: products, reviews and users; `shop`: the shop's own. */
export type GraphName = keyof typeof GRAPHS;
/** All graphs, in the order in which they are measured. */
export const GRAPH_NAMES = Object.keys(GRAPHS) as GraphName[];

/** @throws Error when there is none of this name. */
export function graphNamed(name: string): MeasuredGraph {
  const graph: MeasuredGraph | undefined = (GRAPHS as Partial<Record<string, MeasuredGraph>>)[name];
  if (!graph) throw new Error(`there is no graph ${name}`);
  return graph;
}

/** The supergraph of a graph, each subgraph at its port. */
export function composeGraph({ subgraphs }: MeasuredGraph): string {
  const services = subgraphs.map(({ name, typeDefs }, index) => ({
    name,
    typeDefs: parse(typeDefs),
    url: `http://127.0.0.1:${portOf(index)}/graphql`,
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new AggregateError(errors);
  return supergraphSdl;
}

/** Where the subgraph at this place listens, and, past the last, further processes. */
export function portOf(index: number): number {
  return FIRST_PORT + index;
}
