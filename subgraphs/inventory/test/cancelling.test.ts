import { cancel, type Cancellation } from '../src/reservation/cancelling';
import type { Reservation } from '../src/reservation/reservation';
import { aLevel, aReservation } from './builders';

const line = {
  sku: 'S',
  quantity: 5,
  cancelledQuantity: 0,
  allocations: [
    { levelId: 'a', quantity: 3, floor: 0 },
    { levelId: 'b', quantity: 2, floor: -4 },
  ],
};
const committed = aReservation({ status: 'COMMITTED', orderId: 'ord_1', lines: [line], version: 2 });

function cancelFrom(reservation: Reservation, quantities: readonly number[], overrides: Partial<Cancellation> = {}) {
  const lines = quantities.map((quantity) => ({ sku: 'S', quantity }));
  const levels = [aLevel({ id: 'a', onHand: 8, allocated: 3 }), aLevel({ id: 'b', onHand: 1, allocated: 2 })];
  const cancellation = { orderId: 'ord_1', restock: true, lines, ...overrides };
  return cancel(reservation, cancellation, new Map(levels.map((level) => [level.id, level])));
}

describe('cancelling an order', () => {
  it('as a whole makes its units available again', () => {
    expect(cancelFrom(committed, [5])).toMatchObject({
      kind: 'cancel',
      reservation: { status: 'COMMITTED', version: 3, lines: [{ quantity: 5, cancelledQuantity: 5, allocations: [] }] },
      levels: [
        { levelId: 'b', onHand: 0, allocated: -2, reserved: 0, floor: null },
        { levelId: 'a', onHand: 0, allocated: -3, reserved: 0, floor: null },
      ],
      events: [
        {
          type: 'inventory.reservation-cancelled',
          sequence: 3,
          data: { orderId: 'ord_1', restock: true, lines: [{ sku: 'S', quantity: 5 }] },
        },
      ],
    });
  });

  it('without restocking takes its units off the shelf, but not more than lie there', () => {
    expect(cancelFrom(committed, [5], { restock: false })).toMatchObject({
      levels: [
        { levelId: 'b', onHand: -1, allocated: -2 },
        { levelId: 'a', onHand: -3, allocated: -3 },
      ],
    });
  });

  it('in part gives back what is backordered first', () => {
    expect(cancelFrom(committed, [3])).toMatchObject({
      reservation: { lines: [{ cancelledQuantity: 3, allocations: [{ levelId: 'a', quantity: 2, floor: 0 }] }] },
      levels: [
        { levelId: 'b', allocated: -2 },
        { levelId: 'a', allocated: -1 },
      ],
    });
  });

  it('adds up several lines of one SKU', () => {
    expect(cancelFrom(committed, [1, 2])).toMatchObject({ reservation: { lines: [{ cancelledQuantity: 3 }] } });
  });

  it('never cancels more than is left', () => {
    const partly = { ...committed, lines: [{ ...line, cancelledQuantity: 3, allocations: line.allocations.slice(1) }] };
    expect(cancelFrom(partly, [5])).toMatchObject({
      reservation: { lines: [{ cancelledQuantity: 5, allocations: [] }] },
      levels: [{ levelId: 'b', allocated: -2 }],
      events: [{ data: { lines: [{ sku: 'S', quantity: 2 }] } }],
    });
  });

  it('gives up units that were missing before those that are there', () => {
    const short = { ...committed, lines: [{ ...line, allocations: line.allocations.slice(0, 1) }] };
    expect(cancelFrom(short, [2])).toMatchObject({ kind: 'cancel', levels: [] });
    expect(cancelFrom(short, [4])).toMatchObject({ levels: [{ levelId: 'a', allocated: -2 }] });
  });

  it('changes no level for an item that cannot run out', () => {
    const untracked = { ...committed, lines: [{ ...line, allocations: [] }] };
    expect(cancelFrom(untracked, [5])).toMatchObject({ kind: 'cancel', levels: [] });
  });

  it.each([
    [
      'everything is cancelled already',
      { lines: [{ ...line, cancelledQuantity: 5, allocations: [] }] },
      'nothing-left',
    ],
    ['no line has the SKU', { lines: [{ ...line, sku: 'OTHER' }] }, 'nothing-left'],
    ['the reservation is active', { status: 'ACTIVE' }, 'not-committed'],
    ['the reservation has expired', { status: 'EXPIRED' }, 'not-committed'],
    ["the stock is another order's", { orderId: 'ord_2' }, 'not-committed'],
  ] as const)('does nothing when %s', (_when, overrides, kind) => {
    expect(cancelFrom({ ...committed, ...overrides }, [5])).toEqual({ kind });
  });
});
