import { addToCart, emptyCart, refreshPrices, removeLine, setLineQuantity } from '../src/cart/cart';
import { aCart, aLine, anOffer, offers } from './builders';

const now = new Date('2026-05-01T00:00:00Z');
const inThirtyDays = new Date('2026-05-31T00:00:00Z');
const newLineId = () => 'new-line';

describe('adding to a cart', () => {
  const add = (given: ReturnType<typeof aCart>, when: { sku: string; quantity: number }[]) =>
    addToCart(given, when, offers(anOffer({ sku: 'A' }), anOffer({ sku: 'B', minorUnits: 200 })), newLineId, now);

  it.each([
    { given: 'an empty cart', cart: aCart(), when: [{ sku: 'A', quantity: 2 }], then: [{ sku: 'A', quantity: 2 }] },
    {
      given: 'a line of that SKU',
      cart: aCart({ lines: [aLine({ id: 'old', sku: 'A', quantity: 3 })] }),
      when: [{ sku: 'A', quantity: 2 }],
      then: [{ id: 'old', sku: 'A', quantity: 5 }],
    },
    {
      given: 'one SKU twice in a request',
      cart: aCart(),
      when: [
        { sku: 'A', quantity: 1 },
        { sku: 'B', quantity: 1 },
        { sku: 'A', quantity: 2 },
      ],
      then: [
        { sku: 'A', quantity: 3 },
        { sku: 'B', quantity: 1 },
      ],
    },
  ])('given $given, adds up', ({ cart, when, then }) => {
    const result = add(cart, when);
    expect(result).toMatchObject({
      ok: true,
      value: { lines: then, version: cart.version + 1, expiresAt: inThirtyDays },
    });
  });

  it('takes the price of now, for the units that were there too', () => {
    const cart = aCart({ lines: [aLine({ sku: 'B', quantity: 1, minorUnits: 150 })] });
    expect(add(cart, [{ sku: 'B', quantity: 1 }])).toMatchObject({
      value: { lines: [{ quantity: 2, unitPrice: { minorUnits: 200 } }] },
    });
  });

  it('adds nothing when one line cannot be had, and names each that cannot', () => {
    const cart = aCart({ lines: [aLine({ sku: 'A', quantity: 999 })] });
    const when = [
      { sku: 'B', quantity: 1 },
      { sku: 'NONE', quantity: 1 },
      { sku: 'A', quantity: 1 },
    ];
    expect(add(cart, when)).toEqual({
      ok: false,
      problems: [
        { kind: 'not-available', index: 1, sku: 'NONE' },
        { kind: 'line-too-large', index: 2, sku: 'A' },
      ],
    });
  });

  it('refuses the line after the hundredth', () => {
    const lines = Array.from({ length: 100 }, (_, index) => aLine({ sku: `S${index}` }));
    expect(add(aCart({ lines }), [{ sku: 'A', quantity: 1 }])).toEqual({
      ok: false,
      problems: [{ kind: 'too-many-lines' }],
    });
  });
});

describe('changing a line', () => {
  const cart = aCart({ lines: [aLine({ id: 'a', sku: 'A' }), aLine({ id: 'b', sku: 'B' })] });

  it('sets its quantity at the price of now', () => {
    const result = setLineQuantity(cart, 'a', 7, anOffer({ sku: 'A', minorUnits: 300 }), now);
    expect(result).toMatchObject({
      value: { lines: [{ id: 'a', quantity: 7, unitPrice: { minorUnits: 300 } }, { id: 'b' }], version: 2 },
    });
  });

  it('to no units removes it, also when it is not sold any more', () => {
    expect(setLineQuantity(cart, 'a', 0, null, now)).toMatchObject({ value: { lines: [{ id: 'b' }] } });
  });

  it('is refused when it is not sold any more', () => {
    expect(setLineQuantity(cart, 'a', 2, null, now)).toEqual({
      ok: false,
      problems: [{ kind: 'line-not-available', sku: 'A' }],
    });
  });

  it('is refused when there is no such line', () => {
    const refused = { ok: false, problems: [{ kind: 'unknown-line' }] };
    expect(setLineQuantity(cart, 'c', 2, null, now)).toEqual(refused);
    expect(removeLine(cart, 'c', now)).toEqual(refused);
  });
});

describe('refreshing prices', () => {
  it('changes what is still sold, and leaves the rest', () => {
    const cart = aCart({ lines: [aLine({ sku: 'A', minorUnits: 100 }), aLine({ sku: 'B', minorUnits: 100 })] });
    const refreshed = refreshPrices(cart, offers(anOffer({ sku: 'A', minorUnits: 120 })), now);
    expect(refreshed.lines.map(({ unitPrice }) => unitPrice.minorUnits)).toEqual([120, 100]);
    expect(refreshed.version).toBe(cart.version + 1);
  });
});

describe('a new cart', () => {
  it('is open, empty and kept for 30 days', () => {
    const origin = { id: 'cart_1', customerId: null, tokenHash: 'hash', currencyCode: 'EUR' };
    expect(emptyCart(origin, now)).toMatchObject({ status: 'OPEN', lines: [], version: 1, expiresAt: inThirtyDays });
  });
});
