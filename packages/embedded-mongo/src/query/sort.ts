import { compareValues } from '../bson/compare';
import { toNumber } from '../bson/numbers';
import { ownField, valuesAt } from '../bson/path';
import { type BsonDocument, isDocument, type MaybeValue } from '../bson/values';
import { badValue, locationError } from '../errors';
import type { Collation } from './collation';

/** One field of a sort specification. */
export interface SortField {
  readonly path: string;
  readonly direction: 1 | -1;
}

/** Sorts before null, unlike a missing field, which is equal to it. */
const EMPTY_ARRAY = Symbol('empty array');
type SortValue = MaybeValue | typeof EMPTY_ARRAY;

/**
 * The fields of a sort specification, most significant first.
 * @throws MongoError 15975 for a direction other than 1 and -1, BadValue for a text score.
 */
export function sortFields(specification: BsonDocument): SortField[] {
  return Object.entries(specification).map(([path, order]) => {
    if (isDocument(order)) throw badValue(`$meta sort on '${path}' is not supported by the embedded server`);
    const direction = toNumber(order);
    if (direction === 1 || direction === -1) return { path, direction };
    throw locationError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
  });
}

/**
 * `items` in the order of the documents that `documentOf` finds in them. Equal ones stay as they are.
 * An array counts as its least element in ascending order, as its greatest in descending.
 */
export function sorted<Item>(
  items: readonly Item[],
  fields: readonly SortField[],
  documentOf: (item: Item) => BsonDocument,
  collation?: Collation,
): Item[] {
  const keyed = items.map((item) => ({ item, key: sortKey(documentOf(item), fields, collation) }));
  keyed.sort((a, b) => {
    for (const [index, { direction }] of fields.entries()) {
      const comparison = compareSortValues(a.key[index], b.key[index], collation);
      if (comparison !== 0) return comparison * direction;
    }
    return 0;
  });
  return keyed.map(({ item }) => item);
}

function sortKey(document: BsonDocument, fields: readonly SortField[], collation?: Collation): SortValue[] {
  return fields.map(({ path, direction }) => {
    const direct = path.includes('.') ? undefined : ownField(document, path);
    if (direct !== undefined && !Array.isArray(direct)) return direct;
    const candidates = valuesAt(document, path.split('.')).flatMap((value): SortValue[] => {
      if (!Array.isArray(value)) return [value];
      return value.length === 0 ? [EMPTY_ARRAY] : value;
    });
    return candidates.reduce<SortValue>(
      (best, value, index) => (index === 0 || compareSortValues(value, best, collation) * direction < 0 ? value : best),
      null,
    );
  });
}

function compareSortValues(a: SortValue, b: SortValue, collation?: Collation): number {
  if (a === EMPTY_ARRAY) return b === EMPTY_ARRAY ? 0 : compareValues(null, b, collation) || -1;
  if (b === EMPTY_ARRAY) return -compareSortValues(b, a, collation);
  return compareValues(a, b, collation);
}
