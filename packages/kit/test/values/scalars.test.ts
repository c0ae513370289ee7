import {
  GraphQLObjectType,
  type GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  parse,
  parseValue,
  validate,
} from 'graphql';
import {
  GraphQLCountryCode,
  GraphQLCurrencyCode,
  GraphQLDateTime,
  GraphQLDecimal,
  GraphQLLong,
} from '../../src/scalars';

const literal = (scalar: GraphQLScalarType, text: string) => scalar.parseLiteral(parseValue(text), {});

describe.each([
  [GraphQLDecimal, ['0', '12.50', '-0.001'], ['', '1e3', '.5', '12.', '+1', '1,5', ' 1', '1'.repeat(17)], [12.5, true]],
  [GraphQLCurrencyCode, ['EUR', 'eur'], ['EU', 'EURO', 'E1R', ''], [978]],
  [GraphQLCountryCode, ['DE', 'de'], ['D', 'DEU', 'D1', ''], [276]],
])('%s', (scalar, good, badTexts, badValues) => {
  it.each(good)('takes %j as variable and as literal, and shows it as it is', (text) => {
    expect(scalar.parseValue(text)).toBe(text);
    expect(literal(scalar, JSON.stringify(text))).toBe(text);
    expect(scalar.serialize(text)).toBe(text);
  });

  it.each(badTexts)('refuses %j', (text) => {
    expect(() => scalar.parseValue(text)).toThrow(TypeError);
    expect(() => literal(scalar, JSON.stringify(text))).toThrow(`${scalar.name} must be a string such as`);
    expect(() => scalar.serialize(text)).toThrow(TypeError);
  });

  it.each([...badValues, null, {}, ['EUR']])('refuses %j, which is no string', (value) => {
    expect(() => scalar.parseValue(value)).toThrow(TypeError);
    expect(() => literal(scalar, '12')).toThrow(TypeError);
  });
});

describe('Long', () => {
  it.each([0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])('takes %d', (value) => {
    expect(GraphQLLong.parseValue(value)).toBe(value);
    expect(literal(GraphQLLong, String(value))).toBe(value);
    expect(GraphQLLong.serialize(value)).toBe(value);
  });

  it.each([0.5, NaN, Infinity, 2 ** 53, '1', true, null])('refuses %p', (value) => {
    expect(() => GraphQLLong.parseValue(value)).toThrow('Long must be an integer of up to 53 bits');
    expect(() => GraphQLLong.serialize(value)).toThrow(TypeError);
  });

  it.each(['9007199254740992', '9007199254740993', '"1"', '1.0'])('refuses %s as literal', (text) => {
    expect(() => literal(GraphQLLong, text)).toThrow(TypeError);
  });
});

describe('DateTime', () => {
  const noon = new Date('2026-01-31T12:00:00.000Z');

  it.each(['2026-01-31T12:00:00Z', '2026-01-31T13:00:00+01:00'])('reads %s', (text) => {
    expect(GraphQLDateTime.parseValue(text)).toEqual(noon);
    expect(literal(GraphQLDateTime, JSON.stringify(text))).toEqual(noon);
  });

  it('is shown as RFC 3339', () => {
    expect(JSON.stringify({ at: GraphQLDateTime.serialize(noon) })).toBe('{"at":"2026-01-31T12:00:00.000Z"}');
  });

  it.each(['2026-01-31', 'yesterday', '2026-02-30T12:00:00Z', '2026-01-31T12:00:00', ''])('refuses %j', (text) => {
    expect(() => GraphQLDateTime.parseValue(text)).toThrow();
  });
});

describe('a value in the document that is not of its type', () => {
  it.each([
    [GraphQLDecimal, '"1e3"'],
    [GraphQLCurrencyCode, '978'],
    [GraphQLCountryCode, '"DEU"'],
    [GraphQLLong, '1.5'],
    [GraphQLDateTime, '"yesterday"'],
  ])('%s is refused in the words by which the gateway knows that it was the client', (scalar, text) => {
    const query = new GraphQLObjectType({
      name: 'Query',
      fields: { field: { type: GraphQLString, args: { value: { type: scalar } } } },
    });
    const errors = validate(new GraphQLSchema({ query }), parse(`{ field(value: ${text}) }`));
    expect(errors).toMatchObject([{ message: expect.stringMatching(/^Expected value of type /) as string }]);
  });
});
