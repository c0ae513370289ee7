import { Decimal128, Long, ObjectId } from 'bson';
import { toNumber } from '../bson/numbers';
import { isDocument, isNumber, type MaybeValue, typeName } from '../bson/values';
import { badValue, MongoError } from '../errors';

type Evaluate = (operands: readonly MaybeValue[]) => MaybeValue;

const cannotConvert = (value: MaybeValue, type: string): MongoError =>
  new MongoError(241, 'ConversionFailure', `Unsupported conversion from ${typeName(value)} to ${type} in $convert`);

/** Null and missing values stay null, whatever they would be converted to. */
const ofValue =
  (convert: (value: NonNullable<MaybeValue>) => MaybeValue): Evaluate =>
  ([value]) =>
    value === null || value === undefined ? null : convert(value);

const MONTHS_IN_UNIT: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };
const MS_IN_UNIT: Readonly<Record<string, number>> = {
  millisecond: 1,
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
};

/** A month later is the same day of the month, or the last day of a shorter month. */
function monthsLater(date: Date, months: number): Date {
  const result = new Date(date);
  result.setUTCDate(1);
  result.setUTCMonth(result.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(result.getUTCFullYear(), result.getUTCMonth() + 1, 0)).getUTCDate();
  result.setUTCDate(Math.min(date.getUTCDate(), lastDay));
  return result;
}

const dateMoved =
  (direction: 1 | -1): Evaluate =>
  ([argument]) => {
    const { startDate, unit, amount, timezone } = isDocument(argument) ? argument : {};
    if (startDate === null || startDate === undefined || amount === null || amount === undefined) return null;
    if (timezone !== undefined) throw badValue('a timezone in $dateAdd is not supported by the embedded server');
    if (!(startDate instanceof Date) || typeof unit !== 'string') throw badValue('$dateAdd requires a date and a unit');
    const count = toNumber(amount) * direction;
    const months = MONTHS_IN_UNIT[unit];
    if (months !== undefined) return monthsLater(startDate, months * count);
    const ms = MS_IN_UNIT[unit];
    if (ms === undefined) throw badValue(`unknown time unit value: ${unit}`);
    return new Date(startDate.getTime() + ms * count);
  };

/** The operators on types and dates that mingo evaluates otherwise than MongoDB, with evaluated operands. */
export const CONVERSIONS: Readonly<Record<`$${string}`, Evaluate>> = {
  $type: ([value]) => typeName(value),
  $toString: ofValue((value) => {
    if (value instanceof ObjectId) return value.toHexString();
    if (value instanceof Date) return value.toISOString();
    if (typeof value === 'string' || typeof value === 'boolean' || isNumber(value)) return value.toString();
    throw cannotConvert(value, 'string');
  }),
  $toObjectId: ofValue((value) => {
    if (value instanceof ObjectId) return value;
    if (typeof value === 'string' && /^[0-9a-f]{24}$/i.test(value)) return new ObjectId(value);
    throw cannotConvert(value, 'objectId');
  }),
  $toDecimal: ofValue((value) => {
    if (value instanceof Decimal128) return value;
    if (typeof value === 'string' || isNumber(value)) return Decimal128.fromString(value.toString());
    throw cannotConvert(value, 'decimal');
  }),
  $toLong: ofValue((value) => {
    if (value instanceof Date) return Long.fromNumber(value.getTime());
    if (typeof value === 'string' && /^-?\d+$/.test(value)) return Long.fromString(value);
    if (typeof value === 'boolean') return Long.fromNumber(Number(value));
    if (isNumber(value)) return value instanceof Long ? value : Long.fromNumber(Math.trunc(toNumber(value)));
    throw cannotConvert(value, 'long');
  }),
  $dateAdd: dateMoved(1),
  $dateSubtract: dateMoved(-1),
};
