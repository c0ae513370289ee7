import type { ContractTag } from '@shopgraph/kit';
import {
  addInaccessibleToUnreachableTypes,
  applyTagFilterOnSubgraphs,
  extractLinkImplementations,
} from '@theguild/federation-composition';
import { parse, print } from 'graphql';
import { apiOf, composeSupergraph, CompositionError, type SubgraphSdl, type Supergraph } from './schema-composition';

const INACCESSIBLE = 'https://specs.apollo.dev/inaccessible';

/** A part of the graph for some of its clients. */
export interface Contract {
  /** Names its files, and the variant that a gateway serves. */
  readonly name: string;
  /** What has one of these tags is left out, and with it every type that nothing leads to any more. */
  readonly excludes: readonly ContractTag[];
}

/** The shop's: storefronts see what has no tag, programs of partners also what is for them, staff the whole graph. */
export const contracts: readonly Contract[] = [
  { name: 'public', excludes: ['partner', 'internal'] },
  { name: 'partner', excludes: ['internal'] },
];

/**
 * Composes the supergraph of a contract, as Apollo defines contracts
 * (https://www.apollographql.com/docs/graphos/platform/schema-management/delivery/contracts/overview): subgraphs stay
 * as they are, and what is excluded is `@inaccessible`.
 * @throws CompositionError when what is left refers to what is left out.
 */
export function composeContract(
  subgraphs: readonly SubgraphSdl[],
  { name, excludes }: Contract,
): Pick<Supergraph, 'supergraph' | 'api'> {
  const filtered = applyTagFilterOnSubgraphs([...subgraphs], { include: new Set(), exclude: new Set(excludes) });
  const { supergraph, api } = composed(name, filtered);
  const document = parse(supergraph);
  const { links, resolveImportName } = extractLinkImplementations(document);
  // Nothing is left out: nothing became unreachable.
  if (!links.some(({ identity }) => identity === INACCESSIBLE)) return { supergraph, api };
  const { supergraphDocumentNode } = addInaccessibleToUnreachableTypes(resolveImportName, {
    supergraphDocumentNode: document,
    publicDocumentNode: parse(api),
  });
  const reachable = print(supergraphDocumentNode);
  return { supergraph: reachable, api: apiOf(reachable) };
}

function composed(contract: string, subgraphs: readonly SubgraphSdl[]): Supergraph {
  try {
    return composeSupergraph(subgraphs);
  } catch (error) {
    if (!(error instanceof CompositionError)) throw error;
    throw new CompositionError(error.reasons.map((reason) => `contract ${contract}: ${reason}`));
  }
}
