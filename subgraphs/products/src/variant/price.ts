import type { Money } from '@shopgraph/kit';

/** When a price holds: from `validFrom` on, and before `validTo`; null for no such limit. */
export interface Validity {
  readonly validFrom: Date | null;
  readonly validTo: Date | null;
}

/** What one unit costs in a currency, at all times or for a while. */
export interface Price extends Money, Validity {}

/** At all times. */
export const ALWAYS: Validity = { validFrom: null, validTo: null };

/**
 * What a price list says for a currency at a time; null when nothing holds then. Of several the one that began
 * last does, and of those the one that ends first: a sale goes before the usual price, and ends by itself.
 */
export function priceAt(prices: readonly Price[], currencyCode: string, at: Date): Money | null {
  const [price] = prices
    .filter((candidate) => candidate.currencyCode === currencyCode && holds(candidate, at))
    .sort((left, right) => beginOf(right) - beginOf(left) || endOf(left) - endOf(right));
  return price ? { minorUnits: price.minorUnits, currencyCode } : null;
}

/** The list with a price in place of the one for the same time, and without those that are over. */
export function withPrice(prices: readonly Price[], price: Price, now: Date): readonly Price[] {
  const others = prices.filter((other) => !isSameTime(other, price) && endOf(other) > now.getTime());
  return [...others, price];
}

/** Whether the list has exactly this price. */
export function hasPrice(prices: readonly Price[], price: Price): boolean {
  return prices.some((other) => isSameTime(other, price) && other.minorUnits === price.minorUnits);
}

function isSameTime(left: Price, right: Price): boolean {
  return left.currencyCode === right.currencyCode && beginOf(left) === beginOf(right) && endOf(left) === endOf(right);
}

function holds(price: Price, at: Date): boolean {
  return beginOf(price) <= at.getTime() && at.getTime() < endOf(price);
}

function beginOf({ validFrom }: Validity): number {
  return validFrom?.getTime() ?? Number.MIN_SAFE_INTEGER;
}

function endOf({ validTo }: Validity): number {
  return validTo?.getTime() ?? Number.MAX_SAFE_INTEGER;
}
