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

export const configSchema = z.object({
  ...processGroup.shape,
  ...mongoGroup.shape,
  ...busGroup.shape,
  ...redisGroup.shape,
  ...signingGroup.shape,
  ...privacyGroup.shape,
  PRODUCTS_PORT: portOf(4002),
  DEFAULT_CURRENCY: z
    .string()
    .refine(isCurrency, 'expected a currency of ISO 4217')
    .default('EUR')
    .describe('The currency (ISO 4217) of prices that are asked for without one.'),
});

export type Config = z.infer<typeof configSchema>;

/**
 * Reads the configuration from the environment.
 * @throws ConfigError whose message lists every problem at once.
 */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  return parseConfig(configSchema, environment);
}
