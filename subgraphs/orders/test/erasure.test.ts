import { erasureOf, withoutPerson } from '../src/order/erasure';
import type { OrderCommit } from '../src/order/order-events';
import { anOrder, aPlacedOrder } from './builders';

const DAY_MS = 86_400_000;
const placedAt = new Date('2026-01-01T00:00:00Z');
const after = (days: number) => new Date(placedAt.getTime() + days * DAY_MS);

describe('how much of its customer an order keeps', () => {
  it.each([
    ['an open order, where its goods go, for a while', {}, 30, 1, after(30)],
    ['an open order that is old, nothing', {}, 30, 30, null],
    ['an open order of a shop that keeps nothing, nothing', {}, 0, 0, null],
    ['a cancelled order, nothing', { status: 'CANCELLED' }, 30, 1, null],
    ['an order that was sent, nothing', { fulfillmentStatus: 'FULFILLED' }, 30, 1, null],
    [
      'an order that was sent in part, where the rest goes',
      { fulfillmentStatus: 'PARTIALLY_FULFILLED' },
      30,
      1,
      after(30),
    ],
  ] as const)('%s', (_what, overrides, days, passed, deliveryUntil) => {
    const order = anOrder({ placedAt, ...overrides });
    expect(erasureOf(order, days, after(passed))).toEqual({ at: after(passed), deliveryUntil });
  });

  it('remembers when it was first erased', () => {
    const order = anOrder({ placedAt, erasure: { at: after(1), deliveryUntil: after(30) } });
    expect(erasureOf(order, 30, after(31))).toEqual({ at: after(1), deliveryUntil: null });
  });
});

describe('a commit without its customer', () => {
  const address = {
    ...{ name: 'Ada Lovelace', line1: 'Rua das Flores 1', line2: 'Back', city: 'Porto', region: 'Norte' },
    ...{ postalCode: '4000-001', country: 'PT', phone: '+351220000000' },
  };
  const nobody = {
    ...{ name: 'Anonymised', line1: 'Anonymised', line2: null, city: 'Anonymised', region: null },
    ...{ postalCode: null, country: 'PT', phone: null },
  };
  const order = aPlacedOrder({ email: 'ada@example.com', shippingAddress: address, billingAddress: address });
  const commit = (...events: OrderCommit['events']): OrderCommit => ({
    ...{ orderId: order.id, version: 1, at: placedAt, actor: 'user_1' },
    events,
  });

  it('keeps all but the person', () => {
    const erasure = { at: after(1), deliveryUntil: null };
    expect(withoutPerson(commit({ type: 'PLACED', order }), erasure)).toEqual(
      commit({
        type: 'PLACED',
        order: { ...order, email: null, shippingAddress: nobody, billingAddress: nobody, erasure },
      }),
    );
  });

  it('keeps where the goods of an open order go, and nothing else', () => {
    const erasure = { at: after(1), deliveryUntil: after(30) };
    const [event] = withoutPerson(commit({ type: 'PLACED', order }), erasure).events;
    expect(event).toMatchObject({
      order: { email: null, shippingAddress: address, billingAddress: nobody, erasure },
    });
  });

  it('keeps no reason, which may say anything', () => {
    const cancelled = { type: 'CANCELLED', reason: 'Ada has moved', restock: true, lines: [] } as const;
    const erased = withoutPerson(commit(cancelled, { type: 'PAYMENT_VOIDED' }), { at: after(1), deliveryUntil: null });
    expect(erased.events).toEqual([{ ...cancelled, reason: null }, { type: 'PAYMENT_VOIDED' }]);
  });
});
