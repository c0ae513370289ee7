import { valueAt } from '../bson/path';
import { type BsonDocument, isDocument, leadingOperator, type MaybeValue } from '../bson/values';
import { compileFieldCondition, compileFilter, type FilterContext } from './matcher';

/**
 * The index that `$` stands for in an update or a projection: of the first array element that a
 * condition of the filter matches. Undefined when no array of the filter does.
 */
export function matchedIndex(
  filter: BsonDocument,
  document: BsonDocument,
  context: FilterContext = {},
): number | undefined {
  for (const [path, condition] of conditionsOf(filter)) {
    const parts = path.split('.');
    for (let length = 1; length <= parts.length; length++) {
      const array = valueAt(document, parts.slice(0, length));
      if (!Array.isArray(array)) continue;
      const index = array.findIndex(elementTest(parts.slice(length), condition, context));
      if (index >= 0) return index;
    }
  }
  return undefined;
}

function conditionsOf(filter: BsonDocument): [string, MaybeValue][] {
  return Object.entries(filter).flatMap(([field, condition]): [string, MaybeValue][] => {
    if (field === '$and' || field === '$or') {
      return Array.isArray(condition) ? condition.filter(isDocument).flatMap(conditionsOf) : [];
    }
    return field.startsWith('$') ? [] : [[field, condition]];
  });
}

function elementTest(
  rest: readonly string[],
  condition: MaybeValue,
  context: FilterContext,
): (element: MaybeValue) => boolean {
  if (rest.length > 0) {
    const matches = compileFilter({ [rest.join('.')]: condition }, context);
    return (element) => isDocument(element) && matches(element);
  }
  const accepts = compileFieldCondition(condition, context);
  // An $elemMatch speaks of the array, which here has this one element.
  if (leadingOperator(condition) === '$elemMatch') return (element) => accepts([[element ?? null]]);
  return (element) => accepts([element]);
}
