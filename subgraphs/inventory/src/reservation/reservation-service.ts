import {
  actorOf,
  type Call,
  type Clock,
  type Idempotency,
  type IdGenerator,
  ok,
  refuse,
  type Result,
  type Transaction,
} from '@shopgraph/kit';
import type { ItemStore } from '../stock/item-store';
import type { StockTransactions } from '../stock/stock-transactions';
import { commit } from './committing';
import { release } from './ending';
import { type LineProblem, type Reservation, type ReservationRequest, reserve } from './reservation';
import type { ReservationStore } from './reservation-store';
import type { ReservationWriter } from './reservation-writer';

interface Dependencies {
  readonly transactions: StockTransactions;
  readonly items: ItemStore;
  readonly reservations: ReservationStore;
  readonly writer: ReservationWriter;
  readonly idempotency: Idempotency;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

interface ReserveCommand extends ReservationRequest {
  readonly ttlSeconds: number;
  readonly idempotencyKey: string;
}

interface UnknownReservation {
  readonly kind: 'unknown-reservation';
}

export type ReleaseProblem = UnknownReservation | { readonly kind: 'committed' };
export type CommitProblem = UnknownReservation | { readonly kind: 'ended' };

/** Holds stock, gives it back, and hands it over: stock, reservation and event change together or not at all. */
export class ReservationService {
  constructor(private readonly deps: Dependencies) {}

  /** Reserves every line or none. */
  create(
    { idempotencyKey, ttlSeconds, ...request }: ReserveCommand,
    call: Call,
  ): Promise<Result<Reservation, LineProblem>> {
    const { transactions, items, writer, idempotency, clock, ids } = this.deps;
    const scope = `reservationCreate:${actorOf(call.viewer)}`;
    const payload = { ...request, ttlSeconds };
    const skus = request.lines.map(({ sku }) => sku);

    return transactions.run(skus, (tx) =>
      idempotency.once({ scope, key: idempotencyKey, payload }, tx, async () => {
        const stock = new Map((await items.itemsBy('sku', skus, tx)).map((item) => [item.sku, item]));
        const expiresAt = new Date(clock.now().getTime() + ttlSeconds * 1000);

        const decision = reserve(request, stock, { id: ids.next('rsv'), expiresAt });
        if (!decision.ok) return decision;
        await writer.save(decision.value, { reason: 'RESERVED', call }, tx);
        return ok(decision.value.reservation);
      }),
    );
  }

  /** Gives back what a reservation holds; releasing again changes nothing. */
  release(id: string, call: Call): Promise<Result<Reservation, ReleaseProblem>> {
    const { writer } = this.deps;

    return this.withReservation(id, async (reservation, tx) => {
      const decision = release(reservation);
      switch (decision.kind) {
        case 'committed':
          return refuse({ kind: 'committed' });
        case 'already-ended':
          return ok(reservation);
        case 'end':
          await writer.save(decision, { reason: 'RELEASED', call }, tx);
          return ok(decision.reservation);
      }
    });
  }

  /** Hands what a reservation holds to an order; committing again changes nothing. */
  commit(id: string, call: Call): Promise<Result<Reservation, CommitProblem>> {
    const { writer } = this.deps;

    return this.withReservation(id, async (reservation, tx) => {
      const decision = commit(reservation, null);
      switch (decision.kind) {
        case 'ended':
          return refuse({ kind: 'ended' });
        case 'already-committed':
          return ok(reservation);
        case 'commit':
          await writer.save(decision, { reason: 'COMMITTED', call }, tx);
          return ok(decision.reservation);
      }
    });
  }

  private async withReservation<Problem>(
    id: string,
    work: (reservation: Reservation, tx: Transaction) => Promise<Result<Reservation, Problem>>,
  ): Promise<Result<Reservation, Problem | UnknownReservation>> {
    const { transactions, reservations } = this.deps;
    return transactions.run(await reservations.skusOf(id), async (tx) => {
      const reservation = await reservations.byId(id, tx);
      return reservation ? work(reservation, tx) : refuse({ kind: 'unknown-reservation' });
    });
  }
}
