import type { DomainEvent, Result } from '@shopgraph/kit';
import type { LevelChange } from '../stock/movement';
import { sellable, type Shortage, type StockItem } from '../stock/stock';
import { allocate, type Allocation, hold } from './allocation';

export const RESERVATION_STATUSES = ['ACTIVE', 'RELEASED', 'EXPIRED', 'COMMITTED'] as const;
export type ReservationStatus = (typeof RESERVATION_STATUSES)[number];

export interface ReservationLine {
  readonly sku: string;
  readonly quantity: number;
  /** Units that the order has given up since. */
  readonly cancelledQuantity: number;
  /** Where the claimed units are; empty for an item that is not tracked. */
  readonly allocations: readonly Allocation[];
}

/** Stock held for one owner until it is released, expires or is committed: one of them, once. */
export interface Reservation {
  readonly id: string;
  /** What it is held for, e.g. a cart id. */
  readonly ownerReference: string;
  readonly status: ReservationStatus;
  readonly lines: readonly ReservationLine[];
  readonly expiresAt: Date;
  /** The order that has its stock; null before it is committed, and when its order was not named. */
  readonly orderId: string | null;
  readonly version: number;
}

/** Units of one SKU. */
export interface SkuQuantity {
  readonly sku: string;
  readonly quantity: number;
}

export interface ReservationRequest {
  readonly ownerReference: string;
  /** No SKU twice. */
  readonly lines: readonly SkuQuantity[];
}

/** Why a line cannot be reserved; `line` is its index in the request. */
export type LineProblem =
  | { readonly kind: 'unknown-sku'; readonly line: number }
  | ({ readonly kind: 'too-few'; readonly line: number } & Shortage);

interface OrderReference {
  readonly ownerReference: string;
  readonly orderId: string;
}

export type ReservationEvent =
  | DomainEvent<'inventory.reservation-created', { ownerReference: string; lines: readonly SkuQuantity[] }>
  | DomainEvent<'inventory.reservation-released' | 'inventory.reservation-expired', { ownerReference: string }>
  | DomainEvent<'inventory.reservation-committed', { ownerReference: string; orderId: string | null }>
  | DomainEvent<
      'inventory.reservation-commit-short',
      { reservationId: string; orderId: string; lines: readonly MissingUnits[] }
    >
  | DomainEvent<
      'inventory.reservation-cancelled',
      OrderReference & { restock: boolean; lines: readonly SkuQuantity[] }
    >;

/** Units of a placed order that could not be allocated. */
export interface MissingUnits {
  readonly sku: string;
  readonly ordered: number;
  readonly missing: number;
}

/** What a decision does: the reservation as it will be, its levels, and what the world hears of it. */
export interface ReservationChange {
  readonly reservation: Reservation;
  readonly levels: readonly LevelChange[];
  readonly events: readonly ReservationEvent[];
}

/** Every allocation of every line. */
export function allocationsOf({ lines }: Pick<Reservation, 'lines'>): Allocation[] {
  return lines.flatMap(({ allocations }) => allocations);
}

/** Decides on a request as a whole: a reservation of every line, or what is wrong with each line that has none. */
export function reserve(
  { ownerReference, lines }: ReservationRequest,
  stock: ReadonlyMap<string, StockItem>,
  { id, expiresAt }: { id: string; expiresAt: Date },
): Result<ReservationChange, LineProblem> {
  const problems: LineProblem[] = [];
  const reserved: ReservationLine[] = [];
  for (const [line, { sku, quantity }] of lines.entries()) {
    const item = stock.get(sku);
    if (!item) {
      problems.push({ kind: 'unknown-sku', line });
    } else if (item.tracked && quantity > sellable(item)) {
      problems.push({ kind: 'too-few', line, sku, requested: quantity, available: sellable(item) });
    } else {
      const allocations = item.tracked ? allocate(quantity, item) : [];
      reserved.push({ sku, quantity, cancelledQuantity: 0, allocations });
    }
  }
  if (problems.length > 0) return { ok: false, problems };

  const reservation: Reservation = {
    id,
    ownerReference,
    status: 'ACTIVE',
    lines: reserved,
    expiresAt,
    orderId: null,
    version: 1,
  };
  const event: ReservationEvent = {
    type: 'inventory.reservation-created',
    aggregateId: id,
    sequence: 1,
    data: { ownerReference, lines: lines.map(({ sku, quantity }) => ({ sku, quantity })) },
  };
  return { ok: true, value: { reservation, levels: allocationsOf(reservation).map(hold), events: [event] } };
}
