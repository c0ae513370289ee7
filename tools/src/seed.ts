import { createLogger } from '@shopgraph/kit';
import { seedShop } from './seed-shop';
import { type ServiceName, startShop, type Subgraphs } from './shop';
import { loadShopConfig } from './shop-config';

/** Fills the stores that the environment names with the demo shop; services run on free ports meanwhile. */
async function main(): Promise<void> {
  // What it has to say is one line; the environment can still ask for more.
  const { MONGODB_URI, LOG_LEVEL } = loadShopConfig({ LOG_LEVEL: 'warn', ...process.env });
  if (MONGODB_URI === undefined) {
    throw new Error(
      'npm run seed fills the database that MONGODB_URI names; npm start seeds the embedded one by itself.',
    );
  }
  const ports = { GATEWAY_PORT: '0', USERS_PORT: '0', PRODUCTS_PORT: '0', INVENTORY_PORT: '0', ORDERS_PORT: '0' };
  const environment = { ...process.env, ...ports, PRODUCTS_URL: '', INVENTORY_URL: '', HOST: '127.0.0.1' };
  const prepare = async (subgraphs: Subgraphs): Promise<void> => {
    process.stdout.write(`${await seedShop(subgraphs)} products created\n`);
  };
  const logger = (service: ServiceName) => createLogger({ service, level: LOG_LEVEL });
  const shop = await startShop(environment, { logger, prepare });
  await shop.close();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
