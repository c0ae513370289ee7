import {
  actorOf,
  type Call,
  type Connection,
  DomainError,
  type Idempotency,
  inTransaction,
  type MongoConnection,
  ok,
  refuse,
  type Result,
} from '@shopgraph/kit';
import type { PaymentVoids } from '../payment/payment-voids';
import { decide, type OrderCommand, type OrderProblem } from './decide';
import type { Order } from './order';
import { mayCancelOrder, mayReadOrder } from './order-access';
import type { OrderJournal } from './order-journal';
import type { OrderListing, OrderStore } from './order-store';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly orders: OrderStore;
  readonly journal: OrderJournal;
  readonly voids: PaymentVoids;
  readonly idempotency: Idempotency;
}

interface CancelOrder extends Omit<Extract<OrderCommand, { type: 'cancel' }>, 'type'> {
  readonly orderId: string;
  readonly idempotencyKey: string;
}

/** What can be done with an order once it is placed. */
export class OrderService {
  constructor(private readonly deps: Dependencies) {}

  /** One page of orders; the caller decides whose may be listed. */
  list(listing: OrderListing): Promise<Connection<Order>> {
    return this.deps.orders.list(listing);
  }

  /** The order as it was at a version; null when there is none for this viewer, or it had no such version. */
  async asOf(id: string, version: number, { viewer }: Call): Promise<Order | null> {
    const order = await this.deps.orders.load(id, { version });
    return order?.version === version && mayReadOrder(order, viewer) ? order : null;
  }

  /**
   * Cancels an order: its stock goes back, its payment is let go.
   * @throws DomainError FORBIDDEN for staff that may see but not cancel it, IDEMPOTENCY_KEY_MISMATCH.
   */
  async cancel({ orderId, idempotencyKey, ...wish }: CancelOrder, call: Call): Promise<Result<Order, OrderProblem>> {
    const { connection, orders, voids, idempotency, journal } = this.deps;
    const request = {
      scope: `orderCancel:${actorOf(call.viewer)}`,
      key: idempotencyKey,
      payload: { orderId, ...wish },
    };

    const cancelled = await inTransaction(connection, async (tx): Promise<Result<{ id: string }, OrderProblem>> => {
      const order = await orders.load(orderId, { tx });
      if (!order || !this.isVisible(order, call)) return refuse({ kind: 'unknown-order' });
      if (!mayCancelOrder(order, call.viewer)) throw new DomainError('FORBIDDEN');
      return idempotency.once(request, tx, async () => {
        const decision = decide({ type: 'cancel', ...wish }, order);
        if (!decision.ok) return decision;
        const { id } = await journal.record({ orderId, order, events: decision.value }, call, tx);
        return ok({ id });
      });
    });
    if (!cancelled.ok) return cancelled;

    const order = await this.get(orderId);
    if (order.paymentStatus !== 'VOIDING') return ok(order);
    await voids.settle(order);
    return ok(await this.get(orderId));
  }

  private isVisible(order: Order, { viewer }: Call): boolean {
    return mayReadOrder(order, viewer) || mayCancelOrder(order, viewer);
  }

  private async get(id: string): Promise<Order> {
    const order = await this.deps.orders.load(id);
    if (!order) throw new Error(`Order ${id} has no commits`);
    return order;
  }
}
