import type { LevelChange } from '../stock/movement';
import type { StockItem } from '../stock/stock';

/** Units of one level that a reservation, and later an order, has a claim on. */
export interface Allocation {
  readonly levelId: string;
  readonly quantity: number;
  /** The lowest `available` that taking them may leave behind; below zero on backorder. */
  readonly floor: number;
}

/**
 * Chooses where `quantity` units of a tracked item come from; there must be as many (`sellable`).
 * The fullest shelf goes first, so that one location serves the line if any can; the rest is
 * backordered at the oldest level. Names no level twice, what is backordered last.
 */
export function allocate(quantity: number, { levels, backorderLimit }: StockItem): Allocation[] {
  const fromShelves: Allocation[] = [];
  let missing = quantity;
  for (const { id, available } of [...levels].sort((a, b) => b.available - a.available)) {
    const taken = Math.min(missing, Math.max(available, 0));
    if (taken > 0) fromShelves.push({ levelId: id, quantity: taken, floor: 0 });
    missing -= taken;
  }
  const [oldest] = levels;
  if (missing === 0 || !oldest) return fromShelves;
  const taken = fromShelves.find(({ levelId }) => levelId === oldest.id)?.quantity ?? 0;
  const backordered = { levelId: oldest.id, quantity: taken + missing, floor: -backorderLimit };
  return [...fromShelves.filter(({ levelId }) => levelId !== oldest.id), backordered];
}

const nothing = { onHand: 0, allocated: 0, reserved: 0, floor: null };

/** Available units become reserved. */
export function hold({ levelId, quantity, floor }: Allocation): LevelChange {
  return { ...nothing, levelId, reserved: quantity, floor };
}

/** Reserved units become available again. */
export function putBack({ levelId, quantity }: Allocation): LevelChange {
  return { ...nothing, levelId, reserved: -quantity };
}

/** Reserved units become an order's. */
export function handOver({ levelId, quantity }: Allocation): LevelChange {
  return { ...nothing, levelId, reserved: -quantity, allocated: quantity };
}

/** Available units become an order's at once. */
export function take({ levelId, quantity, floor }: Allocation): LevelChange {
  return { ...nothing, levelId, allocated: quantity, floor };
}
