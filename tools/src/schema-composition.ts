import { composeServices } from '@apollo/composition';
import { type Schema, Supergraph as ComposedSupergraph } from '@apollo/federation-internals';
import { type DocumentNode, lexicographicSortSchema, printSchema } from 'graphql';

/** What a subgraph contributes. */
export interface SubgraphSdl {
  readonly name: string;
  /** Where the gateway finds it, unless it is told otherwise. */
  readonly url: string;
  readonly typeDefs: DocumentNode;
}

/** What subgraphs compose to. */
export interface Supergraph {
  /** For the gateway: how the subgraphs make up the whole. */
  readonly supergraph: string;
  /** For clients: the whole, without a word about subgraphs. */
  readonly api: string;
  /** What composition finds odd but possible. */
  readonly warnings: readonly string[];
}

/** Says why subgraphs do not fit together, one reason a line, each naming type, field and subgraphs. */
export class CompositionError extends Error {
  constructor(readonly reasons: readonly string[]) {
    super(`The subgraphs do not compose:\n${reasons.map((reason) => `  ${reason}`).join('\n')}`);
    this.name = 'CompositionError';
  }
}

/**
 * Composes subgraphs into the supergraph. Their order does not matter.
 * @throws CompositionError when they do not fit together.
 */
export function composeSupergraph(subgraphs: readonly SubgraphSdl[]): Supergraph {
  const inOrder = [...subgraphs].sort((a, b) => (a.name < b.name ? -1 : 1));
  const { errors, hints, schema, supergraphSdl } = composeServices(inOrder);
  if (errors) throw new CompositionError(errors.map(({ message, extensions }) => `${codeOf(extensions)}${message}`));
  return {
    supergraph: supergraphSdl,
    api: printApi(schema.toAPISchema()),
    warnings: hints
      .filter(({ definition }) => definition.level.name === 'WARN')
      .map(({ definition, message }) => `${definition.code}: ${message}`),
  };
}

/** The API that clients see of a supergraph. @throws GraphQLError when it is none. */
export function apiOf(supergraphSdl: string): string {
  return printApi(ComposedSupergraph.build(supergraphSdl).apiSchema());
}

function printApi(api: Schema): string {
  return printSchema(lexicographicSortSchema(api.toGraphQLJSSchema()));
}

function codeOf({ code }: { readonly code?: unknown }): string {
  return typeof code === 'string' ? `${code}: ` : '';
}
