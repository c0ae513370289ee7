import { type Call, type Clock, serviceCall } from '@shopgraph/kit';
import type { Logger } from 'pino';
import type { PaymentProvider } from '../payment/payment-provider';
import { within } from '../payment/within';
import type { Stock } from '../stock/stock';
import { advance, type CheckoutSaga, isAbandoned } from './checkout-saga';
import { SagaLost, type SagaStore } from './saga-store';

const BATCH_SIZE = 20;

interface Dependencies {
  readonly sagas: SagaStore;
  readonly stock: Stock;
  readonly payments: PaymentProvider;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds that one step may take. */
  readonly leaseMs: number;
  readonly paymentTimeoutMs: number;
}

/**
 * Takes back what a checkout that made no order may hold: stock and money. Every part can be done twice, and what
 * cannot be done now is done later by `resumeAbandoned`, in whichever process.
 */
export class SagaUndo {
  constructor(private readonly deps: Dependencies) {}

  /**
   * Undoes a saga, as far as that can be done now.
   * @throws SagaLost when it is not as it was: completed, or in the hands of another.
   */
  async undo(saga: CheckoutSaga): Promise<void> {
    const { sagas, logger } = this.deps;
    // Saved before anything is taken back: from here on nobody can complete it.
    const abandoned = await sagas.save(advance(saga, { type: 'abandoned' }, this.time()));
    try {
      await this.takeBack(abandoned);
      await sagas.save(advance(abandoned, { type: 'undone' }, this.time()));
    } catch (err) {
      if (err instanceof SagaLost) throw err;
      logger.warn({ err, checkoutId: saga.id }, 'checkout could not be undone: trying again');
      await sagas.save(advance(abandoned, { type: 'undo-failed' }, this.time()));
    }
  }

  /** Undoes every checkout whose worker is gone. */
  async resumeAbandoned(): Promise<void> {
    const { sagas, clock } = this.deps;
    const abandoned = await sagas.abandoned(clock.now(), BATCH_SIZE);
    await Promise.all(abandoned.map((saga) => this.undoIfAbandoned(saga)));
  }

  /** Undoes a saga if its worker is gone; whether the saga has changed. What cannot be done now is tried again later. */
  async undoIfAbandoned(saga: CheckoutSaga): Promise<boolean> {
    const { clock, logger } = this.deps;
    if (!isAbandoned(saga, clock.now())) return false;
    logger.info({ checkoutId: saga.id, step: saga.step }, 'undoing an abandoned checkout');
    try {
      await this.undo(saga);
      return true;
    } catch (err) {
      // Another process, or the worker itself, was faster.
      if (err instanceof SagaLost) return true;
      logger.warn({ err, checkoutId: saga.id }, 'abandoned checkout could not be undone: trying again');
      return false;
    }
  }

  /** Gives back stock and money, each also when the other cannot be given back. */
  private async takeBack(saga: CheckoutSaga): Promise<void> {
    const { clock, leaseMs } = this.deps;
    // Within the lease, so that no two processes are at it for long.
    const call = serviceCall('orders', { deadline: new Date(clock.now().getTime() + leaseMs) });
    const results = await Promise.allSettled([this.voidPayment(saga), this.releaseStock(saga, call)]);
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
  }

  private async voidPayment({ id, mayHoldPayment }: CheckoutSaga): Promise<void> {
    const { payments, paymentTimeoutMs } = this.deps;
    // An authorisation whose answer was lost is found by its key, and one that is still on its way is refused.
    if (mayHoldPayment) await within(paymentTimeoutMs, payments.void(id));
  }

  private async releaseStock(saga: CheckoutSaga, call: Call): Promise<void> {
    const reservationId = saga.reservationId ?? (await this.lostReservation(saga, call));
    if (reservationId !== null) await this.deps.stock.release(reservationId, call);
  }

  /** The reservation whose answer was lost: the same key names it, and makes it if it was never made. */
  private async lostReservation({ id, stockLines, ttlSeconds }: CheckoutSaga, call: Call): Promise<string | null> {
    const request = { key: id, lines: stockLines, ttlSeconds };
    const reservation = await this.deps.stock.reserve(request, call);
    return reservation.ok ? reservation.value : null;
  }

  private time() {
    return { now: this.deps.clock.now(), leaseMs: this.deps.leaseMs };
  }
}
