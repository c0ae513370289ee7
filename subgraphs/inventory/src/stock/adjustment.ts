import type { DomainEvent, Result } from '@shopgraph/kit';
import type { AddressProblem } from './level-address';
import type { LevelChange, StockAdjustmentReason } from './movement';
import type { Shortage, StockLevel } from './stock';

interface AdjustmentCause {
  readonly reason: StockAdjustmentReason;
  /** Somebody's own words, for the movement. */
  readonly reference: string | null;
}

/** A change by a number of units. */
export interface StockAdjustment extends AdjustmentCause {
  /** Units to add, or to take away when negative. */
  readonly delta: number;
  /** Refuse unless this many are on hand: protects a count from movements meanwhile. */
  readonly changeFromQuantity: number | null;
}

/** A change to a number of units, whatever it was before. */
export interface StockCount extends AdjustmentCause {
  readonly quantity: number;
}

/** Without the reference: it may name people, and events hold no personal data. */
export type StockAdjusted = DomainEvent<
  'inventory.stock-adjusted',
  { sku: string; locationId: string; delta: number; onHand: number; reason: StockAdjustmentReason }
>;

export type AdjustmentProblem =
  | AddressProblem
  | { readonly kind: 'quantity-changed'; readonly onHand: number }
  | ({ readonly kind: 'too-few' } & Shortage);

/** What an adjustment does: to the level, and what the world hears of it. */
export interface Adjusted {
  readonly change: LevelChange;
  readonly event: StockAdjusted;
}

/** Decides on an adjustment: the change of the level, or why there is none. */
export function adjust(
  level: StockLevel,
  { delta, changeFromQuantity, ...cause }: StockAdjustment,
): Result<Adjusted, AdjustmentProblem> {
  if (changeFromQuantity !== null && changeFromQuantity !== level.onHand) {
    return { ok: false, problems: [{ kind: 'quantity-changed', onHand: level.onHand }] };
  }
  return changeBy(level, delta, cause);
}

/** Decides on a count: the change that makes `quantity` units of what is on hand, null when it is so already. */
export function count(
  level: StockLevel,
  { quantity, ...cause }: StockCount,
): Result<Adjusted | null, AdjustmentProblem> {
  if (quantity === level.onHand) return { ok: true, value: null };
  return changeBy(level, quantity - level.onHand, cause);
}

function changeBy(level: StockLevel, delta: number, { reason }: AdjustmentCause): Result<Adjusted, AdjustmentProblem> {
  const { id, sku, locationId, available } = level;
  // What is claimed cannot be taken away, however much is on hand.
  if (delta < 0 && available + delta < 0) {
    return { ok: false, problems: [{ kind: 'too-few', sku, requested: -delta, available: Math.max(available, 0) }] };
  }
  const onHand = level.onHand + delta;
  const change: LevelChange = { levelId: id, onHand: delta, allocated: 0, reserved: 0, floor: delta < 0 ? 0 : null };
  const event: StockAdjusted = {
    type: 'inventory.stock-adjusted',
    aggregateId: id,
    sequence: level.version + 1,
    data: { sku, locationId, delta, onHand, reason },
  };
  return { ok: true, value: { change, event } };
}
