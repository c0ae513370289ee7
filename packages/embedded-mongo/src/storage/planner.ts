import { compareValues } from '../bson/compare';
import { inverted } from '../bson/key';
import { toNumber } from '../bson/numbers';
import { type BsonDocument, isDocument, isNumber, leadingOperator, type MaybeValue } from '../bson/values';
import { badValue } from '../errors';
import type { Collation } from '../query/collation';
import { compileFilter } from '../query/matcher';
import type { SortField } from '../query/sort';
import { type Bounds, conjuncts, filterBounds, isPoints, type PointBounds, rangeKeys } from './bounds';
import type { Collection } from './collection';
import type { CollectionIndex, IndexField, KeyRange } from './collection-index';

/** Looks documents up by `_id`. */
export interface IdPlan {
  readonly kind: 'id';
  readonly values: readonly MaybeValue[];
}

/** Walks ranges of an index. */
export interface IndexPlan {
  readonly kind: 'index';
  readonly index: CollectionIndex;
  readonly ranges: readonly KeyRange[];
  /** Whether the documents come in the order of the sort, walked in this direction. */
  readonly sortDirection: 1 | -1 | undefined;
}

/** How a query finds its documents; undefined when it looks at all of them. */
export type QueryPlan = IdPlan | IndexPlan | undefined;

/** What a plan is made for. */
export interface PlannedQuery {
  readonly filter: BsonDocument;
  readonly sort: readonly SortField[];
  readonly hint?: MaybeValue;
  readonly collation?: Collation | undefined;
}

/** More key ranges than this would take longer than looking at the documents. */
const MAX_RANGES = 2_000;

/**
 * Chooses how to find the documents of a query.
 * @throws MongoError BadValue when the hint names no index.
 */
export function planQuery(collection: Collection, query: PlannedQuery): QueryPlan {
  const hinted = hintedIndex(collection, query.hint);
  if (hinted === 'natural') return undefined;
  const bounds = filterBounds(query.filter);
  const ids = bounds.get('_id');
  if (!hinted && ids && isPoints(ids) && !query.collation) return { kind: 'id', values: ids.points };
  let best: ScoredPlan | undefined;
  for (const index of hinted ? [hinted] : collection.indexes.values()) {
    const plan = planIndex(index, query, bounds, hinted !== undefined);
    if (plan && (!best || plan.score > best.score)) best = plan;
  }
  return best;
}

interface ScoredPlan extends IndexPlan {
  readonly score: number;
}

function planIndex(
  index: CollectionIndex,
  { filter, sort, collation }: PlannedQuery,
  bounds: ReadonlyMap<string, Bounds>,
  isHinted: boolean,
): ScoredPlan | undefined {
  if (index.isText || (index.isHidden && !isHinted) || index.collation?.name !== collation?.name) return undefined;
  if (index.partialFilter && !isImplied(index.partialFilter, filter)) return undefined;
  const { ranges, equalities, usesRange, excludesMissing } = rangesOf(index, bounds);
  if (index.isSparse && !excludesMissing && !isHinted) return undefined;
  const sortDirection =
    ranges.length === 1 && !index.isMultikey && !index.collation
      ? directionFor(sort, index.fields, bounds, equalities.length)
      : undefined;
  const wide = equalities.filter(({ points }) => points.length > 1).length;
  const score = equalities.length * 10 - wide + (usesRange ? 4 : 0) + (sortDirection && sort.length > 0 ? 5 : 0);
  if (score === 0 && !isHinted) return undefined;
  return { kind: 'index', index, ranges, sortDirection: sort.length > 0 ? sortDirection : undefined, score };
}

interface IndexRanges {
  readonly ranges: KeyRange[];
  /** The leading fields that are bound to values. */
  readonly equalities: readonly PointBounds[];
  readonly usesRange: boolean;
  /** Whether a document without the index's fields cannot match. */
  readonly excludesMissing: boolean;
}

function rangesOf(index: CollectionIndex, bounds: ReadonlyMap<string, Bounds>): IndexRanges {
  const equalities: PointBounds[] = [];
  let excludesMissing = false;
  let prefixes = [''];
  for (const field of index.fields) {
    const found = bounds.get(field.path);
    if (!found) break;
    if (!isPoints(found)) {
      if (index.collation) break;
      const range = fieldRange(index, field, found);
      const ranges = prefixes.map((prefix) => ({ low: prefix + range.low, high: prefix + range.high }));
      return { ranges, equalities, usesRange: true, excludesMissing: true };
    }
    const keys = new Set(found.points.map((point) => index.fieldKey(point, field)));
    if (prefixes.length * keys.size > MAX_RANGES) break;
    prefixes = prefixes.flatMap((prefix) => [...keys].map((key) => prefix + key));
    equalities.push(found);
    if (found.points.every((point) => point !== null && point !== undefined)) excludesMissing = true;
  }
  const ranges = prefixes.sort().map((prefix) => ({ low: prefix, high: prefix }));
  return { ranges, equalities, usesRange: false, excludesMissing };
}

function fieldRange(index: CollectionIndex, field: IndexField, bounds: Exclude<Bounds, PointBounds>): KeyRange {
  // In an array one element may be above the lower bound and another one below the upper.
  const isTwoSided = bounds.low !== undefined && bounds.high !== undefined;
  const usable = index.isMultikey && isTwoSided ? { low: bounds.low } : bounds;
  const ascending: IndexField = { ...field, direction: 1 };
  const range = rangeKeys(usable, (value) => index.fieldKey(value, ascending));
  return field.direction === 1 ? range : { low: inverted(range.high), high: inverted(range.low) };
}

/** The direction in which the index has the order of the sort, once the leading fields are bound to one value. */
function directionFor(
  sort: readonly SortField[],
  fields: readonly IndexField[],
  bounds: ReadonlyMap<string, Bounds>,
  boundFields: number,
): 1 | -1 | undefined {
  const isConstant = (path: string): boolean => {
    const found = bounds.get(path);
    return fields.slice(0, boundFields).some((field) => field.path === path) && found !== undefined && isPoints(found);
  };
  const relevant = sort.filter(({ path }) => !isConstant(path));
  let direction: 1 | -1 | undefined;
  for (const [offset, { path, direction: wanted }] of relevant.entries()) {
    const field = fields[boundFields + offset];
    if (field?.path !== path) return undefined;
    const needed = field.direction === wanted ? 1 : -1;
    if (direction !== undefined && direction !== needed) return undefined;
    direction = needed;
  }
  return direction ?? 1;
}

function hintedIndex(collection: Collection, hint: MaybeValue): CollectionIndex | 'natural' | undefined {
  if (hint === undefined || (isDocument(hint) && Object.keys(hint).length === 0)) return undefined;
  if (isDocument(hint) && leadingOperator(hint) === '$natural') return 'natural';
  for (const index of collection.indexes.values()) {
    if (index.name === hint || (isDocument(hint) && samePattern(index.key, hint))) return index;
  }
  throw badValue(
    'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
  );
}

/** Whether two index key patterns name the same fields in the same order and directions. */
export function samePattern(a: BsonDocument, b: BsonDocument): boolean {
  const text = (pattern: BsonDocument): string =>
    JSON.stringify(Object.entries(pattern).map(([path, order]) => [path, isNumber(order) ? toNumber(order) : order]));
  return text(a) === text(b);
}

/** Whether every document that matches `filter` is in a partial index. */
function isImplied(partialFilter: BsonDocument, filter: BsonDocument): boolean {
  const conditions = conjuncts(filter);
  return Object.entries(partialFilter).every(([path, wanted]) => {
    if (path === '$and' && Array.isArray(wanted))
      return wanted.filter(isDocument).every((part) => isImplied(part, filter));
    if (path.startsWith('$')) return false;
    return conditions.some(([field, condition]) => field === path && implies(condition, wanted));
  });
}

function implies(condition: MaybeValue, wanted: MaybeValue): boolean {
  if (compareValues(condition, wanted) === 0) return true;
  const operator = leadingOperator(condition);
  const value = operator === '$eq' ? (condition as BsonDocument).$eq : condition;
  if (operator === undefined || operator === '$eq') {
    // Null also finds documents without the field, which the index may leave out.
    return (
      value !== undefined && value !== null && !Array.isArray(value) && compileFilter({ value: wanted })({ value })
    );
  }
  const wantsExistence = isDocument(wanted) && Object.keys(wanted).join() === '$exists' && wanted.$exists === true;
  const bounds = filterBounds({ value: condition }).get('value');
  return wantsExistence && bounds !== undefined && !(isPoints(bounds) && bounds.points.includes(null));
}
