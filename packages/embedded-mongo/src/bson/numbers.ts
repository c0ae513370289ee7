import { Decimal128, Double, Int32, Long } from 'bson';
import { badValue } from '../errors';
import { type BsonNumber, isNumber, type MaybeValue, typeName } from './values';

/** digits × 10^exponent, exactly. */
interface ExactDecimal {
  readonly digits: bigint;
  readonly exponent: number;
}
type Special = 'NaN' | 'Infinity' | '-Infinity';

/** Two decimals further apart than this are compared as doubles; decimal128 spans 6,144 digits either way. */
const MAX_ALIGNED_DIGITS = 6_200;
const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 63n - 1n;
const MIN_INT = -(2n ** 31n);
const MAX_INT = 2n ** 31n - 1n;

/** The value as a JavaScript number, rounded if need be; NaN when it is none. */
export function toNumber(value: MaybeValue): number {
  if (typeof value === 'number') return value;
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (value instanceof Long) return value.toNumber();
  if (value instanceof Decimal128) return Number(value.toString());
  return NaN;
}

/** An integer of any type exactly; fractions are cut off. */
export function toBigInt(value: BsonNumber): bigint {
  return value instanceof Long ? value.toBigInt() : BigInt(Math.trunc(toNumber(value)));
}

/** Whether the value counts as true where MongoDB wants a flag. */
export function isTruthy(value: MaybeValue): boolean {
  if (isNumber(value)) return toNumber(value) !== 0;
  return value !== undefined && value !== null && value !== false;
}

/** Orders numbers of all types by their exact values; NaN comes before every other number. */
export function compareNumbers(a: BsonNumber, b: BsonNumber): number {
  if (a instanceof Decimal128 || b instanceof Decimal128) return compareDecimals(a, b);
  const left = a instanceof Long ? a.toBigInt() : toNumber(a);
  const right = b instanceof Long ? b.toBigInt() : toNumber(b);
  if (left < right) return -1;
  if (left > right) return 1;
  const leftIsNaN = Number.isNaN(left);
  return leftIsNaN === Number.isNaN(right) ? 0 : leftIsNaN ? -1 : 1;
}

/** How far `value` lies from the double that is nearest to it: 0 for all but large longs and decimals. */
export function distanceFromDouble(value: BsonNumber): number {
  const nearest = toNumber(value);
  if (value instanceof Long) return Number(value.toBigInt() - BigInt(nearest));
  if (!(value instanceof Decimal128)) return 0;
  const exact = exactDecimal(value, 34);
  if (typeof exact === 'string') return 0;
  if (!Number.isFinite(nearest)) return nearest > 0 ? -1 : 1;
  const double = exactDecimal(nearest, 34);
  if (typeof double === 'string') return 0;
  const [left, right, exponent] = aligned(exact, double);
  return Number(`${left - right}e${exponent}`);
}

/**
 * The sum in the widest type of the two; integers grow from int to long.
 * @throws MongoError BadValue when a long overflows.
 */
export function addNumbers(a: BsonNumber, b: BsonNumber): BsonNumber {
  return calculate(a, b, ADDITION);
}

/**
 * The product in the widest type of the two; integers grow from int to long.
 * @throws MongoError BadValue when a long overflows.
 */
export function multiplyNumbers(a: BsonNumber, b: BsonNumber): BsonNumber {
  return calculate(a, b, MULTIPLICATION);
}

/** The number with the other sign, in its own type. */
export function negated(value: BsonNumber): BsonNumber {
  return typeof value === 'number' ? -value : multiplyNumbers(value, new Int32(-1));
}

/** The integer as an int where it fits, otherwise as a long. */
export function integer(value: bigint): Int32 | Long {
  return value >= MIN_INT && value <= MAX_INT ? new Int32(Number(value)) : Long.fromBigInt(value);
}

interface Operation {
  doubles(a: number, b: number): number;
  integers(a: bigint, b: bigint): bigint;
  decimals(a: ExactDecimal, b: ExactDecimal): ExactDecimal;
}

const ADDITION: Operation = {
  doubles: (a, b) => a + b,
  integers: (a, b) => a + b,
  decimals: (a, b) => {
    const [left, right, exponent] = aligned(a, b);
    return { digits: left + right, exponent };
  },
};

const MULTIPLICATION: Operation = {
  doubles: (a, b) => a * b,
  integers: (a, b) => a * b,
  decimals: (a, b) => ({ digits: a.digits * b.digits, exponent: a.exponent + b.exponent }),
};

function calculate(a: BsonNumber, b: BsonNumber, operation: Operation): BsonNumber {
  const types = [typeName(a), typeName(b)];
  if (types.includes('decimal')) {
    const left = exactDecimal(a, 15);
    const right = exactDecimal(b, 15);
    if (typeof left !== 'string' && typeof right !== 'string') return toDecimal128(operation.decimals(left, right));
    return Decimal128.fromString(String(operation.doubles(toNumber(a), toNumber(b))));
  }
  if (types.includes('double')) return new Double(operation.doubles(toNumber(a), toNumber(b)));
  const result = operation.integers(toBigInt(a), toBigInt(b));
  if (result < MIN_LONG || result > MAX_LONG) throw badValue('Failed to apply the operation: integer overflow');
  return types.includes('long') ? Long.fromBigInt(result) : integer(result);
}

/** @param doubleDigits Significant digits that a double is taken with: MongoDB calculates with 15, compares with 34. */
function exactDecimal(value: BsonNumber, doubleDigits: number): ExactDecimal | Special {
  const isDouble = value instanceof Double || typeof value === 'number';
  const text = isDouble ? toNumber(value).toPrecision(doubleDigits) : value.toString();
  if (/nan/i.test(text)) return 'NaN';
  if (/inf/i.test(text)) return text.startsWith('-') ? '-Infinity' : 'Infinity';
  const [mantissa = '0', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

function toDecimal128({ digits, exponent }: ExactDecimal): Decimal128 {
  return Decimal128.fromStringWithRounding(`${digits}E${exponent}`);
}

function aligned(a: ExactDecimal, b: ExactDecimal): [bigint, bigint, number] {
  const exponent = Math.min(a.exponent, b.exponent);
  const scaled = (decimal: ExactDecimal): bigint => decimal.digits * 10n ** BigInt(decimal.exponent - exponent);
  return [scaled(a), scaled(b), exponent];
}

const SPECIAL_RANKS: Readonly<Record<Special, number>> = { NaN: -2, '-Infinity': -1, Infinity: 1 };

function compareDecimals(a: BsonNumber, b: BsonNumber): number {
  const left = exactDecimal(a, 34);
  const right = exactDecimal(b, 34);
  if (typeof left === 'string' || typeof right === 'string') {
    const rank = (decimal: ExactDecimal | Special): number =>
      typeof decimal === 'string' ? SPECIAL_RANKS[decimal] : 0;
    return Math.sign(rank(left) - rank(right));
  }
  if (Math.abs(left.exponent - right.exponent) > MAX_ALIGNED_DIGITS) return Math.sign(toNumber(a) - toNumber(b));
  const [leftDigits, rightDigits] = aligned(left, right);
  return leftDigits < rightDigits ? -1 : leftDigits > rightDigits ? 1 : 0;
}
