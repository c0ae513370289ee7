import { reconcile } from '../src/stock/reconciliation';
import { aLevel } from './builders';

const level = aLevel({ id: 'lvl_1', onHand: 10, allocated: 2, reserved: 3 });
const movements = [{ levelId: 'lvl_1', onHand: 10, allocated: 2, reserved: 3 }];
const held = [{ levelId: 'lvl_1', quantity: 3 }];

describe('reconciling', () => {
  it('finds nothing when movements and reservations say the same as the level', () => {
    expect(reconcile([level], movements, held)).toEqual([]);
  });

  it('finds nothing about a level that never had any units', () => {
    expect(reconcile([aLevel({ onHand: 0 })], [], [])).toEqual([]);
  });

  it.each([
    ['ON_HAND', 'MOVEMENTS', { movements: [{ ...movements[0]!, onHand: 9 }] }, 10, 9],
    ['ALLOCATED', 'MOVEMENTS', { movements: [{ ...movements[0]!, allocated: 5 }] }, 2, 5],
    ['RESERVED', 'MOVEMENTS', { movements: [{ ...movements[0]!, reserved: 0 }] }, 3, 0],
    ['RESERVED', 'ACTIVE_RESERVATIONS', { held: [] }, 3, 0],
    ['AVAILABLE', 'OTHER_FIGURES', { level: { ...level, available: 6 } }, 6, 5],
  ])('finds that %s does not agree with %s', (figure, source, given, stored, expected) => {
    const all = { level, movements, held, ...given };
    expect(reconcile([all.level], all.movements, all.held)).toEqual([
      { level: all.level, figure, source, stored, expected },
    ]);
  });
});
