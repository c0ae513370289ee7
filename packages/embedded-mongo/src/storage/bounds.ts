import { BSONRegExp } from 'bson';
import { TypeOrder, typeOrder } from '../bson/compare';
import { encodeStringPrefix, keyTag } from '../bson/key';
import { type BsonDocument, isDocument, type MaybeValue } from '../bson/values';
import { isCondition } from '../query/field-operators';

/** What a filter demands of one path, as far as an index can serve it. */
export type Bounds = PointBounds | RangeBounds;

/** One of these values. */
export interface PointBounds {
  readonly points: readonly MaybeValue[];
}

/** A value between the two, which are of one type; a bound that is missing is the end of the type. */
export interface RangeBounds {
  readonly low?: MaybeValue;
  readonly high?: MaybeValue;
  /** Strings that begin so. */
  readonly prefix?: string;
}

export const isPoints = (bounds: Bounds): bounds is PointBounds => 'points' in bounds;

/** The conditions that a filter combines by AND, each with its path. */
export function conjuncts(filter: BsonDocument): [string, MaybeValue][] {
  return Object.entries(filter).flatMap(([field, condition]): [string, MaybeValue][] => {
    if (field === '$and' && Array.isArray(condition)) return condition.filter(isDocument).flatMap(conjuncts);
    return field.startsWith('$') ? [] : [[field, condition]];
  });
}

/**
 * For each path the narrowest bounds of the filter. Every matching document is within them, but not
 * every document within them matches.
 */
export function filterBounds(filter: BsonDocument): ReadonlyMap<string, Bounds> {
  const found = new Map<string, Bounds>();
  const add = (path: string, condition: MaybeValue): void => {
    const bounds = conditionBounds(condition);
    const current = found.get(path);
    if (bounds) found.set(path, current ? narrower(current, bounds) : bounds);
    const elements = isCondition(condition) ? condition.$elemMatch : undefined;
    if (!isDocument(elements) || isCondition(elements)) return;
    for (const [field, nested] of conjuncts(elements)) add(`${path}.${field}`, nested);
  };
  for (const [path, condition] of conjuncts(filter)) add(path, condition);
  return found;
}

/** The key range of a range, before a descending field turns it around. */
export function rangeKeys({ low, high, prefix }: RangeBounds, encode: (value: MaybeValue) => string) {
  if (prefix !== undefined) return { low: encodeStringPrefix(prefix), high: encodeStringPrefix(prefix) };
  const typeKey = keyTag(low ?? high);
  return { low: low === undefined ? typeKey : encode(low), high: high === undefined ? typeKey : encode(high) };
}

function narrower(a: Bounds, b: Bounds): Bounds {
  if (isPoints(a)) return isPoints(b) && b.points.length < a.points.length ? b : a;
  if (isPoints(b)) return b;
  if (a.prefix !== undefined || b.prefix !== undefined || typeOrder(a.low ?? a.high) !== typeOrder(b.low ?? b.high)) {
    return a;
  }
  return withoutMissing(a.low ?? b.low, a.high ?? b.high);
}

function conditionBounds(condition: MaybeValue): Bounds | undefined {
  if (condition instanceof BSONRegExp) return patternBounds(condition);
  if (!isCondition(condition)) return isIndexable(condition) ? { points: [condition] } : undefined;
  if (Object.hasOwn(condition, '$eq')) return isIndexable(condition.$eq) ? { points: [condition.$eq] } : undefined;
  if (Array.isArray(condition.$in)) {
    return condition.$in.every(isIndexable) ? { points: condition.$in } : undefined;
  }
  const low = condition.$gt ?? condition.$gte;
  const high = condition.$lt ?? condition.$lte;
  if (low === undefined && high === undefined) return undefined;
  if (!hasRange(low ?? high) || (low !== undefined && high !== undefined && typeOrder(low) !== typeOrder(high))) {
    return undefined;
  }
  return withoutMissing(low, high);
}

function withoutMissing(low: MaybeValue, high: MaybeValue): RangeBounds {
  return { ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) };
}

/** An array would have to be looked for both as a whole and by its elements. */
function isIndexable(value: MaybeValue): boolean {
  return !Array.isArray(value) && !(value instanceof BSONRegExp);
}

const UNRANGED: ReadonlySet<number> = new Set([
  TypeOrder.null,
  TypeOrder.minKey,
  TypeOrder.maxKey,
  TypeOrder.array,
  TypeOrder.regex,
]);

const hasRange = (value: MaybeValue): boolean => !UNRANGED.has(typeOrder(value));

/** `/^abc/` finds strings that begin so; anything less plain is left to the filter. */
function patternBounds({ pattern, options }: BSONRegExp): RangeBounds | undefined {
  const literal = /^\^([A-Za-z0-9 _@-]+)/.exec(pattern)?.[1];
  if (literal === undefined || /[ixm]/.test(options) || pattern.includes('|')) return undefined;
  const next = pattern[literal.length + 1];
  // A quantifier makes the last character optional or repeated.
  const prefix = next !== undefined && '*?{'.includes(next) ? literal.slice(0, -1) : literal;
  return prefix === '' ? undefined : { prefix };
}
