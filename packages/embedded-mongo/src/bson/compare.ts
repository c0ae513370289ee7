import { Binary, BSONRegExp, BSONSymbol, Code, DBRef, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { compareNumbers } from './numbers';
import { type BsonDocument, isNumber, type MaybeValue } from './values';

/** Compares strings in a language's order instead of by their bytes. */
export interface StringOrder {
  compare(a: string, b: string): number;
}

/**
 * Where types stand among each other
 * (https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/). A missing field counts as null.
 */
export const TypeOrder = {
  minKey: -1,
  null: 5,
  number: 10,
  string: 15,
  object: 20,
  array: 25,
  binary: 30,
  objectId: 35,
  boolean: 40,
  date: 45,
  timestamp: 47,
  regex: 50,
  code: 60,
  maxKey: 127,
} as const;

/** The place of the value's type in MongoDB's order of types. */
export function typeOrder(value: MaybeValue): number {
  if (value === undefined || value === null) return TypeOrder.null;
  if (typeof value === 'string') return TypeOrder.string;
  if (typeof value === 'boolean') return TypeOrder.boolean;
  if (isNumber(value)) return TypeOrder.number;
  if (Array.isArray(value)) return TypeOrder.array;
  if (value instanceof ObjectId) return TypeOrder.objectId;
  if (value instanceof Date) return TypeOrder.date;
  if (value instanceof Binary) return TypeOrder.binary;
  if (value instanceof BSONRegExp) return TypeOrder.regex;
  if (value instanceof Timestamp) return TypeOrder.timestamp;
  if (value instanceof BSONSymbol) return TypeOrder.string;
  if (value instanceof MinKey) return TypeOrder.minKey;
  if (value instanceof MaxKey) return TypeOrder.maxKey;
  if (value instanceof Code) return TypeOrder.code;
  return TypeOrder.object;
}

/** Negative, 0 or positive, in MongoDB's order of all values: by type first, then within the type. */
export function compareValues(a: MaybeValue, b: MaybeValue, order?: StringOrder): number {
  const type = typeOrder(a);
  const difference = type - typeOrder(b);
  if (difference !== 0) return Math.sign(difference);
  if (typeof a === 'string' && typeof b === 'string') return order ? order.compare(a, b) : compareStrings(a, b);
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
  if (a instanceof ObjectId && b instanceof ObjectId) return Buffer.compare(a.id, b.id);
  if (a instanceof Date && b instanceof Date) return Math.sign(a.getTime() - b.getTime());
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (Array.isArray(a) && Array.isArray(b)) return compareArrays(a, b, order);
  if (type === TypeOrder.object) return compareDocuments(documentOf(a), documentOf(b), order);
  return compareRareTypes(a, b, order);
}

/** Whether two values are equal in a filter: numbers whatever their type, documents in the order of their fields. */
export function equalValues(a: MaybeValue, b: MaybeValue, order?: StringOrder): boolean {
  return compareValues(a, b, order) === 0;
}

/** A reference has the order of the document that it is stored as. */
export function documentOf(value: MaybeValue): BsonDocument {
  if (!(value instanceof DBRef)) return value as BsonDocument;
  const { collection, oid, db, fields } = value;
  return { $ref: collection, $id: oid, ...(db === undefined ? {} : { $db: db }), ...fields };
}

const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;

/** Strings by their UTF-8 bytes, which UTF-16 orders otherwise beyond the basic plane. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  if (isAscii(a) && isAscii(b)) return a < b ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function compareArrays(a: readonly MaybeValue[], b: readonly MaybeValue[], order?: StringOrder): number {
  const common = Math.min(a.length, b.length);
  for (let index = 0; index < common; index++) {
    const result = compareValues(a[index], b[index], order);
    if (result !== 0) return result;
  }
  return Math.sign(a.length - b.length);
}

function compareDocuments(a: BsonDocument, b: BsonDocument, order?: StringOrder): number {
  const fields = Object.keys(a);
  const otherFields = Object.keys(b);
  for (const [index, field] of fields.entries()) {
    const otherField = otherFields[index];
    if (otherField === undefined) return 1;
    const result =
      Math.sign(typeOrder(a[field]) - typeOrder(b[otherField])) ||
      compareStrings(field, otherField) ||
      compareValues(a[field], b[otherField], order);
    if (result !== 0) return result;
  }
  return fields.length < otherFields.length ? -1 : 0;
}

function compareRareTypes(a: MaybeValue, b: MaybeValue, order?: StringOrder): number {
  if (a instanceof Binary && b instanceof Binary) {
    const [left, right] = [a.value(), b.value()];
    return Math.sign(left.length - right.length) || a.sub_type - b.sub_type || Buffer.compare(left, right);
  }
  if (a instanceof Timestamp && b instanceof Timestamp) return a.compare(b);
  if (a instanceof BSONRegExp && b instanceof BSONRegExp) {
    return compareStrings(a.pattern, b.pattern) || compareStrings(a.options, b.options);
  }
  if (a instanceof Code && b instanceof Code) return compareStrings(a.code, b.code);
  const [left, right] = [textOf(a), textOf(b)];
  return order ? order.compare(left, right) : compareStrings(left, right);
}

/** A symbol is an old kind of string; types that have one value only are equal as empty ones. */
function textOf(value: MaybeValue): string {
  return value instanceof BSONSymbol ? value.value : typeof value === 'string' ? value : '';
}
