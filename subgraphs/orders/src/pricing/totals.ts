import type { Money } from '@shopgraph/kit';

/** Something that is sold by the piece. */
export interface PricedLine {
  readonly quantity: number;
  readonly unitPrice: Money;
}

/** What a cart or an order costs; all amounts in one currency. */
export interface Totals {
  readonly subtotal: Money;
  readonly discount: Money;
  readonly shipping: Money;
  readonly tax: Money;
  /** `subtotal − discount + shipping + tax`. */
  readonly total: Money;
}

/** What all units of a line cost. */
export function lineTotal({ quantity, unitPrice }: PricedLine): Money {
  return amount(quantity * unitPrice.minorUnits, unitPrice.currencyCode);
}

/** Adds up lines. Discounts, shipping and tax have no rules yet, so they are nothing. */
export function totalsOf(lines: readonly PricedLine[], currencyCode: string): Totals {
  const subtotal = amount(
    lines.reduce((sum, line) => sum + lineTotal(line).minorUnits, 0),
    currencyCode,
  );
  const none = amount(0, currencyCode);
  const additions = { discount: none, shipping: none, tax: none };
  return { subtotal, ...additions, total: totalFrom(subtotal, additions) };
}

function totalFrom(subtotal: Money, { discount, shipping, tax }: Pick<Totals, 'discount' | 'shipping' | 'tax'>): Money {
  const minorUnits = subtotal.minorUnits - discount.minorUnits + shipping.minorUnits + tax.minorUnits;
  return amount(minorUnits, subtotal.currencyCode);
}

function amount(minorUnits: number, currencyCode: string): Money {
  if (!Number.isSafeInteger(minorUnits)) throw new RangeError(`${minorUnits} is not an exact amount`);
  return { minorUnits, currencyCode };
}
