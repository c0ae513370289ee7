import {
  Binary,
  BSON,
  BSONRegExp,
  BSONSymbol,
  Code,
  type DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { badValue } from '../errors';

/** A number as it is stored, or a plain one that an expression has computed. */
export type BsonNumber = number | Int32 | Double | Long | Decimal128;

/** A value that holds no other values. */
export type BsonScalar =
  | null
  | boolean
  | string
  | BsonNumber
  | Date
  | ObjectId
  | Binary
  | Timestamp
  | BSONRegExp
  | MinKey
  | MaxKey
  | Code
  | BSONSymbol
  | DBRef;

/** Anything that a document can hold. Numbers keep their BSON type. */
export type BsonValue = BsonScalar | BsonValue[] | BsonDocument;

/** What a field holds; undefined when there is no such field. */
export type MaybeValue = BsonValue | undefined;

/** A document: an ordered set of fields. Stored ones are never changed, only replaced. */
export interface BsonDocument {
  [field: string]: MaybeValue;
}

const DECODE_OPTIONS = { promoteValues: false, promoteLongs: false, promoteBuffers: false, bsonRegExp: true };

/** The document that `bytes` hold, numbers in their BSON types. */
export function decode(bytes: Uint8Array): BsonDocument {
  return BSON.deserialize(bytes, DECODE_OPTIONS);
}

/** The document in bytes; fields without a value are left out. */
export function encode(document: BsonDocument): Buffer {
  const bytes = BSON.serialize(document, { ignoreUndefined: true, checkKeys: false });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Gives computed values the types in which they would be stored. */
export const normalized = (document: BsonDocument): BsonDocument => decode(encode(document));

/** Whether `value` is an embedded document, as opposed to a scalar or an array. */
export function isDocument(value: unknown): value is BsonDocument {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether `value` is a number of any type. */
export function isNumber(value: MaybeValue): value is BsonNumber {
  return (
    typeof value === 'number' ||
    value instanceof Int32 ||
    value instanceof Double ||
    value instanceof Decimal128 ||
    // A timestamp is built on Long, but is no number.
    (value instanceof Long && !(value instanceof Timestamp))
  );
}

/** Sets a field, also one with a name that means something to JavaScript. */
export function setField(document: BsonDocument, field: string, value: MaybeValue): void {
  if (field === '__proto__') {
    Object.defineProperty(document, field, { value, enumerable: true, configurable: true, writable: true });
  } else {
    document[field] = value;
  }
}

/** A copy whose documents and arrays can be changed without changing those of `value`. */
export function cloned<Value extends MaybeValue>(value: Value): Value {
  if (Array.isArray(value)) return value.map((element) => cloned(element)) as Value;
  if (!isDocument(value)) return value;
  const copy: BsonDocument = {};
  for (const field of Object.keys(value)) setField(copy, field, cloned(value[field]));
  return copy as Value;
}

/** The document with `_id` as its first field, as it is stored. */
export function withIdFirst(document: BsonDocument): BsonDocument {
  if (Object.keys(document)[0] === '_id') return document;
  const { _id, ...fields } = document;
  return _id === undefined ? fields : { _id, ...fields };
}

/** The first field that starts with a dollar sign, when it is the first field at all. */
export function leadingOperator(value: MaybeValue): string | undefined {
  if (!isDocument(value)) return undefined;
  const [first] = Object.keys(value);
  return first?.startsWith('$') ? first : undefined;
}

const TYPE_NAMES: Readonly<Record<number, string>> = {
  [-1]: 'minKey',
  1: 'double',
  2: 'string',
  3: 'object',
  4: 'array',
  5: 'binData',
  6: 'undefined',
  7: 'objectId',
  8: 'bool',
  9: 'date',
  10: 'null',
  11: 'regex',
  13: 'javascript',
  14: 'symbol',
  16: 'int',
  17: 'timestamp',
  18: 'long',
  19: 'decimal',
  127: 'maxKey',
};
const KNOWN_TYPE_NAMES: ReadonlySet<string> = new Set([...Object.values(TYPE_NAMES), 'number']);

/** The name of the value's type, as `$type` gives it. */
export function typeName(value: MaybeValue): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'double';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Date) return 'date';
  if (value instanceof Int32) return 'int';
  if (value instanceof Double) return 'double';
  if (value instanceof Timestamp) return 'timestamp';
  if (value instanceof Long) return 'long';
  if (value instanceof Decimal128) return 'decimal';
  if (value instanceof ObjectId) return 'objectId';
  if (value instanceof Binary) return 'binData';
  if (value instanceof BSONRegExp) return 'regex';
  if (value instanceof MinKey) return 'minKey';
  if (value instanceof MaxKey) return 'maxKey';
  if (value instanceof Code) return 'javascript';
  if (value instanceof BSONSymbol) return 'symbol';
  return 'object';
}

/**
 * The type name that `alias` stands for: a name or a type's number.
 * @throws MongoError BadValue when there is no such type.
 */
export function typeNameOf(alias: MaybeValue): string {
  const name = typeof alias === 'string' ? alias : isNumber(alias) ? TYPE_NAMES[Number(alias.toString())] : undefined;
  if (name === undefined || !KNOWN_TYPE_NAMES.has(name)) throw badValue('Unknown type name alias');
  return name;
}

const NUMBER_TYPE_NAMES: ReadonlySet<string> = new Set(['int', 'long', 'double', 'decimal']);

/** Whether the value's type is `name`, or a number type when `name` is "number". */
export function hasType(value: MaybeValue, name: string): boolean {
  const own = typeName(value);
  return own === name || (name === 'number' && NUMBER_TYPE_NAMES.has(own));
}
