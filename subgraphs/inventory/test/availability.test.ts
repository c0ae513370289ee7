import { availabilityOf } from '../src/stock/stock';
import { aLevel, anItem } from './builders';

describe('what the public sees', () => {
  it.each([
    ['an unknown item', null, { inStock: false, quantity: 0, backorderable: false }],
    [
      'an untracked item',
      anItem({ tracked: false, levels: [] }),
      { inStock: true, quantity: 99, backorderable: false },
    ],
    [
      'units at two locations',
      anItem({ levels: [aLevel(), aLevel({ reserved: 4 })] }),
      { inStock: true, quantity: 16, backorderable: false },
    ],
    [
      'more than it need know',
      anItem({ levels: [aLevel({ onHand: 5_000 })] }),
      { inStock: true, quantity: 99, backorderable: false },
    ],
    [
      'nothing left',
      anItem({ levels: [aLevel({ onHand: 0 })] }),
      { inStock: false, quantity: 0, backorderable: false },
    ],
    [
      'backorders',
      anItem({ backorderLimit: 5, levels: [aLevel({ onHand: 0, reserved: 2 })] }),
      { inStock: false, quantity: 0, backorderable: true },
    ],
    [
      'no more backorders',
      anItem({ backorderLimit: 5, levels: [aLevel({ onHand: 0, reserved: 5 })] }),
      { inStock: false, quantity: 0, backorderable: false },
    ],
  ])('given %s', (_given, item, expected) => {
    expect(availabilityOf(item)).toEqual(expected);
  });
});
