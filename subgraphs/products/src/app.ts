import {
  answerPrivacyRequests,
  buildSubgraph,
  type Clock,
  ensureIndexes,
  type EventBus,
  type IdGenerator,
  type MongoConnection,
  Outbox,
  LiveEvents,
  pingMongo,
  type Redis,
  relayOutbox,
  type Service,
} from '@shopgraph/kit';
import type { Logger } from 'pino';
import type { Config } from './config';
import { createContext, type ProductsContext } from './context';
import { nothingPersonal } from './nothing-personal';
import { announceProducts } from './product/product-changes';
import { ProductService } from './product/product-service';
import { ProductStore } from './product/product-store';
import { productsSchema } from './schema';
import { VariantService } from './variant/variant-service';
import { VariantStore } from './variant/variant-store';

interface Dependencies {
  /** To this subgraph's own database; stays open when the service closes. */
  readonly connection: MongoConnection;
  readonly bus: EventBus;
  /** Carries what is followed live; stays open too. */
  readonly redis: Redis;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly logger: Logger;
}

/** Puts the subgraph together; the caller makes it listen, and closes it. */
export async function buildProducts(
  config: Pick<Config, 'SERVICE_VERSION' | 'SIGNING_KEYS' | 'DEFAULT_CURRENCY' | 'USERS_URL'>,
  { connection, bus, redis, clock, ids, logger }: Dependencies,
): Promise<Service> {
  const products = new ProductStore(connection);
  const variants = new VariantStore(connection);
  const outbox = new Outbox(connection, clock, ids);
  const live = new LiveEvents(redis, logger);
  const announce = announceProducts(live);
  const relay = relayOutbox({ connection, outbox, bus, announce, clock, logger });
  const privacy = answerPrivacyRequests({
    ...{ subgraph: 'products', bus, connection, clock, logger },
    ...{ signingKeys: config.SIGNING_KEYS, usersUrl: config.USERS_URL },
    ...nothingPersonal,
  });
  await ensureIndexes(connection);

  const productService = new ProductService({ connection, products, variants, outbox, clock, ids });
  const variantService = new VariantService({ connection, products, variants, outbox, clock, ids });
  const defaultCurrency = config.DEFAULT_CURRENCY;
  const services = { products, variants, productService, variantService, defaultCurrency, live, clock };

  const service = await buildSubgraph<ProductsContext>({
    name: 'products',
    version: config.SERVICE_VERSION,
    schema: productsSchema(),
    createContext: (call) => createContext(services, call),
    signingKeys: config.SIGNING_KEYS,
    clock,
    logger,
    checks: { mongodb: () => pingMongo(connection) },
    // Without it events wait in the outbox.
    optionalChecks: { bus: () => bus.ping() },
    background: [relay, ...privacy],
  });
  service.operations.addHook('onClose', async () => live.close());
  return service;
}
