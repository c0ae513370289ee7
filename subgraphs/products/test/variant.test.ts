import { fitOptions, optionKeyOf } from '../src/variant/options';
import { ALWAYS } from '../src/variant/price';
import { priceIn, setPrice } from '../src/variant/variant';
import { aVariant } from './builders';

const SIZE = { name: 'Size', values: ['S', 'M'] };
const COLOUR = { name: 'Colour', values: ['Red'] };
const small = { name: 'Size', value: 'S' };
const red = { name: 'Colour', value: 'Red' };

describe('a choice of options', () => {
  it.each([
    ['nothing of nothing', [], [], []],
    ['a value of each', [SIZE, COLOUR], [small, red], [small, red]],
    ['a value of each in another order', [SIZE, COLOUR], [red, small], [small, red]],
    ['too little', [SIZE, COLOUR], [small], null],
    ['too much', [SIZE], [small, red], null],
    ['an option twice', [SIZE, COLOUR], [small, { name: 'Size', value: 'M' }], null],
    ['the same twice', [SIZE, COLOUR], [small, small], null],
    ['a value that there is not', [SIZE], [{ name: 'Size', value: 'XL' }], null],
    ['a value of another case', [SIZE], [{ name: 'Size', value: 's' }], null],
  ])('of %s', (_what, options, chosen, fitting) => {
    expect(fitOptions(options, chosen)).toEqual(fitting);
  });

  it('is the same in every order, and another with another value', () => {
    expect(optionKeyOf([small, red])).toBe(optionKeyOf([red, small]));
    expect(optionKeyOf([small, red])).not.toBe(optionKeyOf([{ name: 'Size', value: 'M' }, red]));
    expect(optionKeyOf([{ name: 'a', value: 'b,c' }])).not.toBe(optionKeyOf([{ name: 'a,b', value: 'c' }]));
  });
});

describe('the prices of a variant', () => {
  const now = new Date('2026-02-01T00:00:00Z');
  const euros = { minorUnits: 1250, currencyCode: 'EUR', ...ALWAYS };
  const dollars = { minorUnits: 1400, currencyCode: 'USD', ...ALWAYS };

  it('are one a currency', () => {
    const given = aVariant({ prices: [euros, dollars], version: 4 });
    const { variant, events } = setPrice(given, { ...euros, minorUnits: 999 }, now);
    expect(variant).toMatchObject({ version: 5, updatedAt: now });
    expect(priceIn(variant, 'EUR', now)).toEqual({ minorUnits: 999, currencyCode: 'EUR' });
    expect(priceIn(variant, 'USD', now)).toEqual({ minorUnits: 1400, currencyCode: 'USD' });
    expect(priceIn(variant, 'JPY', now)).toBeNull();
    expect(events).toMatchObject([{ type: 'products.price-changed', sequence: 5, data: { minorUnits: 999 } }]);
  });

  it('that are set again stay as they are, and nothing is told', () => {
    const given = aVariant({ prices: [euros] });
    expect(setPrice(given, { ...euros }, now)).toEqual({ variant: given, events: [] });
  });
});
