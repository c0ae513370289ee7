import type { Call, Result } from '@shopgraph/kit';

/** Units of one SKU. */
export interface StockLine {
  readonly sku: string;
  readonly quantity: number;
}

/** Fewer units than were asked for. */
export interface Shortage {
  readonly sku: string;
  readonly requested: number;
  readonly available: number;
}

/** What to hold, and for whom. */
export interface StockRequest {
  /** Names the intention: the same key holds the same units once, however often it is sent. */
  readonly key: string;
  /** No SKU twice. */
  readonly lines: readonly StockLine[];
  /** Seconds until what is held is free again by itself. */
  readonly ttlSeconds: number;
}

/** Where stock is held. Errors are DomainErrors, TIMEOUT or UNAVAILABLE when inventory cannot be asked. */
export interface Stock {
  /** Holds every line or none: the id of the reservation, or what there is too little of. */
  reserve(request: StockRequest, call: Call): Promise<Result<string, Shortage>>;
  /** Gives a reservation back; one that has ended, or that there never was, is no error. */
  release(reservationId: string, call: Call): Promise<void>;
}

/** One line for each SKU, with the sum of its units. */
export function sumBySku(lines: readonly StockLine[]): StockLine[] {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of lines) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return [...sums].map(([sku, quantity]) => ({ sku, quantity }));
}
