import { commit, reallocate } from '../src/reservation/committing';
import { expire, release } from '../src/reservation/ending';
import { aLevel, anItem, aReservation } from './builders';

const line = {
  sku: 'S',
  quantity: 5,
  cancelledQuantity: 0,
  allocations: [
    { levelId: 'a', quantity: 3, floor: 0 },
    { levelId: 'b', quantity: 2, floor: -4 },
  ],
};

describe('giving an active reservation back', () => {
  it.each([
    ['release', release, 'RELEASED', 'inventory.reservation-released'],
    ['expire', expire, 'EXPIRED', 'inventory.reservation-expired'],
  ])('by %s returns what every level has given', (_how, end, status, type) => {
    expect(end(aReservation({ lines: [line] }))).toMatchObject({
      kind: 'end',
      reservation: { status, version: 2 },
      levels: [
        { levelId: 'a', onHand: 0, allocated: 0, reserved: -3, floor: null },
        { levelId: 'b', onHand: 0, allocated: 0, reserved: -2, floor: null },
      ],
      events: [{ type, aggregateId: 'rsv_1', sequence: 2, data: { ownerReference: 'cart_1' } }],
    });
  });
});

describe('committing an active reservation', () => {
  it('hands its units to the order, without a floor because they are held', () => {
    expect(commit(aReservation({ lines: [line] }), 'ord_1')).toMatchObject({
      kind: 'commit',
      reservation: { status: 'COMMITTED', orderId: 'ord_1', lines: [line], version: 2 },
      levels: [
        { levelId: 'a', onHand: 0, allocated: 3, reserved: -3, floor: null },
        { levelId: 'b', onHand: 0, allocated: 2, reserved: -2, floor: null },
      ],
      events: [{ type: 'inventory.reservation-committed', sequence: 2, data: { orderId: 'ord_1' } }],
    });
  });
});

describe('a reservation that has ended', () => {
  it.each([
    ['RELEASED', 'already-ended', 'ended'],
    ['EXPIRED', 'already-ended', 'ended'],
    ['COMMITTED', 'committed', 'already-committed'],
  ] as const)('as %s ends no other way', (status, givenBack, committed) => {
    const reservation = aReservation({ status });
    expect(release(reservation)).toEqual({ kind: givenBack });
    expect(expire(reservation)).toEqual({ kind: givenBack });
    expect(commit(reservation, 'ord_1')).toEqual({ kind: committed });
  });
});

describe('allocating an ended reservation anew', () => {
  const ended = aReservation({ status: 'EXPIRED', lines: [line], version: 2 });
  const shelf = (onHand: number) => aLevel({ id: 'c', onHand });
  const reallocateFrom = (item: Parameters<typeof anItem>[0]) =>
    reallocate(ended, 'ord_1', new Map([['S', anItem({ sku: 'S', ...item })]]));

  it('takes the units from where they are now', () => {
    expect(reallocateFrom({ levels: [shelf(8)] })).toMatchObject({
      reservation: {
        status: 'COMMITTED',
        orderId: 'ord_1',
        lines: [{ allocations: [{ levelId: 'c', quantity: 5 }] }],
        version: 3,
      },
      levels: [{ levelId: 'c', onHand: 0, allocated: 5, reserved: 0, floor: 0 }],
      events: [{ type: 'inventory.reservation-committed', sequence: 3 }],
      missing: [],
    });
  });

  it.each([
    ['some', { levels: [shelf(2)] }, 3, [{ levelId: 'c', allocated: 2, floor: 0 }]],
    ['all, on an oversold level', { levels: [aLevel({ onHand: 0, allocated: 1 })] }, 5, []],
    ['all, without any level', { levels: [] }, 5, []],
  ])('tells that %s are missing, and takes no more than there are', (_how, item, missing, levels) => {
    const lines = [{ sku: 'S', ordered: 5, missing }];
    const result = reallocateFrom(item);
    expect(result).toMatchObject({
      events: [
        { type: 'inventory.reservation-committed' },
        {
          type: 'inventory.reservation-commit-short',
          sequence: 3,
          data: { reservationId: 'rsv_1', orderId: 'ord_1', lines },
        },
      ],
      missing: lines,
    });
    expect(result.levels).toMatchObject(levels);
    expect(result.levels).toHaveLength(levels.length);
  });

  it('misses nothing of an item that cannot run out', () => {
    expect(reallocateFrom({ tracked: false, levels: [] })).toMatchObject({ levels: [], missing: [] });
  });
});
