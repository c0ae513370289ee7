import { connectMongo, typeIds } from '@shopgraph/kit';
import {
  FakeClock,
  signedClient,
  startPrivacyDesk,
  startTestBus,
  startTestDatabase,
  connectTestRedis,
  testKeys,
} from '@shopgraph/kit/testing';
import { pino } from 'pino';
import { buildOrders } from '../src/app';
import { SandboxProvider } from '../src/payment/sandbox-provider';
import { startFakeInventory } from './fake-inventory';
import { startFakeProducts } from './fake-products';
import { SpoiltPayments } from './spoilt-payments';

/** How long a checkout may stand still before others take it for abandoned; tests advance the clock beyond. */
export const LEASE_MS = 20_000;

/** The world around orders, without orders: an empty database, a bus, products and inventory. */
export async function startWorld() {
  const clock = new FakeClock();
  const database = await startTestDatabase();
  const ownConnection = await connectMongo(database.uri);
  const bus = await startTestBus();
  const products = await startFakeProducts(clock);
  const inventory = await startFakeInventory(clock);
  const users = await startPrivacyDesk(clock);
  const stops: (() => Promise<void>)[] = [];

  /** One more process of orders, on the same database. */
  async function startProcess(overrides: { PAYMENT_TIMEOUT_MS?: number; SERVICE_TIMEOUT_MS?: number } = {}) {
    const connection = await connectMongo(database.uri, { monitorCommands: true });
    const redis = await connectTestRedis();
    const payments = new SpoiltPayments(new SandboxProvider(connection, typeIds));
    const config = {
      SERVICE_VERSION: 'test',
      SIGNING_KEYS: testKeys,
      PRODUCTS_URL: products.url,
      INVENTORY_URL: inventory.url,
      DEFAULT_CURRENCY: 'EUR',
      RESERVATION_TTL_SECONDS: 900,
      DELIVERY_DATA_DAYS: 30,
      USERS_URL: users.url,
      CHECKOUT_LEASE_MS: LEASE_MS,
      // Patient enough for a busy machine, and for a process that is to look dead.
      PAYMENT_TIMEOUT_MS: 20_000,
      SERVICE_TIMEOUT_MS: 20_000,
      ...overrides,
    };
    const logger = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' });
    // Within a process a bus has one consumer of a name: only the first hears of what tests publish.
    const ownBus = stops.length === 0 ? bus : await startTestBus();
    const service = await buildOrders(config, {
      connection,
      bus: ownBus,
      redis,
      clock,
      ids: typeIds,
      logger,
      payments,
    });
    const { origin } = await service.listen({ host: '127.0.0.1', port: 0, operationsPort: 0 });
    stops.push(async () => {
      await service.close();
      redis.disconnect();
      if (ownBus !== bus) await ownBus.close();
      await connection.close();
    });
    return { connection, payments, origin, send: signedClient(origin, testKeys, clock) };
  }

  return {
    clock,
    bus,
    products,
    inventory,
    users,
    startProcess,
    /** The test's own way into the database. */
    collection: (name: string) => ownConnection.collection(name),
    ownConnection: ownConnection,
    async stop(): Promise<void> {
      for (const stop of stops) await stop();
      await products.stop();
      await inventory.stop();
      await users.stop();
      await bus.close();
      await ownConnection.close();
      await database.stop();
    },
  };
}

/** The whole subgraph on a free port, and the world around it. */
export async function startOrders() {
  const world = await startWorld();
  return { ...world, ...(await world.startProcess()), world };
}

export type Orders = Awaited<ReturnType<typeof startOrders>>;
