import { type Clock, inTransaction, type MongoConnection, type Transaction } from '@shopgraph/kit';
import { erasureOf, withoutPerson } from './erasure';
import { fold } from './evolve';
import type { Order } from './order';
import type { OrderStore } from './order-store';

const BATCH_SIZE = 100;

interface Dependencies {
  readonly connection: MongoConnection;
  readonly orders: OrderStore;
  readonly clock: Clock;
  /** How long after its placing an open order says where its goods go. */
  readonly deliveryDataDays: number;
}

/**
 * Takes customers out of their orders, where those are kept for good: in the commits themselves. So no view that is
 * made from them, and no order as it was, brings anybody back.
 */
export class OrderEraser {
  constructor(private readonly deps: Dependencies) {}

  /** Takes the customer out of an order; what it keeps is decided by `erasureOf`. */
  async erase(orderId: string): Promise<void> {
    await inTransaction(this.deps.connection, (tx) => this.eraseWithin(orderId, tx));
  }

  /** As `erase`, as part of a transaction; answers the order as it is since. @throws Error when there is none. */
  async eraseWithin(orderId: string, tx: Transaction): Promise<Order> {
    const { orders, clock, deliveryDataDays } = this.deps;
    const commits = await orders.history(orderId, tx);
    const order = fold(commits);
    if (!order) throw new Error(`Order ${orderId} has no commits`);
    const erasure = erasureOf(order, deliveryDataDays, clock.now());
    return orders.rewrite(
      commits.map((commit) => withoutPerson(commit, erasure)),
      tx,
    );
  }

  /** Takes out where goods go from orders that were not closed in time. */
  async eraseDue(): Promise<void> {
    const { orders, clock } = this.deps;
    for (const id of await orders.idsWithDeliveryUntil(clock.now(), BATCH_SIZE)) await this.erase(id);
  }
}
