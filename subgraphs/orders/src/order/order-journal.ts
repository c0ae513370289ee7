import { actorOf, type Call, type Clock, type Outbox, type Transaction } from '@shopgraph/kit';
import { integrationEventsOf } from './integration-events';
import type { Order } from './order';
import type { OrderEvent } from './order-events';
import type { OrderEraser } from './order-eraser';
import type { OrderStore } from './order-store';

interface Dependencies {
  readonly orders: OrderStore;
  readonly eraser: OrderEraser;
  readonly outbox: Outbox;
  readonly clock: Clock;
}

/** Writes down what commands have done: the commit, the view and what other services learn, all in one transaction. */
export class OrderJournal {
  constructor(private readonly deps: Dependencies) {}

  /** Adds a command's events to an order, or to none for a new one; answers the order after them. */
  async record(
    { orderId, order, events }: { orderId: string; order: Order | null; events: readonly OrderEvent[] },
    call: Call,
    tx: Transaction,
  ): Promise<Order> {
    const { orders, eraser, outbox, clock } = this.deps;
    const version = (order?.version ?? 0) + 1;
    const commit = { orderId, version, events, at: clock.now(), actor: actorOf(call.viewer) };
    const after = await orders.append(order, commit, tx);
    const published = integrationEventsOf(after, events);
    if (published.length > 0) await outbox.append(published, call, tx);
    return after.erasure ? eraser.eraseWithin(after.id, tx) : after;
  }
}
