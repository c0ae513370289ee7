import type { DomainError } from '@shopgraph/kit';
import type { Entity, Path } from './entities';

/** One operation for one subgraph. */
export interface SubgraphCall {
  readonly subgraph: string;
  readonly query: string;
  readonly isMutation: boolean;
  /** Whether it must not be answered by a call that began before it. */
  readonly isFresh?: boolean;
  /**
   * Writes the whole request as JSON, for all representations or only for `some`.
   * @throws RangeError when a variable is nested too deeply.
   */
  readonly body: (some?: readonly string[]) => string;
  /** The other variables as they stand in the request. @throws RangeError when one is nested too deeply. */
  readonly variables: () => string;
  /** The entities of which fields are asked, each as JSON; none in a call of root fields. */
  readonly representations: readonly string[];
}

/** An error at its path in the answer of a subgraph. */
export interface SubgraphFault {
  readonly message: string;
  readonly path: Path;
  /** What the client may know of it; otherwise it is masked. */
  readonly shown: DomainError | null;
}

/** Nobody waits for an answer any more: putting one together would be for nothing. */
export class Abandoned extends Error {}

/** What came of a call; the data is null when there is none. */
export interface SubgraphAnswer {
  readonly data: Entity | null;
  readonly errors: readonly SubgraphFault[];
}

/**
 * Calls a subgraph on behalf of a request. A call that fails answers errors.
 * @throws Abandoned when the client has gone.
 */
export type SubgraphCaller<Request> = (call: SubgraphCall, request: Request) => Promise<SubgraphAnswer>;

/** The entities of an answer in the order in which they were asked for; null for more or fewer: nobody knows which. */
export function entitiesIn({ data }: SubgraphAnswer, count: number): readonly unknown[] | null {
  const entities = data?._entities;
  return Array.isArray(entities) && entities.length === count ? entities : null;
}

/** An answer without its entities, though the subgraph has not said so. */
export const NO_ENTITIES: SubgraphFault = {
  path: ['_entities'],
  message: 'the answer does not hold the entities',
  shown: null,
};
