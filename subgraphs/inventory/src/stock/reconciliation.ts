import type { StockLevel } from './stock';

export const STOCK_FIGURES = ['ON_HAND', 'ALLOCATED', 'RESERVED', 'AVAILABLE'] as const;
export type StockFigure = (typeof STOCK_FIGURES)[number];

export const RECONCILIATION_SOURCES = ['MOVEMENTS', 'ACTIVE_RESERVATIONS', 'OTHER_FIGURES'] as const;
export type ReconciliationSource = (typeof RECONCILIATION_SOURCES)[number];

/** What the movements of one level add up to. */
export interface MovementTotals {
  readonly levelId: string;
  readonly onHand: number;
  readonly allocated: number;
  readonly reserved: number;
}

/** Units of one level that active reservations hold. */
export interface HeldUnits {
  readonly levelId: string;
  readonly quantity: number;
}

/** A figure that is stored otherwise than something else says. */
export interface StockDiscrepancy {
  readonly level: StockLevel;
  readonly figure: StockFigure;
  readonly stored: number;
  readonly expected: number;
  readonly source: ReconciliationSource;
}

/** Compares levels with what their movements and the active reservations say; empty when all agree. */
export function reconcile(
  levels: readonly StockLevel[],
  movements: readonly MovementTotals[],
  held: readonly HeldUnits[],
): StockDiscrepancy[] {
  const totals = new Map(movements.map((total) => [total.levelId, total]));
  const heldBy = new Map(held.map(({ levelId, quantity }) => [levelId, quantity]));
  return levels.flatMap((level) => {
    const { onHand, allocated, reserved, available } = level;
    const total = totals.get(level.id) ?? { onHand: 0, allocated: 0, reserved: 0 };
    const comparisons: Omit<StockDiscrepancy, 'level'>[] = [
      { figure: 'ON_HAND', stored: onHand, expected: total.onHand, source: 'MOVEMENTS' },
      { figure: 'ALLOCATED', stored: allocated, expected: total.allocated, source: 'MOVEMENTS' },
      { figure: 'RESERVED', stored: reserved, expected: total.reserved, source: 'MOVEMENTS' },
      { figure: 'RESERVED', stored: reserved, expected: heldBy.get(level.id) ?? 0, source: 'ACTIVE_RESERVATIONS' },
      { figure: 'AVAILABLE', stored: available, expected: onHand - allocated - reserved, source: 'OTHER_FIGURES' },
    ];
    return comparisons
      .filter(({ stored, expected }) => stored !== expected)
      .map((comparison) => ({ level, ...comparison }));
  });
}
