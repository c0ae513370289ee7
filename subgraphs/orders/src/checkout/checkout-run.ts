import { type Call, type Clock, DomainError, ok, refuse, type Result } from '@shopgraph/kit';
import type { Cart } from '../cart/cart';
import type { Order } from '../order/order';
import type { PlacedOrder } from '../order/order-events';
import type { OrderStore } from '../order/order-store';
import type { DeclineReason, PaymentProvider } from '../payment/payment-provider';
import { within } from '../payment/within';
import type { Shortage, Stock } from '../stock/stock';
import { advance, type CheckoutSaga, type SagaEvent } from './checkout-saga';
import { CartChanged, type OrderPlacement } from './order-placement';
import { SagaLost, type SagaStore } from './saga-store';
import type { SagaUndo } from './saga-undo';

interface Dependencies {
  readonly sagas: SagaStore;
  readonly undo: SagaUndo;
  readonly placement: OrderPlacement;
  readonly orders: OrderStore;
  readonly stock: Stock;
  readonly payments: PaymentProvider;
  readonly clock: Clock;
  readonly leaseMs: number;
  readonly paymentTimeoutMs: number;
}

/** What is to become an order: a cart that was priced, and how it is paid. */
export interface CheckoutPlan {
  readonly cart: Cart;
  readonly paymentToken: string;
  /** Everything about the order that is known before stock and money are asked for. */
  readonly draft: Omit<PlacedOrder, 'number' | 'reservationId' | 'placedAt' | 'paymentKey'>;
}

export type RunProblem =
  | ({ readonly kind: 'too-few' } & Shortage)
  | { readonly kind: 'declined'; readonly reason: DeclineReason }
  | { readonly kind: 'cart-changed' };

/**
 * Takes a claimed saga through its steps. Whatever fails on the way, the stock and the money that were held are let
 * go, now or by whoever resumes the saga.
 */
export class CheckoutRun {
  constructor(private readonly deps: Dependencies) {}

  /** @throws DomainError TIMEOUT or UNAVAILABLE when stock or money cannot be asked; nothing stays held then. */
  async run(saga: CheckoutSaga, plan: CheckoutPlan, call: Call): Promise<Result<Order, RunProblem>> {
    const { stock } = this.deps;
    const progress = { saga };
    try {
      const request = { key: saga.id, lines: saga.stockLines, ttlSeconds: saga.ttlSeconds };
      const reservation = await stock.reserve(request, call);
      if (!reservation.ok) {
        await this.step(progress, { type: 'refused' });
        return refuse(...reservation.problems.map((shortage) => ({ kind: 'too-few' as const, ...shortage })));
      }
      await this.step(progress, { type: 'reserved', reservationId: reservation.value });
      const problem = await this.authorise(progress, plan);
      if (problem) return (await this.undo(progress.saga)) ? refuse(problem) : await this.outcome(progress.saga);
      return ok(await this.place(progress.saga, reservation.value, plan, call));
    } catch (error) {
      return this.recover(progress.saga, error);
    }
  }

  private async authorise(progress: { saga: CheckoutSaga }, plan: CheckoutPlan): Promise<RunProblem | null> {
    const { payments, paymentTimeoutMs } = this.deps;
    const request = { key: progress.saga.id, amount: plan.draft.totals.total, token: plan.paymentToken };
    const payment = await within(paymentTimeoutMs, payments.authorize(request));
    if (payment.status !== 'AUTHORIZED') return { kind: 'declined', reason: payment.declineReason ?? 'DECLINED' };
    await this.step(progress, { type: 'authorised' });
    return null;
  }

  private place(saga: CheckoutSaga, reservationId: string, { cart, draft }: CheckoutPlan, call: Call): Promise<Order> {
    const { placement, clock } = this.deps;
    const completed = advance(saga, { type: 'placed' }, this.time());
    const order = { ...draft, reservationId, paymentKey: saga.id, placedAt: clock.now() };
    return placement.place({ completed, cart, draft: order }, call);
  }

  private async recover(saga: CheckoutSaga, cause: unknown): Promise<Result<Order, RunProblem>> {
    if (!(await this.undo(saga))) return this.outcome(saga, cause);
    if (cause instanceof CartChanged) return refuse({ kind: 'cart-changed' });
    throw cause;
  }

  /**
   * What became of a saga that is not in our hands any more: completed, when only the news of that was lost.
   * @throws DomainError TIMEOUT when another has undone it, or is about to.
   */
  private async outcome(saga: CheckoutSaga, cause?: unknown): Promise<Result<Order, RunProblem>> {
    const { sagas, orders } = this.deps;
    const current = await sagas.byId(saga.id);
    const order = current?.step === 'COMPLETED' ? await orders.load(current.orderId) : null;
    if (order) return ok(order);
    throw new DomainError('TIMEOUT', { cause });
  }

  /** False when the saga is not in our hands any more. */
  private async undo(saga: CheckoutSaga): Promise<boolean> {
    try {
      await this.deps.undo.undo(saga);
      return true;
    } catch (error) {
      if (error instanceof SagaLost) return false;
      throw error;
    }
  }

  private async step(progress: { saga: CheckoutSaga }, event: SagaEvent): Promise<void> {
    progress.saga = await this.deps.sagas.save(advance(progress.saga, event, this.time()));
  }

  private time() {
    return { now: this.deps.clock.now(), leaseMs: this.deps.leaseMs };
  }
}
