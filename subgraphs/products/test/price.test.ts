import { ALWAYS, hasPrice, type Price, priceAt, withPrice } from '../src/variant/price';

const at = (day: number) => new Date(Date.UTC(2026, 1, day));
const euros = (minorUnits: number, from: number | null = null, to: number | null = null): Price => ({
  minorUnits,
  currencyCode: 'EUR',
  validFrom: from === null ? null : at(from),
  validTo: to === null ? null : at(to),
});

describe('a price list with a usual price of 10, a month at 8, a week of that at 6, and 12 from the 20th on', () => {
  const list = [euros(12, 20), euros(6, 5, 12), euros(10), euros(8, 1, 28)];

  it.each([
    ['before all of them', -5, 10],
    ['at the first moment of the month', 1, 8],
    ['within the week', 6, 6],
    ['when the week is over, to the moment', 12, 8],
    ['when a later price has begun', 20, 12],
    ['when the month is over', 28, 12],
  ])('says %s (day %d) that it costs %d', (_when, day, minorUnits) => {
    expect(priceAt(list, 'EUR', at(day))).toEqual({ minorUnits, currencyCode: 'EUR' });
  });

  it('says nothing for another currency', () => {
    expect(priceAt(list, 'USD', at(6))).toBeNull();
  });
});

describe('a price list', () => {
  it('says nothing outside the only time that it knows', () => {
    expect(priceAt([euros(6, 5, 12)], 'EUR', at(4))).toBeNull();
    expect(priceAt([euros(6, 5, 12)], 'EUR', at(12))).toBeNull();
  });

  it('prefers of two prices that begin together the one that ends first', () => {
    expect(priceAt([euros(10), euros(7, null, 9)], 'EUR', at(3))?.minorUnits).toBe(7);
    expect(priceAt([euros(10), euros(7, null, 9)], 'EUR', at(9))?.minorUnits).toBe(10);
  });

  it('takes a price in place of the one for the same time, and forgets those that are over', () => {
    const list = withPrice([euros(10), euros(6, 5, 12), euros(8, 1, 3)], euros(9), at(4));
    expect(list).toEqual([euros(6, 5, 12), euros(9)]);
    expect(withPrice(list, euros(5, 5, 12), at(4))).toEqual([euros(9), euros(5, 5, 12)]);
  });

  it('knows what it has', () => {
    expect(hasPrice([euros(10)], { minorUnits: 10, currencyCode: 'EUR', ...ALWAYS })).toBe(true);
    expect(hasPrice([euros(10)], euros(10, 1))).toBe(false);
  });
});
