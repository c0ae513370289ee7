import { randomBytes } from 'node:crypto';
import { busGroup, mongoGroup, parseConfig, portOf, processGroup, redisGroup, signingGroup } from '@shopgraph/kit';
import { z } from 'zod';

export const shopConfigSchema = z.object({
  ...processGroup.shape,
  ...mongoGroup.shape,
  ...redisGroup.shape,
  ...busGroup.shape,
  ...signingGroup.shape,
  GATEWAY_PORT: portOf(4000),
  USERS_PORT: portOf(4001),
  PRODUCTS_PORT: portOf(4002),
  INVENTORY_PORT: portOf(4003),
  ORDERS_PORT: portOf(4004),
});

export type ShopConfig = z.output<typeof shopConfigSchema>;

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The configuration of a whole shop in one process. Nobody outside the process needs its signing keys, so they
 * are made up where none are given.
 * @throws ConfigError with every problem.
 */
export function loadShopConfig(environment: Environment): ShopConfig {
  return parseConfig(shopConfigSchema, withSigningKeys(environment));
}

/** The environment with keys in it. */
export function withSigningKeys(environment: Environment): Environment {
  return { ...environment, SIGNING_KEYS: environment.SIGNING_KEYS ?? `local:${randomBytes(32).toString('hex')}` };
}
