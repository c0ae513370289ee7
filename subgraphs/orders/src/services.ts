import {
  type Clock,
  createServiceClient,
  Idempotency,
  type IdGenerator,
  type MongoConnection,
  Outbox,
} from '@shopgraph/kit';
import type { Logger } from 'pino';
import { CartService } from './cart/cart-service';
import { CartStore } from './cart/cart-store';
import { ProductsCatalog } from './catalog/products-catalog';
import { CheckoutRun } from './checkout/checkout-run';
import { CheckoutService } from './checkout/checkout-service';
import { EarlierCheckouts } from './checkout/earlier-checkouts';
import { OrderPlacement } from './checkout/order-placement';
import { SagaStore } from './checkout/saga-store';
import { SagaUndo } from './checkout/saga-undo';
import type { Config } from './config';
import { OrderEraser } from './order/order-eraser';
import { OrderJournal } from './order/order-journal';
import { OrderNumbers } from './order/order-numbers';
import { OrderService } from './order/order-service';
import { OrderStore } from './order/order-store';
import type { PaymentProvider } from './payment/payment-provider';
import { PaymentVoids } from './payment/payment-voids';
import { SandboxProvider } from './payment/sandbox-provider';
import { CustomerData } from './privacy/customer-data';
import { InventoryStock } from './stock/inventory-stock';

/** The settings that the services themselves need. */
export type ServiceSettings = Pick<
  Config,
  | 'SERVICE_VERSION'
  | 'SIGNING_KEYS'
  | 'PRODUCTS_URL'
  | 'INVENTORY_URL'
  | 'DEFAULT_CURRENCY'
  | 'RESERVATION_TTL_SECONDS'
  | 'CHECKOUT_LEASE_MS'
  | 'PAYMENT_TIMEOUT_MS'
  | 'SERVICE_TIMEOUT_MS'
  | 'DELIVERY_DATA_DAYS'
  | 'USERS_URL'
>;

interface Dependencies {
  readonly connection: MongoConnection;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly logger: Logger;
  /** Who moves the money; the sandbox when left out. */
  readonly payments?: PaymentProvider;
}

export type Services = ReturnType<typeof createServices>;

/** Makes the stores, the ways to other services, and the services that use them. */
export function createServices(config: ServiceSettings, deps: Dependencies) {
  const { connection, clock, ids, logger } = deps;
  const clients = createClients(config, deps);
  const stores = {
    carts: new CartStore(connection),
    orders: new OrderStore(connection),
    sagas: new SagaStore(connection),
    numbers: new OrderNumbers(connection),
    idempotency: new Idempotency(connection, clock),
    outbox: new Outbox(connection, clock, ids),
  };
  const others = {
    catalog: new ProductsCatalog(clients.products),
    stock: new InventoryStock(clients.inventory),
    payments: deps.payments ?? new SandboxProvider(connection, ids),
  };
  const settings = {
    defaultCurrency: config.DEFAULT_CURRENCY,
    reservationTtlSeconds: config.RESERVATION_TTL_SECONDS,
    leaseMs: config.CHECKOUT_LEASE_MS,
    paymentTimeoutMs: config.PAYMENT_TIMEOUT_MS,
    deliveryDataDays: config.DELIVERY_DATA_DAYS,
  };
  const all = { connection, clock, ids, logger, ...stores, ...others, ...settings };

  const eraser = new OrderEraser(all);
  const journal = new OrderJournal({ ...all, eraser });
  const voids = new PaymentVoids({ ...all, journal });
  const undo = new SagaUndo(all);
  const placement = new OrderPlacement({ ...all, journal });
  const cartService = new CartService(all);
  const earlier = new EarlierCheckouts({ ...all, undo });
  const run = new CheckoutRun({ ...all, undo, placement });
  return {
    clock,
    ...stores,
    voids,
    undo,
    eraser,
    customerData: new CustomerData({ ...all, eraser }),
    cartService,
    checkoutService: new CheckoutService({ ...all, cartService, earlier, run }),
    orderService: new OrderService({ ...all, journal, voids }),
    async closeClients(): Promise<void> {
      await Promise.all([clients.products.close(), clients.inventory.close()]);
    },
  };
}

function createClients(config: ServiceSettings, { clock, logger }: Dependencies) {
  const shared = {
    from: 'orders',
    signingKeys: config.SIGNING_KEYS,
    clock,
    logger,
    timeoutMs: config.SERVICE_TIMEOUT_MS,
  };
  return {
    products: createServiceClient({ ...shared, to: 'products', url: config.PRODUCTS_URL }),
    inventory: createServiceClient({ ...shared, to: 'inventory', url: config.INVENTORY_URL }),
  };
}
