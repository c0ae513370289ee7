import { type GraphMoney, toGraphMoney } from '@shopgraph/kit';
import { lineTotal, type Totals, totalsOf } from '../pricing/totals';
import type { Cart, CartLine } from './cart';
import type { Cart as GraphCart, CartLine as GraphCartLine } from './types';

/** A cart as clients see it. */
export function presentCart({ id, lines, currencyCode, version, expiresAt }: Cart): GraphCart {
  const totals = presentTotals(totalsOf(lines, currencyCode));
  return { id, lines: lines.map(presentLine), totals, version, expiresAt };
}

/** Totals as clients see them. */
export function presentTotals({ subtotal, discount, shipping, tax, total }: Totals): {
  [Amount in keyof Totals]: GraphMoney;
} {
  return {
    subtotal: toGraphMoney(subtotal),
    discount: toGraphMoney(discount),
    shipping: toGraphMoney(shipping),
    tax: toGraphMoney(tax),
    total: toGraphMoney(total),
  };
}

function presentLine(line: CartLine): GraphCartLine {
  const { id, variantId, sku, name, quantity, unitPrice } = line;
  const amounts = { unitPrice: toGraphMoney(unitPrice), total: toGraphMoney(lineTotal(line)) };
  return { id, variant: { id: variantId }, sku, name, quantity, ...amounts };
}
