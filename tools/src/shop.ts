import { join } from 'node:path';
import { buildGateway, gatewayPermissions, loadConfig as loadGatewayConfig, publishedKeys } from '@shopgraph/gateway';
import { buildInventory, loadConfig as loadInventoryConfig } from '@shopgraph/inventory';
import {
  announcePrivacyRequests,
  type Clock,
  type IdGenerator,
  operationsPortOf,
  type Service,
  systemClock,
  typeIds,
} from '@shopgraph/kit';
import { buildOrders, loadConfig as loadOrdersConfig } from '@shopgraph/orders';
import { buildProducts, loadConfig as loadProductsConfig } from '@shopgraph/products';
import { buildUsers, loadConfig as loadUsersConfig, type UserAdministration } from '@shopgraph/users';
import type { Logger } from 'pino';
import { type Environment, loadShopConfig, type ShopConfig, withSigningKeys } from './shop-config';
import { openShopStores, type ShopStores } from './shop-stores';

const SUPERGRAPH_PATH = join(__dirname, '../../schema/supergraph.graphql');

/** Those that answer what they hold of somebody. */
const SUBGRAPHS = ['users', 'products', 'inventory', 'orders'] as const;

export type ServiceName = 'users' | 'products' | 'inventory' | 'orders' | 'gateway';

interface ShopDependencies {
  /** A logger for each service. */
  readonly logger: (service: ServiceName) => Logger;
  readonly clock?: Clock;
  readonly ids?: IdGenerator;
  /** Where orders runs, when it is not to be started here. */
  readonly elsewhere?: { readonly orders?: string };
  /** Runs when the subgraphs listen, before the gateway does: what clients see at the first answer is complete. */
  readonly prepare?: (subgraphs: Subgraphs) => Promise<void>;
}

/** What one needs to fill a shop. */
export type Subgraphs = Pick<Shop, 'config' | 'origins' | 'userAdministration'>;

/** Gateway and subgraphs of one shop, all in this process. */
export interface Shop {
  readonly config: ShopConfig;
  readonly stores: ShopStores;
  /** Where each service listens, such as `http://127.0.0.1:4000`. */
  readonly origins: Readonly<Record<ServiceName, string>>;
  /** Where each service shows health and metrics. */
  readonly operationsOrigins: Readonly<Record<ServiceName, string>>;
  /** Those that run in this process. */
  readonly services: Partial<Readonly<Record<ServiceName, Service>>>;
  /** What those who run the shop do with its users. */
  readonly userAdministration: UserAdministration;
  close(): Promise<void>;
}

/**
 * Starts every service of a shop in this process, on the stores that the environment names, otherwise on embedded
 * ones that they share.
 * @throws ConfigError; Error when a store cannot be reached or a port is taken.
 */
export async function startShop(given: Environment, deps: ShopDependencies): Promise<Shop> {
  const { clock = systemClock, ids = typeIds, logger, prepare } = deps;
  const elsewhere: Partial<Record<ServiceName, string>> = deps.elsewhere ?? {};
  const environment = withSigningKeys(given);
  const config = loadShopConfig(environment);
  const stores = await openShopStores(config, logger);
  const { redis, bus } = stores;
  const services: Partial<Record<ServiceName, Service>> = {};
  const origins: Partial<Record<ServiceName, string>> = {};
  const operationsOrigins: Partial<Record<ServiceName, string>> = {};

  async function build<Built extends Service>(name: ServiceName, building: Promise<Built>): Promise<Built> {
    const service = await building;
    services[name] = service;
    return service;
  }

  async function listen(name: ServiceName, port: number): Promise<string> {
    const service = services[name];
    const listening = await service?.listen({ host: config.HOST, port, operationsPort: operationsPortOf(port) });
    operationsOrigins[name] = reachable(listening?.operationsOrigin ?? '');
    return (origins[name] = elsewhere[name] ?? reachable(listening?.origin ?? ''));
  }

  async function close(): Promise<void> {
    // The gateway first, and each subgraph before those that it calls.
    for (const service of Object.values(services).reverse()) await service.close();
    await stores.close();
  }

  try {
    const common = async (name: ServiceName) => ({
      connection: await stores.connect(name),
      redis,
      bus,
      clock,
      ids,
      logger: logger(name),
    });
    const publicUrl = `http://localhost:${config.GATEWAY_PORT}`;
    const usersConfig = loadUsersConfig({ PUBLIC_URL: publicUrl, ...environment });
    const users = await build('users', buildUsers(usersConfig, await common('users')));
    // Before anybody listens: from here on events of users wait for those that are yet to be built.
    for (const name of SUBGRAPHS) if (elsewhere[name] === undefined) await announcePrivacyRequests(bus, name);
    const usersUrl = await listen('users', config.USERS_PORT);
    const known = { ...environment, USERS_URL: `${usersUrl}/graphql` };
    await build('products', buildProducts(loadProductsConfig(known), await common('products')));
    // Before products and orders listen, for the same reason, also for events of an earlier run.
    await build('inventory', buildInventory(loadInventoryConfig(known), await common('inventory')));
    const productsUrl = await listen('products', config.PRODUCTS_PORT);
    const inventoryUrl = await listen('inventory', config.INVENTORY_PORT);
    if (elsewhere.orders === undefined) {
      const siblings = { PRODUCTS_URL: `${productsUrl}/graphql`, INVENTORY_URL: `${inventoryUrl}/graphql` };
      const ordersConfig = loadOrdersConfig({ ...known, ...siblings });
      await build('orders', buildOrders(ordersConfig, await common('orders')));
    }
    const ordersUrl = await listen('orders', config.ORDERS_PORT);

    const subgraphs = { users: usersUrl, products: productsUrl, inventory: inventoryUrl, orders: ordersUrl };
    const { administration: userAdministration } = users;
    await prepare?.({ config, origins: origins as Record<ServiceName, string>, userAdministration });

    const gatewayConfig = loadGatewayConfig({
      SUPERGRAPH_PATH,
      ...environment,
      SUBGRAPH_URLS: Object.entries(subgraphs)
        .map(([name, origin]) => `${name}=${origin}/graphql`)
        .join(','),
      JWKS_URL: `${usersUrl}/.well-known/jwks.json`,
      JWT_ISSUER: usersConfig.JWT_ISSUER,
      JWT_AUDIENCE: usersConfig.JWT_AUDIENCE,
    });
    const gatewayLogger = logger('gateway');
    const { JWKS_URL: url, JWKS_COOLDOWN_MS: cooldownMs } = gatewayConfig;
    const keys = publishedKeys({ url, cooldownMs, clock, logger: gatewayLogger });
    const gatewayDeps = { redis, bus, keys, permissions: gatewayPermissions, clock, logger: gatewayLogger };
    await build('gateway', buildGateway(gatewayConfig, gatewayDeps));
    await listen('gateway', config.GATEWAY_PORT);

    return {
      config,
      stores,
      origins: origins as Record<ServiceName, string>,
      operationsOrigins: operationsOrigins as Record<ServiceName, string>,
      services,
      userAdministration,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** An address to connect to: one cannot connect to "every interface". */
function reachable(origin: string): string {
  return origin.replace('0.0.0.0', '127.0.0.1').replace('[::]', '127.0.0.1');
}
