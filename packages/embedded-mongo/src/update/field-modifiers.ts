import { Int32, Long, Timestamp } from 'bson';
import { compareValues } from '../bson/compare';
import { addNumbers, integer, multiplyNumbers, toBigInt } from '../bson/numbers';
import {
  type BsonDocument,
  type BsonNumber,
  cloned,
  isDocument,
  isNumber,
  type MaybeValue,
  typeName,
} from '../bson/values';
import { badValue, typeMismatch } from '../errors';
import { type Container, createdContainer, existingContainer, getIn, setIn } from './paths';

/** `$set` and `$setOnInsert`. */
export function set(container: Container, key: string, argument: MaybeValue): void {
  setIn(container, key, cloned(argument));
}

/** `$unset`: removes a field; an array element becomes null, so that the others keep their places. */
export function unset(container: Container, key: string): void {
  if (!Array.isArray(container)) Reflect.deleteProperty(container, key);
  else if (getIn(container, key) !== undefined) setIn(container, key, null);
}

/**
 * `$inc`: adds, in the wider type of the two numbers. A missing field counts as 0.
 * @throws MongoError TypeMismatch when one of them is no number.
 */
export function increment(container: Container, key: string, argument: MaybeValue): void {
  const amount = numericArgument(argument, 'increment');
  const current = numericField(container, key, '$inc');
  setIn(container, key, current === undefined ? amount : addNumbers(current, amount));
}

/**
 * `$mul`: multiplies, in the wider type of the two numbers. A missing field becomes 0.
 * @throws MongoError TypeMismatch when one of them is no number.
 */
export function multiply(container: Container, key: string, argument: MaybeValue): void {
  const factor = numericArgument(argument, 'multiply');
  setIn(container, key, multiplyNumbers(numericField(container, key, '$mul') ?? new Int32(0), factor));
}

/** `$min` when `direction` is -1, `$max` when it is 1: keeps what comes first or last in the order of all values. */
export function keepExtreme(container: Container, key: string, argument: MaybeValue, direction: 1 | -1): void {
  const current = getIn(container, key);
  if (current === undefined || compareValues(argument, current) * direction > 0) setIn(container, key, argument);
}

/**
 * `$currentDate`, as a date or as a timestamp.
 * @throws MongoError BadValue for another type.
 */
export function setCurrentDate(container: Container, key: string, argument: MaybeValue): void {
  const type = isDocument(argument) ? argument.$type : 'date';
  if (type !== 'date' && type !== 'timestamp') {
    throw badValue("The '$type' string field is required to be 'date' or 'timestamp'");
  }
  const now = new Date();
  const seconds = Math.floor(now.getTime() / 1000);
  setIn(container, key, type === 'date' ? now : new Timestamp({ t: seconds, i: 1 }));
}

const BIT_OPERATIONS: ReadonlyMap<string, (a: bigint, b: bigint) => bigint> = new Map([
  ['and', (a: bigint, b: bigint) => a & b],
  ['or', (a: bigint, b: bigint) => a | b],
  ['xor', (a: bigint, b: bigint) => a ^ b],
]);

/**
 * `$bit`: and, or, xor on an integer. A missing field counts as 0.
 * @throws MongoError BadValue when the field or an operand is no integer.
 */
export function changeBits(container: Container, key: string, argument: MaybeValue): void {
  if (!isDocument(argument)) throw badValue(`The $bit modifier is not compatible with a ${typeName(argument)}`);
  const current = getIn(container, key) ?? new Int32(0);
  if (!(current instanceof Int32) && !(current instanceof Long)) {
    throw badValue('Cannot apply $bit to a value of non-integral type.');
  }
  let isLong = current instanceof Long;
  let bits = toBigInt(current);
  for (const [name, operand] of Object.entries(argument)) {
    const combine = BIT_OPERATIONS.get(name);
    if (!combine || !isNumber(operand)) throw badValue(`The $bit modifier only supports 'and', 'or', and 'xor'`);
    isLong ||= operand instanceof Long;
    bits = combine(bits, toBigInt(operand));
  }
  setIn(container, key, isLong ? Long.fromBigInt(bits) : integer(bits));
}

/**
 * `$rename`: moves a field to another path, if it is there.
 * @throws MongoError BadValue when an array element would move.
 */
export function rename(document: BsonDocument, source: readonly string[], target: readonly string[]): void {
  const container = existingContainer(document, source);
  const key = source.at(-1);
  if (!container || key === undefined) return;
  const value = getIn(container, key);
  if (value === undefined) return;
  if (Array.isArray(container)) throw badValue('The source field cannot be an array element');
  Reflect.deleteProperty(container, key);
  setIn(createdContainer(document, target), target.at(-1) ?? '', value);
}

function numericArgument(argument: MaybeValue, verb: string): BsonNumber {
  if (isNumber(argument)) return argument;
  throw typeMismatch(`Cannot ${verb} with non-numeric argument of type ${typeName(argument)}`);
}

function numericField(container: Container, key: string, operator: string): BsonNumber | undefined {
  const value = getIn(container, key);
  if (value === undefined || isNumber(value)) return value;
  throw typeMismatch(
    `Cannot apply ${operator} to a value of non-numeric type. The field '${key}' is of type ${typeName(value)}`,
  );
}
