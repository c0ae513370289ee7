import { Binary, BSONRegExp, BSONSymbol, Code, ObjectId, Timestamp } from 'bson';
import { documentOf, TypeOrder, typeOrder } from './compare';
import { distanceFromDouble, toNumber } from './numbers';
import { type BsonNumber, isNumber, type MaybeValue } from './values';

/** Writes a string in the form in which a collation finds it equal to others. */
export type StringFold = (text: string) => string;

const scratch = Buffer.alloc(8);
const MIN_KEY_TAG = '\x01';
const END = '\x00';
/** A zero within a string is followed by 255. */
const STRING_END = '\x00\x00';

/** The first character of every key of the value's type. */
export function keyTag(value: MaybeValue): string {
  const order = typeOrder(value);
  return order === TypeOrder.minKey ? MIN_KEY_TAG : String.fromCharCode(order);
}

/** The key that an empty array has in an index: before null. */
export const EMPTY_ARRAY_KEY = '\x03';

/**
 * A value as a string of one-byte characters that sorts as the value does, so that an index can compare
 * keys without decoding them. Equal values have equal keys, and no key is the beginning of another.
 */
export function encodeKey(value: MaybeValue, fold?: StringFold): string {
  const tag = keyTag(value);
  if (typeof value === 'string') return tag + terminated(fold ? fold(value) : value);
  if (value === undefined || value === null) return tag;
  if (typeof value === 'boolean') return tag + (value ? '\x01' : '\x00');
  if (value instanceof ObjectId) return tag + Buffer.from(value.id).toString('latin1');
  if (value instanceof Date) return tag + encodeDouble(value.getTime());
  if (value instanceof Timestamp) {
    scratch.writeUInt32BE(value.t, 0);
    scratch.writeUInt32BE(value.i, 4);
    return tag + scratch.toString('latin1', 0, 8);
  }
  if (isNumber(value)) return tag + encodeNumber(value);
  if (Array.isArray(value)) return tag + value.map((element) => encodeKey(element, fold)).join('') + END;
  if (value instanceof Binary) return tag + encodeBinary(value);
  if (value instanceof BSONRegExp) return tag + terminated(value.pattern) + terminated(value.options);
  if (value instanceof BSONSymbol) return tag + terminated(value.value);
  if (value instanceof Code) return tag + terminated(value.code);
  if (tag.charCodeAt(0) !== TypeOrder.object) return tag;
  let key = tag;
  const document = documentOf(value);
  for (const field of Object.keys(document)) {
    const element = document[field];
    key += keyTag(element) + terminated(field) + encodeKey(element, fold);
  }
  return key + END;
}

/** The beginning that the keys of all strings with this prefix have. */
export function encodeStringPrefix(prefix: string): string {
  return keyTag(prefix) + escaped(prefix);
}

/** The key that sorts the other way round, for descending fields. */
export function inverted(key: string): string {
  let result = '';
  for (let index = 0; index < key.length; index++) result += String.fromCharCode(255 - key.charCodeAt(index));
  return result;
}

/** The double that is nearest, then how far it is from the value: longs and decimals are more precise. */
function encodeNumber(value: BsonNumber): string {
  const double = toNumber(value);
  if (Number.isNaN(double)) return '\x00';
  const distance = distanceFromDouble(value);
  const tie = distance === 0 ? '\x80' : (distance < 0 ? '\x7f' : '\x81') + encodeDouble(distance);
  return `\x01${encodeDouble(double)}${tie}`;
}

function encodeDouble(value: number): string {
  scratch.writeDoubleBE(value === 0 ? 0 : value);
  const first = scratch[0] ?? 0;
  // Negative doubles sort backwards by their bytes.
  if (first & 0x80) for (let index = 0; index < 8; index++) scratch[index] = (scratch[index] ?? 0) ^ 0xff;
  else scratch[0] = first ^ 0x80;
  return scratch.toString('latin1', 0, 8);
}

function encodeBinary(value: Binary): string {
  const bytes = value.value();
  scratch.writeUInt32BE(bytes.length);
  return scratch.toString('latin1', 0, 4) + String.fromCharCode(value.sub_type) + Buffer.from(bytes).toString('latin1');
}

function escaped(text: string): string {
  const bytes = Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1');
  return bytes.includes('\x00') ? bytes.replaceAll('\x00', '\x00\xff') : bytes;
}

const terminated = (text: string): string => escaped(text) + STRING_END;
