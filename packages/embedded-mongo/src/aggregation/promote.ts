import { BSONRegExp, Double, Int32, Long, Timestamp } from 'bson';
import { toRegExp } from '../bson/regular-expression';
import { type BsonDocument, isDocument, type MaybeValue, setField } from '../bson/values';

/** Stored documents are never changed, so that what was promoted once can be used again. */
const promotedDocuments = new WeakMap<BsonDocument, unknown>();

/**
 * The value as mingo calculates with it: plain numbers and regular expressions. Longs beyond 2^53 and
 * decimals stay as they are, because a JavaScript number cannot hold them.
 */
export function promoted(value: MaybeValue): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(promoted);
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (value instanceof Long && !(value instanceof Timestamp)) {
    const number = value.toNumber();
    return Number.isSafeInteger(number) ? number : value;
  }
  if (value instanceof BSONRegExp) return toRegExp(value);
  if (!isDocument(value)) return value;
  const copy: BsonDocument = {};
  for (const field of Object.keys(value)) setField(copy, field, promoted(value[field]) as MaybeValue);
  return copy;
}

/** As `promoted`, remembered for as long as the document lives. Nobody may change the result. */
export function promotedOnce(document: BsonDocument): unknown {
  let copy = promotedDocuments.get(document);
  if (copy === undefined) promotedDocuments.set(document, (copy = promoted(document)));
  return copy;
}
