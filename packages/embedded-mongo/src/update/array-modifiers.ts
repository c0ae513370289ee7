import { BSONRegExp } from 'bson';
import { compareValues, equalValues } from '../bson/compare';
import { toNumber } from '../bson/numbers';
import { type BsonDocument, cloned, isDocument, leadingOperator, type MaybeValue, typeName } from '../bson/values';
import { badValue, typeMismatch } from '../errors';
import { compileFieldCondition, compileFilter, type FilterContext } from '../query/matcher';
import { sorted, sortFields } from '../query/sort';
import { type Container, getIn, setIn } from './paths';

const PUSH_CLAUSES: ReadonlySet<string> = new Set(['$each', '$slice', '$sort', '$position']);

/**
 * `$push`, with `$each`, `$position`, `$sort` and `$slice`.
 * @throws MongoError BadValue when the field is no array.
 */
export function push(container: Container, key: string, argument: MaybeValue): void {
  const array = arrayIn(container, key, '$push');
  if (!isDocument(argument) || !Object.hasOwn(argument, '$each')) {
    array.push(cloned(argument));
    return;
  }
  const unknown = Object.keys(argument).find((clause) => !PUSH_CLAUSES.has(clause));
  if (unknown !== undefined) throw badValue(`Unrecognized clause in $push: ${unknown}`);
  const position = argument.$position === undefined ? array.length : toNumber(argument.$position);
  const start = position < 0 ? Math.max(0, array.length + position) : Math.min(position, array.length);
  array.splice(start, 0, ...eachOf(argument, '$push').map((value) => cloned(value)));
  if (argument.$sort !== undefined) replaceElements(array, sortedElements(array, argument.$sort));
  if (argument.$slice !== undefined) replaceElements(array, sliced(array, toNumber(argument.$slice)));
}

/**
 * `$addToSet`, with `$each`.
 * @throws MongoError BadValue when the field is no array.
 */
export function addToSet(container: Container, key: string, argument: MaybeValue): void {
  const array = arrayIn(container, key, '$addToSet');
  const isEach = isDocument(argument) && Object.hasOwn(argument, '$each');
  for (const value of isEach ? eachOf(argument, '$addToSet') : [argument]) {
    if (!array.some((element) => equalValues(element, value))) array.push(cloned(value));
  }
}

/**
 * `$pull`: removes the elements that match a condition or equal a value.
 * @throws MongoError BadValue when the field is no array.
 */
export function pull(container: Container, key: string, argument: MaybeValue, context: FilterContext): void {
  removeFrom(container, key, '$pull', pullTest(argument, context));
}

/**
 * `$pullAll`: removes the elements that equal one of the values.
 * @throws MongoError BadValue when the field is no array.
 */
export function pullAll(container: Container, key: string, argument: MaybeValue): void {
  if (!Array.isArray(argument)) throw badValue('$pullAll requires an array argument');
  removeFrom(container, key, '$pullAll', (element) => argument.some((value) => equalValues(value, element)));
}

/**
 * `$pop`: removes the last element, or the first when the argument is -1.
 * @throws MongoError TypeMismatch when the field is no array.
 */
export function pop(container: Container, key: string, argument: MaybeValue): void {
  const array = getIn(container, key);
  if (array === undefined) return;
  if (!Array.isArray(array)) {
    throw typeMismatch(`Path '${key}' contains an element of non-array type '${typeName(array)}'`);
  }
  if (toNumber(argument) < 0) array.shift();
  else array.pop();
}

function arrayIn(container: Container, key: string, operator: string): MaybeValue[] {
  const value = getIn(container, key);
  if (Array.isArray(value)) return value;
  if (value !== undefined) {
    throw badValue(`The field '${key}' must be an array but is of type ${typeName(value)} (${operator})`);
  }
  const created: MaybeValue[] = [];
  setIn(container, key, created as []);
  return created;
}

function eachOf(argument: BsonDocument, operator: string): MaybeValue[] {
  if (Array.isArray(argument.$each)) return argument.$each;
  throw badValue(
    `The argument to $each in ${operator} must be an array but it was of type: ${typeName(argument.$each)}`,
  );
}

function sortedElements(array: readonly MaybeValue[], order: MaybeValue): MaybeValue[] {
  if (!isDocument(order)) return [...array].sort((a, b) => compareValues(a, b) * toNumber(order));
  return sorted(array, sortFields(order), (element) => (isDocument(element) ? element : {}));
}

function sliced(array: readonly MaybeValue[], count: number): MaybeValue[] {
  if (count === 0) return [];
  return count > 0 ? array.slice(0, count) : array.slice(count);
}

function replaceElements(array: MaybeValue[], elements: readonly MaybeValue[]): void {
  array.splice(0, array.length, ...elements);
}

function pullTest(argument: MaybeValue, context: FilterContext): (element: MaybeValue) => boolean {
  const operator = leadingOperator(argument);
  const combinesFilters = operator === '$or' || operator === '$and' || operator === '$nor';
  if (argument instanceof BSONRegExp || (operator !== undefined && !combinesFilters)) {
    const accepts = compileFieldCondition(argument, context);
    return (element) => accepts([element]);
  }
  if (isDocument(argument)) {
    const matches = compileFilter(argument, context);
    return (element) => isDocument(element) && matches(element);
  }
  return (element) => equalValues(element, argument);
}

function removeFrom(container: Container, key: string, operator: string, test: (element: MaybeValue) => boolean): void {
  const array = getIn(container, key);
  if (array === undefined) return;
  if (!Array.isArray(array)) throw badValue(`Cannot apply ${operator} to a non-array value`);
  replaceElements(
    array,
    array.filter((element) => !test(element)),
  );
}
