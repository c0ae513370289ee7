import { adjust, count } from '../src/stock/adjustment';
import { aLevel } from './builders';

const level = aLevel({ id: 'lvl_1', onHand: 10, reserved: 4, version: 7 });

describe('adjusting a level of 10 units, 4 of them reserved', () => {
  const adjustment = { reason: 'RECEIVED', reference: 'note 5', changeFromQuantity: null } as const;

  it.each([
    [5, 15, null],
    [-6, 4, 0],
  ])('by %d changes what is on hand', (delta, onHand, floor) => {
    expect(adjust(level, { ...adjustment, delta })).toEqual({
      ok: true,
      value: {
        change: { levelId: 'lvl_1', onHand: delta, allocated: 0, reserved: 0, floor },
        event: {
          type: 'inventory.stock-adjusted',
          aggregateId: 'lvl_1',
          sequence: 8,
          // Without the reference, which may name people.
          data: { sku: level.sku, locationId: level.locationId, delta, onHand, reason: 'RECEIVED' },
        },
      },
    });
  });

  it('never takes what is reserved', () => {
    const result = adjust(level, { ...adjustment, delta: -7 });
    expect(result).toMatchObject({ ok: false, problems: [{ kind: 'too-few', requested: 7, available: 6 }] });
  });

  it('is refused when another count was expected', () => {
    const result = adjust(level, { ...adjustment, delta: 1, changeFromQuantity: 9 });
    expect(result).toEqual({ ok: false, problems: [{ kind: 'quantity-changed', onHand: 10 }] });
  });

  it('goes through when the expected count is right', () => {
    expect(adjust(level, { ...adjustment, delta: 1, changeFromQuantity: 10 })).toMatchObject({ ok: true });
  });

  it('takes deliveries into a level that is sold beyond what is there, and tells that nothing can be taken', () => {
    const oversold = aLevel({ onHand: 0, allocated: 3 });
    expect(adjust(oversold, { ...adjustment, delta: 1 })).toMatchObject({ ok: true });
    expect(adjust(oversold, { ...adjustment, delta: -1 })).toMatchObject({
      problems: [{ kind: 'too-few', requested: 1, available: 0 }],
    });
  });
});

describe('counting a level of 10 units, 4 of them reserved', () => {
  const cause = { reason: 'COUNTED', reference: null } as const;

  it.each([
    [12, 2],
    [4, -6],
  ])('as %d changes it by %d', (quantity, delta) => {
    expect(count(level, { ...cause, quantity })).toMatchObject({
      ok: true,
      value: { change: { onHand: delta }, event: { data: { delta, onHand: quantity, reason: 'COUNTED' } } },
    });
  });

  it('as 10 changes nothing', () => {
    expect(count(level, { ...cause, quantity: 10 })).toEqual({ ok: true, value: null });
  });

  it('as fewer than are reserved is refused', () => {
    expect(count(level, { ...cause, quantity: 3 })).toMatchObject({
      ok: false,
      problems: [{ kind: 'too-few', requested: 7, available: 6 }],
    });
  });
});
