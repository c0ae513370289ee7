import { Long } from 'bson';
import { compareValues } from '../bson/compare';
import { addNumbers, multiplyNumbers, negated } from '../bson/numbers';
import { type BsonNumber, isNumber, type MaybeValue } from '../bson/values';
import { typeMismatch } from '../errors';
import { CONVERSIONS } from './conversions';

type Evaluate = (operands: readonly MaybeValue[]) => MaybeValue;

/** Unlike in a filter, a field that is missing is less than null. */
function compareOperands([a, b]: readonly MaybeValue[]): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return compareValues(a, b);
}

/** Numbers that mingo has computed stay plain; those of other types are calculated exactly. */
function plain(result: BsonNumber, operands: readonly MaybeValue[]): MaybeValue {
  const allPlain = operands.every((operand) => typeof operand === 'number');
  return allPlain && typeof result !== 'number' ? Number(result.toString()) : result;
}

function folded(operator: string, combine: (a: BsonNumber, b: BsonNumber) => BsonNumber): Evaluate {
  return (operands) => {
    if (operands.some((operand) => operand === undefined || operand === null)) return null;
    if (operands.every((operand) => typeof operand === 'number')) {
      return operands.reduce((a, b) => (operator === '$add' ? a + b : a * b), operator === '$add' ? 0 : 1);
    }
    const date = operands.find((operand) => operand instanceof Date);
    const numbers = operands.filter((operand) => !(operand instanceof Date));
    if (!numbers.every(isNumber) || (date && (operator !== '$add' || operands.length - numbers.length > 1))) {
      throw typeMismatch(`${operator} only supports numeric or date types`);
    }
    const [first = 0, ...rest] = numbers;
    const result = rest.reduce(combine, first);
    return date ? new Date(date.getTime() + Number(result.toString())) : plain(result, numbers);
  };
}

function subtracted([a, b]: readonly MaybeValue[]): MaybeValue {
  if (a === undefined || a === null || b === undefined || b === null) return null;
  if (a instanceof Date && b instanceof Date) return Long.fromNumber(a.getTime() - b.getTime());
  if (!isNumber(b) || !(isNumber(a) || a instanceof Date)) {
    throw typeMismatch('$subtract only supports numeric or date types');
  }
  if (a instanceof Date) return new Date(a.getTime() - Number(b.toString()));
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return addNumbers(a, negated(b));
}

/**
 * The operators that mingo evaluates otherwise than MongoDB: comparisons across types and with missing
 * fields, arithmetic in the types of the operands, conversions. Each gets its operands evaluated, in the
 * types in which they are stored, or as plain numbers where mingo has computed them.
 */
export const OWN_OPERATORS: Readonly<Record<`$${string}`, Evaluate>> = {
  $cmp: (operands) => Math.sign(compareOperands(operands)),
  $eq: (operands) => compareOperands(operands) === 0,
  $ne: (operands) => compareOperands(operands) !== 0,
  $gt: (operands) => compareOperands(operands) > 0,
  $gte: (operands) => compareOperands(operands) >= 0,
  $lt: (operands) => compareOperands(operands) < 0,
  $lte: (operands) => compareOperands(operands) <= 0,
  $add: folded('$add', addNumbers),
  $multiply: folded('$multiply', multiplyNumbers),
  $subtract: subtracted,
  ...CONVERSIONS,
};
