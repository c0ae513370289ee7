import {
  busGroup,
  isCurrency,
  mongoGroup,
  parseConfig,
  portOf,
  privacyGroup,
  processGroup,
  redisGroup,
  signingGroup,
} from '@shopgraph/kit';
import { z } from 'zod';

const milliseconds = z.coerce.number().int().positive();
const DAY_SECONDS = 24 * 60 * 60;

/** Everything that can be set about the orders subgraph. */
export const configSchema = z.object({
  ...processGroup.shape,
  ...mongoGroup.shape,
  ...busGroup.shape,
  ...redisGroup.shape,
  ...signingGroup.shape,
  ...privacyGroup.shape,
  ORDERS_PORT: portOf(4004),
  PRODUCTS_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:4002/graphql')
    .describe('Where the products subgraph is asked for prices.'),
  INVENTORY_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:4003/graphql')
    .describe('Where the inventory subgraph is asked for stock.'),
  DEFAULT_CURRENCY: z
    .string()
    .refine(isCurrency, 'expected a currency of ISO 4217')
    .default('EUR')
    .describe('The currency (ISO 4217) of prices that are asked for without one.'),
  DELIVERY_DATA_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(365)
    .default(30)
    .describe(
      'Days after its placing that an order which was not closed still says where its goods go, when its customer was erased; 0 for not at all.',
    ),
  RESERVATION_TTL_SECONDS: z.coerce
    .number()
    .int()
    .positive()
    .max(DAY_SECONDS)
    .default(900)
    .describe('Seconds that stock is held for a checkout at the longest.'),
  CHECKOUT_LEASE_MS: milliseconds
    .default(15_000)
    .describe('Milliseconds without progress after which a checkout counts as abandoned and is undone.'),
  PAYMENT_TIMEOUT_MS: milliseconds
    .default(5_000)
    .describe('Milliseconds that the payment provider has for one answer.'),
  SERVICE_TIMEOUT_MS: milliseconds
    .default(5_000)
    .describe('Milliseconds that products and inventory have for one answer; they are asked up to three times.'),
});

export type Config = z.output<typeof configSchema>;

/**
 * Reads the configuration from the environment.
 * @throws ConfigError whose message lists every problem at once.
 */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  return parseConfig(configSchema, environment);
}
