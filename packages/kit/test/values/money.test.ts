import {
  addMoney,
  allocate,
  decimalOf,
  equalMoney,
  exponentOf,
  isCurrency,
  money,
  multiplyMoney,
  parseMoney,
  percentOf,
  subtractMoney,
  sumMoney,
  zero,
} from '../../src/money';

const MAX = Number.MAX_SAFE_INTEGER;

/** The same numbers in every run (mulberry32). */
function randomIntegers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

describe('an amount', () => {
  it.each([
    [1250, 'EUR', '12.50'],
    [5, 'EUR', '0.05'],
    [0, 'EUR', '0.00'],
    [-5, 'EUR', '-0.05'],
    [-1250, 'EUR', '-12.50'],
    [1250, 'JPY', '1250'],
    [-1, 'JPY', '-1'],
    [1250, 'KWD', '1.250'],
    [1, 'KWD', '0.001'],
    [MAX, 'EUR', '90071992547409.91'],
    [-MAX, 'JPY', '-9007199254740991'],
  ])('of %d minor units %s is written and read as %s', (minorUnits, currencyCode, text) => {
    expect(decimalOf(money(minorUnits, currencyCode))).toBe(text);
    expect(parseMoney(text, currencyCode)).toEqual(money(minorUnits, currencyCode));
  });

  it.each(['EUR', 'JPY', 'KWD'])('of %s survives being written and read', (currencyCode) => {
    const below = randomIntegers(7);
    for (let round = 0; round < 2_000; round += 1) {
      const amount = money((below(2) === 0 ? -1 : 1) * below(10 ** (1 + below(15))), currencyCode);
      expect(parseMoney(decimalOf(amount), currencyCode)).toEqual(amount);
    }
  });

  it.each([
    ['12.5', 'EUR', 1250],
    ['12', 'EUR', 1200],
    ['007.5', 'EUR', 750],
    ['-0.00', 'EUR', 0],
    ['-0', 'JPY', 0],
  ])('may be given as %s %s', (text, currencyCode, minorUnits) => {
    expect(parseMoney(text, currencyCode)).toEqual({ minorUnits, currencyCode });
  });

  it.each([
    ['12.505', 'EUR'],
    ['12.500', 'EUR'],
    ['12.0', 'JPY'],
    ['1.2345', 'KWD'],
    ['', 'EUR'],
    ['12.', 'EUR'],
    ['.5', 'EUR'],
    ['+1', 'EUR'],
    ['1e3', 'EUR'],
    ['1,50', 'EUR'],
    ['0x10', 'EUR'],
    [' 1', 'EUR'],
    ['1\n', 'EUR'],
    ['١', 'EUR'],
    ['NaN', 'EUR'],
    ['90071992547409.92', 'EUR'],
    ['99999999999999999', 'JPY'],
    ['1.00', 'XXX'],
    ['1.00', 'eur'],
  ])('may not be given as %j %s', (text, currencyCode) => {
    expect(parseMoney(text, currencyCode)).toBeNull();
  });

  it.each([0.5, NaN, Infinity, MAX + 1, -MAX - 1])('of %d minor units does not exist', (minorUnits) => {
    expect(() => money(minorUnits, 'EUR')).toThrow(RangeError);
  });

  it('is never minus nothing', () => {
    expect(money(-0, 'EUR').minorUnits).toBe(0);
    expect(multiplyMoney(money(-5, 'EUR'), 0).minorUnits).toBe(0);
    expect(percentOf(money(-1, 'EUR'), 1).minorUnits).toBe(0);
  });
});

describe('arithmetic', () => {
  it('adds, subtracts, multiplies and sums within a currency', () => {
    expect(addMoney(money(150, 'EUR'), money(-50, 'EUR'))).toEqual(money(100, 'EUR'));
    expect(subtractMoney(money(150, 'EUR'), money(200, 'EUR'))).toEqual(money(-50, 'EUR'));
    expect(multiplyMoney(money(333, 'EUR'), 3)).toEqual(money(999, 'EUR'));
    expect(sumMoney([money(1, 'JPY'), money(2, 'JPY')], 'JPY')).toEqual(money(3, 'JPY'));
    expect(sumMoney([], 'JPY')).toEqual(zero('JPY'));
  });

  it('does not mix currencies', () => {
    expect(() => addMoney(money(1, 'EUR'), money(1, 'USD'))).toThrow('EUR and USD do not mix');
    expect(() => subtractMoney(money(1, 'EUR'), money(1, 'USD'))).toThrow(RangeError);
    expect(() => sumMoney([money(1, 'EUR')], 'USD')).toThrow(RangeError);
    expect(equalMoney(money(1, 'EUR'), money(1, 'USD'))).toBe(false);
    expect(equalMoney(money(1, 'EUR'), money(1, 'EUR'))).toBe(true);
  });

  it.each([
    ['a sum', () => addMoney(money(MAX, 'EUR'), money(1, 'EUR'))],
    ['a difference', () => subtractMoney(money(-MAX, 'EUR'), money(1, 'EUR'))],
    ['a product', () => multiplyMoney(money(MAX, 'EUR'), 2)],
    ['a fraction of a unit', () => multiplyMoney(money(1, 'EUR'), 1.5)],
    ['a percentage', () => percentOf(money(MAX, 'EUR'), 20_000)],
  ])('throws rather than lose a unit of %s', (_what, calculate) => {
    expect(calculate).toThrow(RangeError);
  });
});

describe('a percentage', () => {
  it.each([
    [1000, 1900, 190],
    [1, 5000, 1],
    [3, 5000, 2],
    [149, 100, 1],
    [150, 100, 2],
    [-150, 100, -2],
    [-149, 100, -1],
    [-1, 5000, -1],
    [1000, 0, 0],
    [1000, 10_000, 1000],
    [1000, -1900, -190],
    [MAX, 10_000, MAX],
  ])('of %d at %d hundredths of a percent is %d: half a unit counts as one', (minorUnits, basisPoints, expected) => {
    expect(percentOf(money(minorUnits, 'EUR'), basisPoints)).toEqual(money(expected, 'EUR'));
  });
});

describe('an allocation', () => {
  it.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [-100, [1, 1, 1], [-34, -33, -33]],
    [1, [1, 1, 1], [1, 0, 0]],
    [-1, [1, 1], [-1, 0]],
    [5, [3, 7], [2, 3]],
    [100, [0, 1, 0], [0, 100, 0]],
    [0, [1, 2], [0, 0]],
    [10, [1], [10]],
    [MAX, [MAX, MAX], [4503599627370496, 4503599627370495]],
  ])('of %d by %j is %j', (total, weights, expected) => {
    expect(allocate(total, weights)).toEqual(expected);
  });

  it('always adds up, and is nowhere a unit or more off', () => {
    const below = randomIntegers(11);
    for (let round = 0; round < 1_000; round += 1) {
      const total = (below(2) === 0 ? -1 : 1) * below(1_000_000);
      const weights = Array.from({ length: 1 + below(12) }, () => below(1_000));
      weights[0] = 1 + below(1_000);
      const sum = weights.reduce((left, right) => left + right, 0);
      const parts = allocate(total, weights);
      expect(parts.reduce((left, right) => left + right, 0)).toBe(total);
      for (const [index, part] of parts.entries()) {
        expect(Math.abs(part - (total * weights[index]!) / sum)).toBeLessThan(1);
      }
    }
  });

  it.each([
    ['no weights', []],
    ['no weight but 0', [0, 0]],
    ['a negative weight', [2, -1]],
    ['a fraction as weight', [0.5, 0.5]],
  ])('is refused with %s', (_what, weights) => {
    expect(() => allocate(100, weights)).toThrow(RangeError);
  });
});

describe('a currency', () => {
  it.each([
    ['JPY', 0],
    ['EUR', 2],
    ['USD', 2],
    ['KWD', 3],
    ['XOF', 0],
    ['XCD', 2],
  ])('%s has %d decimal places', (currencyCode, exponent) => {
    expect(isCurrency(currencyCode)).toBe(true);
    expect(exponentOf(currencyCode)).toBe(exponent);
  });

  it.each(['XXX', 'XTS', 'XAU', 'eur', 'EU', 'EURO', 'ZZZ', '', '__proto__'])('%j is none', (code) => {
    expect(isCurrency(code)).toBe(false);
    expect(() => exponentOf(code)).toThrow(RangeError);
  });
});
