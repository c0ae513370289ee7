import type { DomainEvent, Result } from '@shopgraph/kit';
import type { LevelChange } from './movement';
import type { Shortage, StockLevel } from './stock';

/** Without the reference: it may name people, and events hold no personal data. */
export type StockTransferred = DomainEvent<
  'inventory.stock-transferred',
  { sku: string; fromLocationId: string; toLocationId: string; quantity: number }
>;

interface Transferred {
  readonly changes: readonly LevelChange[];
  readonly event: StockTransferred;
}

/** Decides on moving units that nobody has a claim on from one level of an item to another. */
export function transfer(
  from: StockLevel,
  to: StockLevel,
  quantity: number,
): Result<Transferred, { readonly kind: 'too-few' } & Shortage> {
  const { sku } = from;
  if (from.available < quantity) {
    const available = Math.max(from.available, 0);
    return { ok: false, problems: [{ kind: 'too-few', sku, requested: quantity, available }] };
  }
  const unclaimed = { allocated: 0, reserved: 0 };
  const changes = [
    { ...unclaimed, levelId: from.id, onHand: -quantity, floor: 0 },
    { ...unclaimed, levelId: to.id, onHand: quantity, floor: null },
  ];
  const event: StockTransferred = {
    type: 'inventory.stock-transferred',
    aggregateId: from.id,
    sequence: from.version + 1,
    data: { sku, fromLocationId: from.locationId, toLocationId: to.locationId, quantity },
  };
  return { ok: true, value: { changes, event } };
}
