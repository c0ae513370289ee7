import { z } from 'zod';
import { budgetSchema, count, milliseconds, rateSchema } from './config-values';

/** How much and how often anybody may ask. */
export const limitsGroup = z.object({
  RATE_LIMITS: z
    .enum(['on', 'off'])
    .default('on')
    .describe('`off` switches off every limit on how often something is asked, for load tests; not in production.'),
  RATE_LIMIT_ANONYMOUS: rateSchema
    .optional()
    .describe('Requests per address, count/seconds: 100/900 in production, ten times that in development.'),
  RATE_LIMIT_USER: rateSchema
    .optional()
    .describe(
      'Requests per signed-in user, count/seconds: where costs are enforced not counted unless given, otherwise 1000/900 in production, ten times that in development.',
    ),
  RATE_LIMIT_API_KEY: rateSchema
    .optional()
    .describe(
      'Requests per API key, count/seconds: where costs are enforced not counted unless given, otherwise 1000/900 in production, ten times that in development.',
    ),
  MAX_BODY_BYTES: count.default(256 * 1024).describe('Size of a request body at the most.'),
  MAX_BATCH_SIZE: count.default(1).describe('Operations in one request at the most; with 1, batches are refused.'),
  MAX_TOKENS: count.default(5_000).describe('Tokens of a GraphQL document at the most.'),
  MAX_DEPTH: count.default(15).describe('Levels of an operation at the most.'),
  MAX_ALIASES: count.default(100).describe('Aliases in an operation at the most.'),
  MAX_ROOT_FIELDS: count.default(100).describe('Root fields of an operation at the most.'),
  MAX_DIRECTIVES: count.default(50).describe('Directives in an operation at the most.'),
});

/** What operations may cost. */
export const demandGroup = z.object({
  DEMAND_CONTROL: z
    .enum(['off', 'measure', 'enforce'])
    .optional()
    .describe(
      'Whether operations are not weighed, weighed and counted, or refused for their cost: `enforce` in production, otherwise `measure`, unless given.',
    ),
  MAX_OPERATION_COST: count.default(10_000).describe('Cost of one operation at the most, whoever asks.'),
  COST_LIST_SIZE: count.default(10).describe('Items that a list counts for of which the schema says nothing.'),
  COST_BUDGET_ANONYMOUS: budgetSchema
    .default({ size: 20_000, restoreRate: 100 })
    .describe('Cost that one address may spend at once and gets back every second, size/rate: 20000/100 unless given.'),
  COST_BUDGET_USER: budgetSchema
    .default({ size: 20_000, restoreRate: 200 })
    .describe(
      'Cost that a signed-in user may spend at once and gets back every second, size/rate: 20000/200 unless given.',
    ),
  COST_BUDGET_API_KEY: budgetSchema
    .default({ size: 50_000, restoreRate: 500 })
    .describe('Cost that an API key may spend at once and gets back every second, size/rate: 50000/500 unless given.'),
});

/** How many subscriptions there may be, and how they are watched. */
export const subscriptionsGroup = z.object({
  MAX_SUBSCRIPTIONS: count
    .default(10_000)
    .describe('Subscriptions that are open on one gateway at the most; as many WebSockets.'),
  MAX_SUBSCRIPTIONS_PER_USER: count
    .default(50)
    .describe('Subscriptions of one user, or API key, that are open on one gateway at the most.'),
  MAX_SUBSCRIPTIONS_PER_ADDRESS: count
    .default(20)
    .describe('Subscriptions of nobody known that one address has open on one gateway at the most.'),
  MAX_SOCKETS_PER_ADDRESS: count
    .default(100)
    .describe('WebSockets that one address has open on one gateway at the most, whoever uses them.'),
  SUBSCRIPTION_QUEUE: count
    .default(64)
    .describe('Events of one subscription that wait for a slow client; with one more the subscription ends.'),
  SUBSCRIPTION_CHECK_MS: milliseconds
    .default(10_000)
    .describe(
      'Milliseconds between two looks whether who subscribes is still signed in; every event is looked at, too.',
    ),
  SUBSCRIPTION_RECONNECT_MS: milliseconds
    .default(60_000)
    .describe('Milliseconds for which events are sought again after their subgraph has broken off.'),
  SUBSCRIPTION_KEEP_ALIVE_MS: milliseconds
    .default(12_000)
    .describe(
      'Milliseconds between two signs of life on a subscription; a WebSocket that does not answer one is closed.',
    ),
  SOCKET_INIT_TIMEOUT_MS: milliseconds
    .default(3_000)
    .describe('Milliseconds that a new WebSocket has to say who it is (`connection_init`).'),
});
