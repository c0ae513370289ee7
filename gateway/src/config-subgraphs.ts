import { z } from 'zod';
import { count, countOrNone, milliseconds, subgraphTimeoutsSchema, subgraphUrlsSchema } from './config-values';

/** Where subgraphs are, what they may take, and how operations on them are planned. */
export const subgraphsGroup = z.object({
  SUBGRAPH_URLS: subgraphUrlsSchema
    .default(new Map())
    .describe(
      'Addresses of subgraphs that differ from those in the supergraph, `users=http://…,orders=http://…|http://…`; those of several replicas are separated by `|`.',
    ),
  SUBGRAPH_CONNECTIONS: count.default(64).describe('Connections to one address of a subgraph at the most.'),
  MAX_SUBGRAPH_ANSWER_BYTES: count
    .default(32 * 1024 * 1024)
    .describe("Size of a subgraph's answer at the most: a larger one is a failure of that subgraph."),
  SUBGRAPH_TIMEOUT_MS: milliseconds
    .default(3_000)
    .describe('Milliseconds that one query to a subgraph may take; mutations may take as long as the request.'),
  SUBGRAPH_TIMEOUTS: subgraphTimeoutsSchema
    .default(new Map())
    .describe('Other values of `SUBGRAPH_TIMEOUT_MS` for single subgraphs, `orders=5000`.'),
  OPERATION_CACHE_MIB: count
    .default(64)
    .describe('Memory, about, for operations that are planned and compiled, in MiB: those used last are kept.'),
  MAX_PLAN_PATHS: count
    .default(1_000)
    .describe(
      'Ways to a field through subgraphs that planning considers at the most: with more, an operation is refused.',
    ),
  MAX_PLANS: count
    .default(1_000)
    .describe('Plans for an operation that are compared at the most: with more, the best of some is taken.'),
});

/** How calls of subgraphs are held back, repeated and shared. */
export const resilienceGroup = z.object({
  SUBGRAPH_CONCURRENT_CALLS: count.default(256).describe('Calls to one subgraph under way at the most.'),
  SUBGRAPH_WAITING_CALLS: countOrNone
    .default(1_024)
    .describe('Calls to one subgraph that may wait for one of those to end; further ones are UNAVAILABLE at once.'),
  SUBGRAPH_CIRCUIT_FAILURES: count
    .default(10)
    .describe('Failures in a row after which a subgraph is not called any more (open circuit).'),
  SUBGRAPH_CIRCUIT_OPEN_MS: milliseconds
    .default(2_000)
    .describe('Milliseconds before one call may try again whether the subgraph is back.'),
  SUBGRAPH_RETRIES: countOrNone
    .default(2)
    .describe('Repetitions of a query that was not answered, if the time of its call allows them; 0 for none.'),
  SUBGRAPH_RETRY_DELAY_MS: milliseconds
    .default(50)
    .describe('Milliseconds before the first repetition at the most; twice as many before each further one.'),
  SUBGRAPH_RETRY_BUDGET_PERCENT: countOrNone
    .max(100)
    .default(20)
    .describe('Repetitions per hundred queries to a subgraph, over many queries.'),
  SUBGRAPH_EJECTION_FAILURES: count
    .default(5)
    .describe('Failures in a row after which a replica is not called for a while, as long as there is another.'),
  SUBGRAPH_EJECTION_MS: milliseconds
    .default(10_000)
    .describe('Milliseconds of the first such while; each further one is longer by as much, up to ten times.'),
  SUBGRAPH_SINGLE_FLIGHT: z
    .enum(['on', 'off'])
    .default('on')
    .describe('Whether queries under way that are alike, of the same viewer, share one call to the subgraph.'),
});

/** What of the environment says how calls to subgraphs are held back, repeated and shared. */
export type ResilienceConfig = z.output<typeof resilienceGroup>;
