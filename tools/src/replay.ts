import { createLogger, openStores } from '@shopgraph/kit';
import { loadConfig, rebuildOrderViews } from '@shopgraph/orders';
import { withSigningKeys } from './shop-config';

/** Makes the read models of orders again from their events, in the database that MONGODB_URI names. */
async function main(): Promise<void> {
  const config = loadConfig(withSigningKeys(process.env));
  if (config.MONGODB_URI === undefined) throw new Error('npm run replay works on the database that MONGODB_URI names.');
  const stores = await openStores(config, {
    service: 'orders',
    logger: createLogger({ service: 'orders', level: config.LOG_LEVEL }),
  });
  try {
    process.stdout.write(`${await rebuildOrderViews(stores.connection)} orders rebuilt\n`);
  } finally {
    await stores.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
