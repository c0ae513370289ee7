import { type BsonDocument, isDocument, type MaybeValue } from './values';

const ARRAY_INDEX = /^(0|[1-9]\d*)$/;

/** Whether a part of a path can name an element of an array. */
export const isArrayIndex = (part: string): boolean => ARRAY_INDEX.test(part);

/** The field itself, never something that JavaScript objects inherit. */
export function ownField(document: BsonDocument, field: string): MaybeValue {
  return Object.hasOwn(document, field) ? document[field] : undefined;
}

/** What stands at a path, array indexes included, without looking into the elements of arrays. */
export function valueAt(document: BsonDocument, parts: readonly string[]): MaybeValue {
  let value: MaybeValue = document;
  for (const part of parts) {
    if (Array.isArray(value)) value = isArrayIndex(part) ? value[Number(part)] : undefined;
    else if (isDocument(value)) value = ownField(value, part);
    else return undefined;
  }
  return value;
}

/**
 * Everything that a filter's path reaches: it leads through the elements of arrays, and by a number to one
 * of them. Holds undefined for each branch on which the path ends early.
 */
export function valuesAt(document: BsonDocument, parts: readonly string[]): MaybeValue[] {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return [ownField(document, only)];
  const values: MaybeValue[] = [];
  collect(document, parts, 0, values);
  return values;
}

function collect(value: MaybeValue, parts: readonly string[], depth: number, values: MaybeValue[]): void {
  const part = parts[depth];
  if (part === undefined) {
    values.push(value);
  } else if (Array.isArray(value)) {
    for (const element of value) if (isDocument(element)) collect(element, parts, depth, values);
    if (!isArrayIndex(part)) return;
    const index = Number(part);
    if (index < value.length) collect(value[index], parts, depth + 1, values);
    else if (!value.some(isDocument)) values.push(undefined);
  } else if (isDocument(value) && Object.hasOwn(value, part)) {
    collect(value[part], parts, depth + 1, values);
  } else {
    values.push(undefined);
  }
}

/** A copy of `document` with `value` at the path, in every element of the arrays on it; undefined removes it. */
export function withValueAt(document: BsonDocument, parts: readonly string[], value: MaybeValue): BsonDocument {
  const [field, ...rest] = parts;
  if (field === undefined) return document;
  const copy = { ...document };
  const next = rest.length === 0 ? value : nested(ownField(document, field), rest, value);
  if (next === undefined) Reflect.deleteProperty(copy, field);
  else Object.defineProperty(copy, field, { value: next, enumerable: true, configurable: true, writable: true });
  return copy;
}

function nested(current: MaybeValue, parts: readonly string[], value: MaybeValue): MaybeValue {
  if (Array.isArray(current)) return current.map((element) => nested(element, parts, value) ?? null);
  if (isDocument(current)) return withValueAt(current, parts, value);
  return value === undefined ? current : withValueAt({}, parts, value);
}
