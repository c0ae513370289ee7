import {
  answerPrivacyRequests,
  buildSubgraph,
  type Clock,
  ensureIndexes,
  type EventBus,
  everyInterval,
  type IdGenerator,
  type MongoConnection,
  LiveEvents,
  pingMongo,
  type Redis,
  relayOutbox,
  type Service,
} from '@shopgraph/kit';
import type { Logger } from 'pino';
import { createContext, type OrdersContext } from './context';
import { announceOrders } from './order/order-changes';
import type { PaymentProvider } from './payment/payment-provider';
import { ordersSchema } from './schema';
import { createServices, type ServiceSettings } from './services';

/** How often is looked for checkouts whose worker is gone, and for payments that are still to be voided. */
const SWEEP_MS = 1_000;
const HOUR_MS = 3_600_000;

interface Dependencies {
  /** To this subgraph's own database; stays open when the service closes, as the bus does. */
  readonly connection: MongoConnection;
  readonly bus: EventBus;
  /** Carries what is followed live; stays open too. */
  readonly redis: Redis;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly logger: Logger;
  /** Who moves the money; the sandbox when left out. */
  readonly payments?: PaymentProvider;
}

/** Puts the subgraph together; the caller makes it listen, and closes it. */
export async function buildOrders(config: ServiceSettings, deps: Dependencies): Promise<Service> {
  const { connection, bus, redis, clock, logger } = deps;
  const live = new LiveEvents(redis, logger);
  const services = createServices(config, deps);
  const { outbox, orders, numbers, undo, voids, eraser, customerData } = services;

  const resume = () => undo.resumeAbandoned();
  const voidPayments = () => voids.settleAll();
  const forgetDeliveries = () => eraser.eraseDue();
  const background = [
    relayOutbox({ connection, outbox, bus, announce: announceOrders(live, orders), clock, logger }),
    ...answerPrivacyRequests({
      ...{ subgraph: 'orders', bus, connection, clock, logger },
      ...{ signingKeys: config.SIGNING_KEYS, usersUrl: config.USERS_URL },
      exportOf: (userId) => customerData.exportOf(userId),
      erase: (userId) => customerData.erase(userId),
    }),
    everyInterval({ name: 'delivery-data', intervalMs: HOUR_MS, run: forgetDeliveries, logger }),
    everyInterval({ name: 'checkout-recovery', intervalMs: SWEEP_MS, run: resume, logger }),
    everyInterval({ name: 'payment-voids', intervalMs: SWEEP_MS, run: voidPayments, logger }),
  ];

  await ensureIndexes(connection);
  await numbers.prepare();
  const service = await buildSubgraph<OrdersContext>({
    name: 'orders',
    version: config.SERVICE_VERSION,
    schema: ordersSchema(),
    createContext: (call) => createContext({ ...services, live }, call),
    signingKeys: config.SIGNING_KEYS,
    clock,
    logger,
    checks: { mongodb: () => pingMongo(connection) },
    // Without it events wait in the outbox.
    optionalChecks: { bus: () => bus.ping() },
    background,
  });
  // Last of all, because the background work still needs them when requests have ended.
  service.operations.addHook('onClose', () => services.closeClients());
  service.operations.addHook('onClose', async () => live.close());
  return service;
}
