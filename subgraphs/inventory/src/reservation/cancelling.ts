import type { LevelChange } from '../stock/movement';
import type { StockLevel } from '../stock/stock';
import type { Allocation } from './allocation';
import type { Reservation, ReservationChange, ReservationLine, SkuQuantity } from './reservation';

/** What an order gives up, in part or as a whole. */
export interface Cancellation {
  readonly orderId: string;
  /** Whether the units can be sold again; otherwise they are lost. */
  readonly restock: boolean;
  readonly lines: readonly SkuQuantity[];
}

export type CancelDecision =
  | ({ readonly kind: 'cancel' } & ReservationChange)
  /** The order has no claim on any of these units any more: repeating it does no harm. */
  | { readonly kind: 'nothing-left' }
  /** The order has no stock yet, or the stock is another order's. */
  | { readonly kind: 'not-committed' };

/**
 * Decides on taking an order's units back. Of each line no more is cancelled than is left of it, and
 * units that were missing when the order was placed are cancelled first: nothing comes back for them.
 * `levels` are those of the reservation's allocations, by id.
 */
export function cancel(
  reservation: Reservation,
  { orderId, restock, lines }: Cancellation,
  levels: ReadonlyMap<string, StockLevel>,
): CancelDecision {
  const isAnothers = reservation.orderId !== null && reservation.orderId !== orderId;
  if (reservation.status !== 'COMMITTED' || isAnothers) return { kind: 'not-committed' };

  const cancelled = reservation.lines.map((line) => cancelLine(line, quantityOf(line.sku, lines)));
  const changed = cancelled.filter(({ quantity }) => quantity > 0);
  if (changed.length === 0) return { kind: 'nothing-left' };

  const version = reservation.version + 1;
  const { id, ownerReference } = reservation;
  const data = {
    ownerReference,
    orderId,
    restock,
    lines: changed.map(({ line, quantity }) => ({ sku: line.sku, quantity })),
  };
  return {
    kind: 'cancel',
    reservation: { ...reservation, lines: cancelled.map(({ line }) => line), version },
    levels: changed
      .flatMap(({ returned }) => returned)
      .map((allocation) => giveUp(allocation, restock ? 0 : (levels.get(allocation.levelId)?.onHand ?? 0))),
    events: [{ type: 'inventory.reservation-cancelled', aggregateId: id, sequence: version, data }],
  };
}

/** An order may have several lines of one SKU; its reservation has one. */
function quantityOf(sku: string, lines: readonly SkuQuantity[]): number {
  return lines.filter((line) => line.sku === sku).reduce((sum, { quantity }) => sum + quantity, 0);
}

interface CancelledLine {
  readonly line: ReservationLine;
  readonly quantity: number;
  readonly returned: readonly Allocation[];
}

function cancelLine(line: ReservationLine, wanted: number): CancelledLine {
  const left = line.quantity - line.cancelledQuantity;
  const quantity = Math.min(wanted, left);
  const claimed = line.allocations.reduce((sum, allocation) => sum + allocation.quantity, 0);
  const { kept, returned } = split(line.allocations, Math.max(claimed - (left - quantity), 0));
  return {
    line: { ...line, cancelledQuantity: line.cancelledQuantity + quantity, allocations: kept },
    quantity,
    returned,
  };
}

/** Takes units from the last allocations first: those are the backordered ones, then the emptier shelves. */
function split(allocations: readonly Allocation[], quantity: number): { kept: Allocation[]; returned: Allocation[] } {
  const kept: Allocation[] = [];
  const returned: Allocation[] = [];
  let missing = quantity;
  for (const allocation of [...allocations].reverse()) {
    const taken = Math.min(missing, allocation.quantity);
    if (taken > 0) returned.push({ ...allocation, quantity: taken });
    if (taken < allocation.quantity) kept.unshift({ ...allocation, quantity: allocation.quantity - taken });
    missing -= taken;
  }
  return { kept, returned };
}

/** What cannot be sold again leaves the shelf; a backordered unit that never came cannot be lost. */
function giveUp({ levelId, quantity }: Allocation, losable: number): LevelChange {
  return { levelId, onHand: -Math.min(quantity, losable) || 0, allocated: -quantity, reserved: 0, floor: null };
}
