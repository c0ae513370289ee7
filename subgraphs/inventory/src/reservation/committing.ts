import { sellable, type StockItem } from '../stock/stock';
import { allocate, handOver, take } from './allocation';
import {
  allocationsOf,
  type MissingUnits,
  type Reservation,
  type ReservationChange,
  type ReservationEvent,
  type ReservationLine,
} from './reservation';

export type CommitDecision =
  | ({ readonly kind: 'commit' } & ReservationChange)
  /** The stock is an order's already: repeating it does no harm. */
  | { readonly kind: 'already-committed' }
  /** It was released or has expired: nothing is held that could be handed over. */
  | { readonly kind: 'ended' };

/** Decides on handing what a reservation holds to an order. Late is good enough while it is still held. */
export function commit(reservation: Reservation, orderId: string | null): CommitDecision {
  if (reservation.status === 'COMMITTED') return { kind: 'already-committed' };
  if (reservation.status !== 'ACTIVE') return { kind: 'ended' };
  const committed = committedBy(reservation, orderId);
  return {
    kind: 'commit',
    reservation: committed,
    levels: allocationsOf(reservation).map(handOver),
    events: [committedEvent(committed)],
  };
}

/** What an order gets whose reservation had ended before it was placed, and what is missing. */
export interface Reallocation extends ReservationChange {
  readonly missing: readonly MissingUnits[];
}

/**
 * Allocates an ended reservation anew, from what can be sold now. The order stands, so each line
 * gets what there is, and the rest is told as missing: stock never goes below its floor for it.
 */
export function reallocate(
  reservation: Reservation,
  orderId: string,
  stock: ReadonlyMap<string, StockItem>,
): Reallocation {
  const lines = reservation.lines.map((line) => allocateAnew(line, stock.get(line.sku)));
  const committed = { ...committedBy(reservation, orderId), lines };
  const missing = lines.flatMap((line) => missingFrom(line, stock.get(line.sku)));
  const short: ReservationEvent = {
    type: 'inventory.reservation-commit-short',
    aggregateId: committed.id,
    sequence: committed.version,
    data: { reservationId: committed.id, orderId, lines: missing },
  };
  return {
    reservation: committed,
    levels: allocationsOf(committed).map(take),
    events: [committedEvent(committed), ...(missing.length > 0 ? [short] : [])],
    missing,
  };
}

function committedBy(reservation: Reservation, orderId: string | null): Reservation {
  return { ...reservation, status: 'COMMITTED', orderId, version: reservation.version + 1 };
}

function committedEvent({ id, ownerReference, orderId, version }: Reservation): ReservationEvent {
  const data = { ownerReference, orderId };
  return { type: 'inventory.reservation-committed', aggregateId: id, sequence: version, data };
}

function allocateAnew(line: ReservationLine, item: StockItem | undefined): ReservationLine {
  const allocations = item?.tracked ? allocate(Math.min(line.quantity, sellable(item)), item) : [];
  return { ...line, allocations };
}

function missingFrom({ sku, quantity, allocations }: ReservationLine, item: StockItem | undefined): MissingUnits[] {
  if (item && !item.tracked) return [];
  const missing = quantity - allocations.reduce((sum, allocation) => sum + allocation.quantity, 0);
  return missing > 0 ? [{ sku, ordered: quantity, missing }] : [];
}
