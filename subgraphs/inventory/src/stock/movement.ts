export const STOCK_ADJUSTMENT_REASONS = ['RECEIVED', 'COUNTED', 'DAMAGED', 'RETURNED'] as const;
export type StockAdjustmentReason = (typeof STOCK_ADJUSTMENT_REASONS)[number];

export const MOVEMENT_REASONS = [
  ...STOCK_ADJUSTMENT_REASONS,
  'RESERVED',
  'RELEASED',
  'EXPIRED',
  'COMMITTED',
  'CANCELLED',
  'TRANSFERRED',
] as const;
export type MovementReason = (typeof MOVEMENT_REASONS)[number];

/** Units by which the figures of one level change; `available` follows from the others. */
export interface LevelChange {
  readonly levelId: string;
  readonly onHand: number;
  readonly allocated: number;
  readonly reserved: number;
  /** The lowest `available` that the change may leave behind; null when it takes nothing away. */
  readonly floor: number | null;
}

/** One change of one level, as it is kept for ever. */
export interface StockMovement {
  readonly id: string;
  readonly levelId: string;
  readonly sku: string;
  readonly locationId: string;
  readonly onHandDelta: number;
  readonly allocatedDelta: number;
  readonly reservedDelta: number;
  readonly reason: MovementReason;
  /** What is behind it: a delivery note, a reservation, an order. */
  readonly reference: string | null;
  /** Who did it, as `actorOf` names them. */
  readonly actor: string;
  readonly at: Date;
}

/** By how many units `available` changes. */
export function availableDelta({ onHand, allocated, reserved }: Omit<LevelChange, 'levelId' | 'floor'>): number {
  return onHand - allocated - reserved;
}
