import { problemWith, quote } from '../src/checkout/quote';
import { lineTotal, totalsOf } from '../src/pricing/totals';
import { sumBySku } from '../src/stock/stock';
import { aCart, aLine, anOffer, offers } from './builders';

const eur = (minorUnits: number) => ({ minorUnits, currencyCode: 'EUR' });

describe('totals', () => {
  it('of a line are its units at their price', () => {
    expect(lineTotal(aLine({ quantity: 3, minorUnits: 333 }))).toEqual(eur(999));
  });

  it('add up the lines, and nothing else yet', () => {
    const lines = [aLine({ quantity: 2, minorUnits: 1_250 }), aLine({ minorUnits: 1 })];
    expect(totalsOf(lines, 'EUR')).toEqual({
      subtotal: eur(2_501),
      discount: eur(0),
      shipping: eur(0),
      tax: eur(0),
      total: eur(2_501),
    });
  });

  it('of nothing are nothing', () => {
    expect(totalsOf([], 'JPY').total).toEqual({ minorUnits: 0, currencyCode: 'JPY' });
  });

  it('that a number cannot hold exactly are an error', () => {
    expect(() => totalsOf([aLine({ quantity: 999, minorUnits: Number.MAX_SAFE_INTEGER })], 'EUR')).toThrow(RangeError);
  });
});

describe('stock lines', () => {
  it('hold the sum of each SKU', () => {
    const lines = [aLine({ sku: 'A', quantity: 2 }), aLine({ sku: 'B' }), aLine({ sku: 'A', quantity: 3 })];
    expect(sumBySku(lines)).toEqual([
      { sku: 'A', quantity: 5 },
      { sku: 'B', quantity: 1 },
    ]);
  });
});

describe('a quote', () => {
  const cart = aCart({ version: 4, lines: [aLine({ sku: 'A', quantity: 2 }), aLine({ sku: 'B', minorUnits: 50 })] });
  const expected = { cartVersion: 4, total: eur(250) };
  const current = (a: number, b: number) =>
    offers(anOffer({ sku: 'A', minorUnits: a }), anOffer({ sku: 'B', minorUnits: b }));

  it('is what the client expects', () => {
    expect(quote(cart, current(100, 50), expected)).toMatchObject({ ok: true, value: { totals: { total: eur(250) } } });
  });

  it.each([
    [
      'a price that rose',
      current(101, 50),
      [{ kind: 'price-changed', index: 0, sku: 'A', was: eur(100), now: eur(101) }],
    ],
    [
      'a price that fell',
      current(100, 49),
      [{ kind: 'price-changed', index: 1, sku: 'B', was: eur(50), now: eur(49) }],
    ],
    ['a SKU that is gone', offers(anOffer({ sku: 'A' })), [{ kind: 'not-available', index: 1, sku: 'B' }]],
  ])('is refused for %s', (_what, now, problems) => {
    expect(quote(cart, now, expected)).toEqual({ ok: false, problems });
  });

  it('is refused for prices that changed but add up to the same', () => {
    expect(quote(cart, current(99, 52), expected)).toMatchObject({ ok: false, problems: [{}, {}] });
  });

  it('is refused for another total, which it tells', () => {
    expect(quote(cart, current(100, 50), { ...expected, total: eur(249) })).toEqual({
      ok: false,
      problems: [{ kind: 'total-differs', total: eur(250) }],
    });
  });

  it.each([
    ['an ordered cart', { status: 'ORDERED' as const }, expected, 'already-ordered'],
    ['another version', {}, { ...expected, cartVersion: 3 }, 'cart-changed'],
    ['an empty cart', { lines: [] }, expected, 'cart-empty'],
    ['another currency', {}, { ...expected, total: { minorUnits: 250, currencyCode: 'USD' } }, 'currency-mismatch'],
  ])('is not made for %s', (_what, overrides, expectation, kind) => {
    expect(problemWith({ ...cart, ...overrides }, expectation)).toEqual({ kind });
  });
});
