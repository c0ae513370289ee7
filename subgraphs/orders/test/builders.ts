import type { Cart, CartLine } from '../src/cart/cart';
import type { Offer } from '../src/catalog/catalog';
import { type CheckoutSaga, beginSaga } from '../src/checkout/checkout-saga';
import { evolve } from '../src/order/evolve';
import type { Order } from '../src/order/order';
import type { PlacedOrder } from '../src/order/order-events';
import { totalsOf } from '../src/pricing/totals';

/** One unit at 1.00 EUR. */
export function aLine({
  minorUnits = 100,
  sku = 'SKU',
  ...overrides
}: Partial<CartLine> & { minorUnits?: number } = {}) {
  const unitPrice = { minorUnits, currencyCode: 'EUR' };
  return { id: `line of ${sku}`, variantId: `var of ${sku}`, sku, name: sku, quantity: 1, unitPrice, ...overrides };
}

/** A customer's empty cart. */
export function aCart(overrides: Partial<Cart> = {}): Cart {
  const at = new Date('2026-01-01T00:00:00Z');
  return {
    id: 'cart_1',
    customerId: 'user_1',
    tokenHash: null,
    status: 'OPEN',
    currencyCode: 'EUR',
    lines: [],
    createdAt: at,
    expiresAt: at,
    version: 1,
    ...overrides,
  };
}

/** 1.00 EUR for one unit. */
export function anOffer({ sku = 'SKU', minorUnits = 100 } = {}): Offer {
  return { sku, variantId: `var of ${sku}`, name: sku, unitPrice: { minorUnits, currencyCode: 'EUR' } };
}

/** Offers as the catalogue answers them. */
export function offers(...list: Offer[]): ReadonlyMap<string, Offer> {
  return new Map(list.map((offer) => [offer.sku, offer]));
}

/** A customer's order of two units of A and one of B, 1.00 EUR each. */
export function aPlacedOrder(overrides: Partial<PlacedOrder> = {}): PlacedOrder {
  const lines = [aLine({ id: 'line_a', sku: 'A', quantity: 2 }), aLine({ id: 'line_b', sku: 'B' })];
  const address = {
    name: 'Ada',
    line1: '1 Main Street',
    line2: null,
    city: 'Berlin',
    region: null,
    postalCode: null,
    country: 'DE',
    phone: null,
  };
  return {
    id: 'ord_1',
    number: 'SG-100001',
    customerId: 'user_1',
    email: null,
    lines,
    totals: totalsOf(lines, 'EUR'),
    shippingAddress: address,
    billingAddress: address,
    reservationId: 'rsv_1',
    paymentKey: 'checkout_1',
    placedAt: new Date('2026-01-01T00:00:00Z'),
    ...overrides,
  };
}

/** What `aPlacedOrder` becomes. */
export function anOrder(overrides: Partial<Order> = {}): Order {
  return { ...evolve(null, { type: 'PLACED', order: aPlacedOrder() }), version: 1, ...overrides };
}

/** A saga that is about to reserve, at the beginning of 2026 with a lease of a second. */
export function aSaga(overrides: Partial<CheckoutSaga> = {}): CheckoutSaga {
  const start = {
    id: 'checkout_1',
    intention: 'checkout:user_1:key',
    payloadHash: 'hash',
    stockLines: [{ sku: 'A', quantity: 1 }],
    ttlSeconds: 900,
    orderId: 'ord_1',
  };
  return { ...beginSaga(start, { now: new Date('2026-01-01T00:00:00Z'), leaseMs: 1_000 }), ...overrides };
}
