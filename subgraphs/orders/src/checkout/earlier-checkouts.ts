import { setTimeout as pause } from 'node:timers/promises';
import { type Call, type Clock, DomainError } from '@shopgraph/kit';
import type { Order } from '../order/order';
import type { OrderStore } from '../order/order-store';
import type { SagaStore } from './saga-store';
import type { SagaUndo } from './saga-undo';

const POLL_MS = 50;
/** How long a repetition waits for the first, where its caller sets no earlier deadline. */
const LONGEST_WAIT_MS = 5_000;
/** What is left of the deadline for the answer itself. */
const ANSWER_MS = 200;

/** Until when a request can wait, in milliseconds of `performance.now()`. */
export interface Patience {
  readonly until: number;
}

interface Dependencies {
  readonly sagas: SagaStore;
  readonly orders: OrderStore;
  readonly undo: SagaUndo;
  readonly clock: Clock;
}

/** Finds what an intention has led to already, when it comes again. */
export class EarlierCheckouts {
  constructor(private readonly deps: Dependencies) {}

  /** Until when this call can wait for another. */
  patienceFor({ deadline }: Call): Patience {
    const left = deadline ? deadline.getTime() - this.deps.clock.now().getTime() - ANSWER_MS : LONGEST_WAIT_MS;
    return { until: performance.now() + Math.min(LONGEST_WAIT_MS, left) };
  }

  /**
   * The order that an intention has made; null when it has made none and nobody is at it. Waits for one who is, and
   * undoes what one has left behind who is gone.
   * @throws DomainError IDEMPOTENCY_KEY_MISMATCH, or IDEMPOTENCY_IN_PROGRESS when `patience` is at its end.
   */
  async orderOf(intention: string, payloadHash: string, patience: Patience): Promise<Order | null> {
    const { sagas, undo } = this.deps;
    for (;;) {
      const saga = await sagas.activeOf(intention);
      if (!saga) return null;
      if (saga.payloadHash !== payloadHash) throw new DomainError('IDEMPOTENCY_KEY_MISMATCH');
      if (saga.step === 'COMPLETED') return this.orderFrom(saga.orderId);
      if (await undo.undoIfAbandoned(saga)) continue;
      if (performance.now() >= patience.until) throw new DomainError('IDEMPOTENCY_IN_PROGRESS', { retryAfter: 1 });
      await pause(POLL_MS);
    }
  }

  private async orderFrom(orderId: string): Promise<Order> {
    const order = await this.deps.orders.load(orderId);
    if (!order) throw new Error(`Order ${orderId} has no commits`);
    return order;
  }
}
