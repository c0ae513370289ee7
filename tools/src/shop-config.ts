import { randomBytes } from 'node:crypto';
import { loadConfig as loadGatewayConfig } from '@shopgraph/gateway';
import { loadConfig as loadInventoryConfig } from '@shopgraph/inventory';
import {
  busGroup,
  ConfigError,
  mongoGroup,
  parseConfig,
  portOf,
  processGroup,
  redisGroup,
  signingGroup,
} from '@shopgraph/kit';
import { loadConfig as loadOrdersConfig } from '@shopgraph/orders';
import { loadConfig as loadProductsConfig } from '@shopgraph/products';
import { loadConfig as loadUsersConfig } from '@shopgraph/users';
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

const LOADERS = [loadUsersConfig, loadProductsConfig, loadInventoryConfig, loadOrdersConfig, loadGatewayConfig];

/**
 * The configuration of a whole shop in one process. Nobody outside the process needs its signing keys, so they
 * are made up where none are given.
 * @throws ConfigError with every problem that any service has, before one of them starts.
 */
export function loadShopConfig(environment: Environment): ShopConfig {
  const given = withSigningKeys(environment);
  const problems = LOADERS.flatMap((load) => problemsOf(() => load(given)));
  if (problems.length > 0) throw new ConfigError([...new Set(problems)]);
  return parseConfig(shopConfigSchema, given);
}

function problemsOf(load: () => unknown): readonly string[] {
  try {
    load();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** The environment with keys in it. */
export function withSigningKeys(environment: Environment): Environment {
  if (environment.SIGNING_KEYS?.trim()) return environment;
  return { ...environment, SIGNING_KEYS: `local:${randomBytes(32).toString('hex')}` };
}
