import { GraphQLScalarType, Kind } from 'graphql';
import { GraphQLDateTime as ScalarsDateTime } from 'graphql-scalars';

// What scalars throw is no GraphQLError: only around other errors does graphql-js say that a value in the document is
// not of its type, which is how the gateway knows that it was the client's.

const dateTime = ScalarsDateTime.toConfig();

/** RFC 3339; a `Date` in our code. */
export const GraphQLDateTime = new GraphQLScalarType({
  ...dateTime,
  parseLiteral(node, variables) {
    try {
      return dateTime.parseLiteral(node, variables);
    } catch (cause) {
      throw new TypeError('DateTime must be a point in time such as 2026-01-31T12:00:00Z.', { cause });
    }
  },
  name: 'DateTime',
  description: 'A point in time, RFC 3339: `2026-01-31T12:00:00Z`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
});

/** A decimal in a string, because JSON's numbers are binary fractions. */
export const GraphQLDecimal = stringScalar(
  'Decimal',
  'An exact decimal number in a string, with a point: `"12.50"`.',
  /^-?\d{1,16}(\.\d{1,16})?$/,
);

/** ISO 4217. Whether the currency exists is checked where it is used, so that the error has the field's path. */
export const GraphQLCurrencyCode = stringScalar('CurrencyCode', 'A currency, ISO 4217: `EUR`.', /^[A-Za-z]{3}$/);

/** ISO 3166-1 alpha-2. Whether the country exists is checked where it is used, so that the error has the field's path. */
export const GraphQLCountryCode = stringScalar('CountryCode', 'A country, ISO 3166-1 alpha-2: `DE`.', /^[A-Za-z]{2}$/);

/** An integer of up to 53 bits, which every JSON parser reads exactly. */
export const GraphQLLong = new GraphQLScalarType<number, number>({
  name: 'Long',
  description: 'An integer of up to 53 bits.',
  serialize: readInteger,
  parseValue: readInteger,
  parseLiteral: (node) => readInteger(node.kind === Kind.INT ? Number(node.value) : undefined),
});

/** Any JSON value, for what has no fixed shape; only for answers. */
export const GraphQLJSON = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: refuseJson,
  parseLiteral: refuseJson,
});

function refuseJson(): never {
  throw new TypeError('JSON is for answers only.');
}

function readInteger(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new TypeError('Long must be an integer of up to 53 bits.');
}

function stringScalar(name: string, description: string, pattern: RegExp) {
  const read = (value: unknown): string => {
    if (typeof value === 'string' && pattern.test(value)) return value;
    throw new TypeError(`${name} must be a string such as ${/`(.*)`/.exec(description)?.[1] ?? name}.`);
  };
  return new GraphQLScalarType<string, string>({
    name,
    description,
    serialize: read,
    parseValue: read,
    parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : undefined),
  });
}
