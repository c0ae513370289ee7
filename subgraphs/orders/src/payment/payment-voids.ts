import { inTransaction, type MongoConnection, serviceCall } from '@shopgraph/kit';
import type { Logger } from 'pino';
import { decide } from '../order/decide';
import type { OrderJournal } from '../order/order-journal';
import type { OrderStore } from '../order/order-store';
import type { PaymentProvider } from './payment-provider';
import { within } from './within';

const BATCH_SIZE = 50;

interface Dependencies {
  readonly connection: MongoConnection;
  readonly orders: OrderStore;
  readonly journal: OrderJournal;
  readonly payments: PaymentProvider;
  readonly logger: Logger;
  /** Milliseconds that the provider has for one answer. */
  readonly paymentTimeoutMs: number;
}

/**
 * Voids the payments of cancelled orders. The order itself says that it is to be done (VOIDING), so that nothing is
 * forgotten in a crash; doing it twice does no harm.
 */
export class PaymentVoids {
  constructor(private readonly deps: Dependencies) {}

  /** Voids one order's payment now if that can be done; what cannot is logged and tried again by `settleAll`. */
  async settle({ id, paymentKey }: { readonly id: string; readonly paymentKey: string }): Promise<void> {
    const { payments, paymentTimeoutMs, logger } = this.deps;
    try {
      await within(paymentTimeoutMs, payments.void(paymentKey));
      await this.confirm(id);
    } catch (err) {
      logger.warn({ err, orderId: id }, 'payment could not be voided: trying again');
    }
  }

  /** Voids what is left over. */
  async settleAll(): Promise<void> {
    for (const order of await this.deps.orders.awaitingVoid(BATCH_SIZE)) await this.settle(order);
  }

  private async confirm(orderId: string): Promise<void> {
    const { connection, orders, journal } = this.deps;
    await inTransaction(connection, async (tx) => {
      const order = await orders.load(orderId, { tx });
      const decision = decide({ type: 'confirm-void' }, order);
      if (!decision.ok || decision.value.length === 0) return;
      await journal.record({ orderId, order, events: decision.value }, serviceCall('orders'), tx);
    });
  }
}
