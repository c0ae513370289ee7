import { type Clock, serviceCall } from '@shopgraph/kit';
import type { Logger } from 'pino';
import type { StockTransactions } from '../stock/stock-transactions';
import { expire } from './ending';
import type { ReservationStore } from './reservation-store';
import type { ReservationWriter } from './reservation-writer';

/** Reservations that are expired side by side. */
const BATCH_SIZE = 10;

interface Dependencies {
  readonly transactions: StockTransactions;
  readonly reservations: ReservationStore;
  readonly writer: ReservationWriter;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Ends reservations whose time is over. Several replicas may do it at once: each reservation expires once. */
export class ReservationExpiry {
  constructor(private readonly deps: Dependencies) {}

  /** Expires everything that is due now. One that cannot be expired is logged, and left to the next run. */
  async expireDue(): Promise<void> {
    const { reservations, clock } = this.deps;
    const failed = new Set<string>();
    for (;;) {
      // Those that failed stay due, so ask for more than them.
      const due = await reservations.dueIds(clock.now(), BATCH_SIZE + failed.size);
      const untried = due.filter((id) => !failed.has(id));
      if (untried.length === 0) return;
      await Promise.all(
        untried.map((id) => this.expireOne(id).catch((error: unknown) => this.note(error, id, failed))),
      );
    }
  }

  private async expireOne(id: string): Promise<void> {
    const { transactions, reservations, writer } = this.deps;
    await transactions.run(await reservations.skusOf(id), async (tx) => {
      const reservation = await reservations.byId(id, tx);
      const decision = reservation && expire(reservation);
      if (decision?.kind !== 'end') return;
      await writer.save(decision, { reason: 'EXPIRED', call: serviceCall('inventory') }, tx);
    });
  }

  private note(err: unknown, reservationId: string, failed: Set<string>): void {
    failed.add(reservationId);
    this.deps.logger.error({ err, reservationId }, 'a reservation could not be expired');
  }
}
