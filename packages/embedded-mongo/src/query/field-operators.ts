import { Binary, BSONRegExp, Long } from 'bson';
import { equalValues } from '../bson/compare';
import { isTruthy, toBigInt, toNumber } from '../bson/numbers';
import {
  type BsonDocument,
  hasType,
  isDocument,
  isNumber,
  leadingOperator,
  type MaybeValue,
  typeNameOf,
} from '../bson/values';
import { badValue } from '../errors';
import type { Collation } from './collation';
import { anyValue, equalTo, inRange, matchingPattern, oneOf, type ValuesPredicate } from './values-predicate';

/** What conditions need besides themselves. */
export interface ConditionContext {
  readonly collation?: Collation | undefined;
  /** Compiles a filter on embedded documents, for `$elemMatch`. */
  compileFilter(filter: BsonDocument): (document: BsonDocument) => boolean;
}

type OperatorCompiler = (
  argument: MaybeValue,
  context: ConditionContext,
  condition: BsonDocument,
) => ValuesPredicate | undefined;

/** These combine filters, so that their operand is a filter and not the condition on a value. */
const FILTER_OPERATORS: ReadonlySet<string> = new Set(['$and', '$or', '$nor', '$expr']);

/** Whether `value` is a condition of operators, like `{$gt: 1}`, and not a value to be equal to. */
export function isCondition(value: MaybeValue): value is BsonDocument {
  const operator = leadingOperator(value);
  return operator !== undefined && operator !== '$ref' && operator !== '$id' && operator !== '$db';
}

/**
 * Compiles what a filter demands of one path: a value, a pattern or operators.
 * @throws MongoError BadValue for an unknown operator or an argument that it does not take.
 */
export function compileCondition(condition: MaybeValue, context: ConditionContext): ValuesPredicate {
  if (condition instanceof BSONRegExp) return matchingPattern(condition);
  if (!isCondition(condition)) return equalTo(condition, context.collation);
  const predicates: ValuesPredicate[] = [];
  for (const operator of Object.keys(condition)) {
    const compile = OPERATORS.get(operator);
    if (!compile) throw badValue(`unknown operator: ${operator}`);
    const predicate = compile(condition[operator], context, condition);
    if (predicate) predicates.push(predicate);
  }
  const [first] = predicates;
  if (predicates.length === 1 && first) return first;
  return (values) => predicates.every((predicate) => predicate(values));
}

const not =
  (predicate: ValuesPredicate): ValuesPredicate =>
  (values) =>
    !predicate(values);

const OPERATORS: ReadonlyMap<string, OperatorCompiler> = new Map<string, OperatorCompiler>([
  ['$eq', (argument, { collation }) => equality(argument, collation)],
  [
    '$ne',
    (argument, { collation }) => {
      if (argument instanceof BSONRegExp) throw badValue("Can't have regex as arg to $ne.");
      return not(equalTo(argument, collation));
    },
  ],
  ['$gt', (argument, { collation }) => inRange('$gt', argument, collation)],
  ['$gte', (argument, { collation }) => inRange('$gte', argument, collation)],
  ['$lt', (argument, { collation }) => inRange('$lt', argument, collation)],
  ['$lte', (argument, { collation }) => inRange('$lte', argument, collation)],
  ['$in', (argument, { collation }) => oneOf(arrayArgument('$in', argument), collation)],
  ['$nin', (argument, { collation }) => not(oneOf(arrayArgument('$nin', argument), collation))],
  [
    '$exists',
    (argument) => {
      const wanted = isTruthy(argument);
      return (values) => values.some((value) => value !== undefined) === wanted;
    },
  ],
  ['$type', (argument) => typePredicate(argument)],
  ['$size', (argument) => sizePredicate(argument)],
  ['$all', (argument, context) => allPredicate(arrayArgument('$all', argument), context)],
  ['$elemMatch', (argument, context) => elementPredicate(argument, context)],
  ['$not', (argument, context) => negation(argument, context)],
  ['$regex', (argument, _context, condition) => patternPredicate(argument, condition.$options)],
  [
    '$options',
    (_argument, _context, condition) => {
      if (!Object.hasOwn(condition, '$regex')) throw badValue('$options needs a $regex');
      return undefined;
    },
  ],
  ['$mod', (argument) => modPredicate(argument)],
  ['$bitsAllSet', (argument) => bitsPredicate(argument, (found, mask) => found === mask)],
  ['$bitsAnySet', (argument) => bitsPredicate(argument, (found) => found !== 0n)],
  ['$bitsAllClear', (argument) => bitsPredicate(argument, (found) => found === 0n)],
  ['$bitsAnyClear', (argument) => bitsPredicate(argument, (found, mask) => found !== mask)],
  ['$comment', () => undefined],
]);

/** `{$eq: /x/}` asks for the pattern itself, unlike `{a: /x/}`. */
function equality(argument: MaybeValue, collation: Collation | undefined): ValuesPredicate {
  if (!(argument instanceof BSONRegExp)) return equalTo(argument, collation);
  return anyValue((value) => value instanceof BSONRegExp && equalValues(value, argument));
}

function arrayArgument(operator: string, argument: MaybeValue): MaybeValue[] {
  if (!Array.isArray(argument)) throw badValue(`${operator} needs an array`);
  return argument;
}

function typePredicate(argument: MaybeValue): ValuesPredicate {
  const names = (Array.isArray(argument) ? argument : [argument]).map(typeNameOf);
  return anyValue((value) => names.some((name) => hasType(value, name)));
}

function sizePredicate(argument: MaybeValue): ValuesPredicate {
  const size = toNumber(argument);
  if (!Number.isInteger(size) || size < 0) throw badValue('$size needs a non-negative whole number');
  return (values) => values.some((value) => Array.isArray(value) && value.length === size);
}

function allPredicate(wanted: readonly MaybeValue[], context: ConditionContext): ValuesPredicate {
  const predicates = wanted.map((value) => {
    if (value instanceof BSONRegExp) return matchingPattern(value);
    return leadingOperator(value) === '$elemMatch'
      ? compileCondition(value, context)
      : equalTo(value, context.collation);
  });
  return (values) => predicates.length > 0 && predicates.every((predicate) => predicate(values));
}

function elementPredicate(argument: MaybeValue, context: ConditionContext): ValuesPredicate {
  if (!isDocument(argument)) throw badValue('$elemMatch needs an Object');
  const operator = leadingOperator(argument);
  if (operator !== undefined && !FILTER_OPERATORS.has(operator)) {
    const predicate = compileCondition(argument, context);
    return (values) => values.some((value) => Array.isArray(value) && value.some((element) => predicate([element])));
  }
  const filter = context.compileFilter(argument);
  const matches = (element: MaybeValue): boolean =>
    isDocument(element) ? filter(element) : Array.isArray(element) && filter(Object.fromEntries(element.entries()));
  return (values) => values.some((value) => Array.isArray(value) && value.some(matches));
}

function negation(argument: MaybeValue, context: ConditionContext): ValuesPredicate {
  if (argument instanceof BSONRegExp) return not(matchingPattern(argument));
  if (!isDocument(argument)) throw badValue('$not needs a regex or a document');
  if (Object.keys(argument).length === 0) throw badValue('$not cannot be empty');
  if (!isCondition(argument)) throw badValue(`unknown operator: ${Object.keys(argument)[0] ?? ''}`);
  return not(compileCondition(argument, context));
}

function patternPredicate(pattern: MaybeValue, options: MaybeValue): ValuesPredicate {
  if (typeof pattern !== 'string' && !(pattern instanceof BSONRegExp)) throw badValue('$regex has to be a string');
  if (options !== undefined && typeof options !== 'string') throw badValue('$options has to be a string');
  return matchingPattern(pattern, options);
}

function modPredicate(argument: MaybeValue): ValuesPredicate {
  const [divisor, remainder, ...rest] = arrayArgument('$mod', argument).map((value) => Math.trunc(toNumber(value)));
  if (divisor === undefined || remainder === undefined) throw badValue('malformed mod, not enough elements');
  if (rest.length > 0) throw badValue('malformed mod, too many elements');
  if (divisor === 0) throw badValue('divisor cannot be 0');
  return anyValue((value) => isNumber(value) && Math.trunc(toNumber(value)) % divisor === remainder);
}

function bitsPredicate(argument: MaybeValue, accepts: (found: bigint, mask: bigint) => boolean): ValuesPredicate {
  const mask = bitMask(argument);
  return anyValue((value) => {
    const bits = bitsOf(value);
    return bits !== undefined && accepts(bits & mask, mask);
  });
}

function bitMask(argument: MaybeValue): bigint {
  if (Array.isArray(argument)) {
    return argument.reduce<bigint>((mask, position) => mask | (1n << BigInt(toNumber(position))), 0n);
  }
  const mask = bitsOf(argument);
  if (mask === undefined) throw badValue('a bit mask has to be a number, a BinData or an array of positions');
  return mask;
}

function bitsOf(value: MaybeValue): bigint | undefined {
  if (value instanceof Binary) {
    return value.value().reduce((bits, byte, index) => bits | (BigInt(byte) << BigInt(8 * index)), 0n);
  }
  if (value instanceof Long) return value.toBigInt();
  return isNumber(value) && Number.isInteger(toNumber(value)) ? toBigInt(value) : undefined;
}
