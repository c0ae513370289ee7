import { BSONRegExp, BSONSymbol } from 'bson';
import { compareValues, equalValues, TypeOrder, typeOrder } from '../bson/compare';
import { encodeKey } from '../bson/key';
import { isNumber, leadingOperator, type MaybeValue } from '../bson/values';
import { toNumber } from '../bson/numbers';
import { toRegExp } from '../bson/regular-expression';
import { badValue } from '../errors';
import type { Collation } from './collation';

/** Decides on everything that a filter's path reaches in a document; undefined stands for a missing field. */
export type ValuesPredicate = (values: readonly MaybeValue[]) => boolean;

/** From this length on, a list of alternatives is looked up by key instead of compared one by one. */
const LOOKUP_LENGTH = 12;

/** True when `test` holds for one of the values, or for an element of one that is an array. */
export function anyValue(test: (value: MaybeValue) => boolean): ValuesPredicate {
  return (values) => {
    for (const value of values) {
      if (test(value)) return true;
      if (Array.isArray(value) && value.some(test)) return true;
    }
    return false;
  };
}

/** `$eq`: null is also equal to a field that does not exist. */
export function equalTo(expected: MaybeValue, collation?: Collation): ValuesPredicate {
  if (expected === null || expected === undefined) return isNullOrMissing;
  if (typeof expected === 'string' && !collation) {
    return anyValue((value) => value === expected || (value instanceof BSONSymbol && value.value === expected));
  }
  return anyValue((value) => value !== undefined && equalValues(value, expected, collation));
}

const isNullOrMissing: ValuesPredicate = (values) =>
  values.some((value) => value === undefined || value === null || (Array.isArray(value) && value.includes(null)));

/** A string that the pattern matches, or the same pattern. */
export function matchingPattern(pattern: BSONRegExp | string, options?: string): ValuesPredicate {
  const expression = toRegExp(pattern, options);
  return anyValue((value) => {
    if (typeof value === 'string') return expression.test(value);
    if (value instanceof BSONSymbol) return expression.test(value.value);
    return value instanceof BSONRegExp && pattern instanceof BSONRegExp && equalValues(value, pattern);
  });
}

/**
 * `$in`, with patterns among the alternatives.
 * @throws MongoError BadValue when an alternative is an operator.
 */
export function oneOf(alternatives: readonly MaybeValue[], collation?: Collation): ValuesPredicate {
  if (alternatives.some((alternative) => leadingOperator(alternative))) throw badValue('cannot nest $ under $in');
  const patterns = alternatives.filter((alternative) => alternative instanceof BSONRegExp);
  const plain = alternatives.filter((alternative) => !(alternative instanceof BSONRegExp));
  const predicates = patterns.map((pattern) => matchingPattern(pattern));
  if (plain.length < LOOKUP_LENGTH || collation) {
    predicates.push(...plain.map((alternative) => equalTo(alternative, collation)));
  } else {
    const keys = new Set(plain.map((alternative) => encodeKey(alternative)));
    predicates.push(anyValue((value) => value !== undefined && keys.has(encodeKey(value))));
    if (plain.includes(null)) predicates.push(isNullOrMissing);
  }
  return (values) => predicates.some((predicate) => predicate(values));
}

/** The operators that compare with a bound. */
export type RangeOperator = '$gt' | '$gte' | '$lt' | '$lte';

const RANGE_TESTS: Readonly<Record<RangeOperator, (comparison: number) => boolean>> = {
  $gt: (comparison) => comparison > 0,
  $gte: (comparison) => comparison >= 0,
  $lt: (comparison) => comparison < 0,
  $lte: (comparison) => comparison <= 0,
};

/**
 * A range ends where the bound's type ends: `{$gt: 1}` finds no strings. NaN is in no range but its own.
 * @throws MongoError BadValue when the bound is a pattern.
 */
export function inRange(operator: RangeOperator, bound: MaybeValue, collation?: Collation): ValuesPredicate {
  const isWithin = RANGE_TESTS[operator];
  const type = typeOrder(bound);
  if (type === TypeOrder.regex) throw badValue("Can't have RegEx as arg to predicate over field");
  if (type === TypeOrder.minKey || type === TypeOrder.maxKey) {
    return anyValue((value) => value !== undefined && isWithin(compareValues(value, bound)));
  }
  if (type === TypeOrder.null) return isWithin(0) ? isNullOrMissing : () => false;
  const boundIsNaN = isNumber(bound) && Number.isNaN(toNumber(bound));
  return anyValue((value) => {
    if (value === undefined || typeOrder(value) !== type) return false;
    if (isNumber(value) && !boundIsNaN && Number.isNaN(toNumber(value))) return false;
    return isWithin(compareValues(value, bound, collation));
  });
}
