import { decide, type OrderCommand } from '../src/order/decide';
import { evolve, fold } from '../src/order/evolve';
import { integrationEventsOf } from '../src/order/integration-events';
import type { Order } from '../src/order/order';
import type { OrderEvent } from '../src/order/order-events';
import { aPlacedOrder } from './builders';

const placed: OrderEvent = { type: 'PLACED', order: aPlacedOrder() };
const everything = [
  { lineId: 'line_a', sku: 'A', quantity: 2 },
  { lineId: 'line_b', sku: 'B', quantity: 1 },
];
const cancelled: OrderEvent = { type: 'CANCELLED', reason: 'Changed my mind', restock: true, lines: everything };
const voided: OrderEvent = { type: 'PAYMENT_VOIDED' };
const cancel = { type: 'cancel', reason: 'Changed my mind', restock: true, lines: null } satisfies OrderCommand;

function given(...events: OrderEvent[]): Order | null {
  const commits = events.map((event, index) => {
    const at = new Date('2026-01-01T00:00:00Z');
    return { orderId: 'ord_1', version: index + 1, events: [event], at, actor: 'user_1' };
  });
  return fold(commits);
}

describe('an order', () => {
  it.each<{ given: OrderEvent[]; when: OrderCommand; then: OrderEvent[] }>([
    { given: [], when: { type: 'place', order: aPlacedOrder() }, then: [placed] },
    { given: [placed], when: cancel, then: [cancelled] },
    { given: [placed], when: { ...cancel, lines: [...everything].reverse() }, then: [cancelled] },
    { given: [placed, cancelled], when: { type: 'confirm-void' }, then: [voided] },
    { given: [placed, cancelled, voided], when: { type: 'confirm-void' }, then: [] },
    { given: [placed], when: { type: 'confirm-void' }, then: [] },
  ])('given $given.length events, when $when.type, then $then', ({ given: before, when, then }) => {
    expect(decide(when, given(...before))).toEqual({ ok: true, value: then });
  });

  it.each<[string, OrderEvent[], OrderCommand, object]>([
    ['placed twice', [placed], { type: 'place', order: aPlacedOrder() }, { kind: 'exists' }],
    ['cancelled before it is placed', [], cancel, { kind: 'unknown-order' }],
    ['cancelled twice', [placed, cancelled], cancel, { kind: 'invalid-transition', status: 'CANCELLED' }],
    [
      'cancelled without one of its lines',
      [placed],
      { ...cancel, lines: everything.slice(1) },
      { kind: 'partial-cancellation' },
    ],
    [
      'cancelled without one of its units',
      [placed],
      { ...cancel, lines: everything.map(({ lineId }) => ({ lineId, quantity: 1 })) },
      { kind: 'partial-cancellation' },
    ],
  ])('cannot be %s', (_what, before, when, problem) => {
    expect(decide(when, given(...before))).toEqual({ ok: false, problems: [problem] });
  });

  it('is the fold of its events', () => {
    expect(given(placed)).toMatchObject({
      number: 'SG-100001',
      status: 'PLACED',
      paymentStatus: 'AUTHORIZED',
      version: 1,
      lines: [{ quantity: 2, cancelledQuantity: 0, total: { minorUnits: 200 } }, { quantity: 1 }],
      totals: { total: { minorUnits: 300 }, paid: { minorUnits: 0 }, refunded: { minorUnits: 0 } },
    });
    expect(given(placed, cancelled)).toMatchObject({
      status: 'CANCELLED',
      paymentStatus: 'VOIDING',
      version: 2,
      lines: [{ cancelledQuantity: 2 }, { cancelledQuantity: 1 }],
    });
    expect(given(placed, cancelled, voided)).toMatchObject({ paymentStatus: 'VOIDED', version: 3 });
    expect(given()).toBeNull();
  });

  it('cannot be folded from events in a wrong order', () => {
    expect(() => evolve(null, cancelled)).toThrow('CANCELLED comes before PLACED');
    expect(() => evolve(given(placed), placed)).toThrow('placed twice');
  });
});

describe('other services', () => {
  it('learn what was placed, without names, addresses and mail', () => {
    expect(integrationEventsOf(given(placed)!, [placed])).toEqual([
      {
        type: 'orders.order-placed',
        aggregateId: 'ord_1',
        sequence: 1,
        data: {
          orderId: 'ord_1',
          number: 'SG-100001',
          reservationId: 'rsv_1',
          lines: [
            { sku: 'A', quantity: 2 },
            { sku: 'B', quantity: 1 },
          ],
          total: { minorUnits: 300, currencyCode: 'EUR' },
        },
      },
    ]);
  });

  it('learn what was cancelled, and whether it can be sold again', () => {
    expect(integrationEventsOf(given(placed, cancelled)!, [cancelled])).toEqual([
      {
        type: 'orders.order-cancelled',
        aggregateId: 'ord_1',
        sequence: 2,
        data: {
          orderId: 'ord_1',
          reservationId: 'rsv_1',
          restock: true,
          lines: [
            { sku: 'A', quantity: 2 },
            { sku: 'B', quantity: 1 },
          ],
        },
      },
    ]);
  });

  it('do not learn of voided payments', () => {
    expect(integrationEventsOf(given(placed, cancelled, voided)!, [voided])).toEqual([]);
  });
});
