import type { Call, Outbox, Transaction } from '@shopgraph/kit';
import type { MovementReason } from '../stock/movement';
import type { StockLedger } from '../stock/stock-ledger';
import type { ReservationChange } from './reservation';
import type { ReservationStore } from './reservation-store';

interface Dependencies {
  readonly reservations: ReservationStore;
  readonly ledger: StockLedger;
  readonly outbox: Outbox;
}

/** Why a reservation changes, and on whose behalf. */
interface ChangeCause {
  readonly reason: MovementReason;
  /** Stands in the movements; the reservation's id unless given. */
  readonly reference?: string;
  readonly call: Call;
}

/** Saves what was decided about a reservation: the reservation, its levels and its events together. */
export class ReservationWriter {
  constructor(private readonly deps: Dependencies) {}

  /** @throws DomainError CONFLICT when the levels or the reservation have changed since the decision. */
  async save({ reservation, levels, events }: ReservationChange, cause: ChangeCause, tx: Transaction): Promise<void> {
    const { reservations, ledger, outbox } = this.deps;
    const { reason, reference = reservation.id, call } = cause;
    await ledger.post(levels, { reason, reference, call }, tx);
    if (reservation.version === 1) await reservations.add(reservation, tx);
    else await reservations.update(reservation, tx);
    await outbox.append(events, call, tx);
  }
}
