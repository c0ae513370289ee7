import type { Money, Result } from '@shopgraph/kit';
import type { Cart, CartLine } from '../cart/cart';
import type { Offer } from '../catalog/catalog';
import { type Totals, totalsOf } from '../pricing/totals';

/** What the client believes to be buying. */
export interface Expectation {
  readonly cartVersion: number;
  readonly total: Money;
}

/** Why a cart cannot be checked out as expected; `index` is the place of the line in the cart. */
export type QuoteProblem =
  | { readonly kind: 'already-ordered' }
  | { readonly kind: 'cart-changed' }
  | { readonly kind: 'cart-empty' }
  | { readonly kind: 'currency-mismatch' }
  | { readonly kind: 'not-available'; readonly index: number; readonly sku: string }
  | {
      readonly kind: 'price-changed';
      readonly index: number;
      readonly sku: string;
      readonly was: Money;
      readonly now: Money;
    }
  | { readonly kind: 'total-differs'; readonly total: Money };

/** What a cart costs, now. */
export interface Quote {
  readonly lines: readonly CartLine[];
  readonly totals: Totals;
}

/** What can be told of a cart without asking for prices: null when nothing speaks against it. */
export function problemWith(cart: Cart, expected: Expectation): QuoteProblem | null {
  if (cart.status === 'ORDERED') return { kind: 'already-ordered' };
  if (cart.version !== expected.cartVersion) return { kind: 'cart-changed' };
  if (cart.lines.length === 0) return { kind: 'cart-empty' };
  if (cart.currencyCode !== expected.total.currencyCode) return { kind: 'currency-mismatch' };
  return null;
}

/** Prices a cart at the offers of now: refused unless every line is still sold, at the price that the cart shows. */
export function quote(
  cart: Cart,
  offers: ReadonlyMap<string, Offer>,
  { total: expectedTotal }: Expectation,
): Result<Quote, QuoteProblem> {
  const problems = cart.lines.flatMap((line, index): QuoteProblem[] => {
    const { sku, unitPrice: was } = line;
    const now = offers.get(sku)?.unitPrice;
    if (!now) return [{ kind: 'not-available', index, sku }];
    return now.minorUnits === was.minorUnits ? [] : [{ kind: 'price-changed', index, sku, was, now }];
  });
  const totals = totalsOf(cart.lines, cart.currencyCode);
  if (problems.length === 0 && totals.total.minorUnits !== expectedTotal.minorUnits) {
    problems.push({ kind: 'total-differs', total: totals.total });
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: { lines: cart.lines, totals } };
}
