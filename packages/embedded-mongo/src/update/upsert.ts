import { BSONRegExp } from 'bson';
import { equalValues } from '../bson/compare';
import { type BsonDocument, cloned, isDocument, leadingOperator, type MaybeValue } from '../bson/values';
import { MongoError } from '../errors';
import { isCondition } from '../query/field-operators';
import { createdContainer, getIn, setIn } from './paths';

/**
 * What an upsert inserts before the update is applied: the fields that the filter says to be equal to a value.
 * @throws MongoError NotSingleValueField when the filter demands two values of one field.
 */
export function documentOfFilter(filter: BsonDocument): BsonDocument {
  const document: BsonDocument = {};
  for (const [path, value] of equalitiesOf(filter)) {
    const parts = path.split('.');
    const key = parts.at(-1) ?? path;
    const container = createdContainer(document, parts);
    const current = getIn(container, key);
    if (current !== undefined && !equalValues(current, value)) {
      throw new MongoError(
        54,
        'NotSingleValueField',
        `cannot infer query fields to set, path '${path}' is matched twice`,
      );
    }
    setIn(container, key, cloned(value));
  }
  return document;
}

function equalitiesOf(filter: BsonDocument): [string, MaybeValue][] {
  return Object.entries(filter).flatMap(([field, condition]): [string, MaybeValue][] => {
    if (field === '$and' || (field === '$or' && Array.isArray(condition) && condition.length === 1)) {
      return Array.isArray(condition) ? condition.filter(isDocument).flatMap(equalitiesOf) : [];
    }
    if (field.startsWith('$')) return [];
    const value = soleValue(condition);
    return value === undefined ? [] : [[field, value]];
  });
}

function soleValue(condition: MaybeValue): MaybeValue {
  if (condition instanceof BSONRegExp) return undefined;
  if (!isCondition(condition)) return condition;
  if (Object.hasOwn(condition, '$eq')) return condition.$eq;
  for (const list of [condition.$in, condition.$all]) {
    if (!Array.isArray(list) || list.length !== 1) continue;
    const [only] = list;
    if (!(only instanceof BSONRegExp) && leadingOperator(only) === undefined) return only;
  }
  return undefined;
}
