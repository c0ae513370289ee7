import { isArrayIndex, ownField } from '../bson/path';
import { type BsonDocument, isDocument, type MaybeValue, setField, typeName } from '../bson/values';
import { badValue, MongoError } from '../errors';
import type { ArrayFilters } from './array-filters';

/** An embedded document or an array: what can hold the field that an update changes. */
export type Container = BsonDocument | MaybeValue[];

/** Padding an array further than this with nulls is refused, as in MongoDB. */
const MAX_PADDING = 1_500_000;

const pathNotViable = (message: string): MongoError => new MongoError(28, 'PathNotViable', message);

/** What the container holds under `key`; undefined when nothing. */
export function getIn(container: Container, key: string): MaybeValue {
  if (Array.isArray(container)) return isArrayIndex(key) ? container[Number(key)] : undefined;
  return ownField(container, key);
}

/**
 * Puts `value` under `key`; an array is padded with nulls up to its place.
 * @throws MongoError PathNotViable when `key` is no place in an array.
 */
export function setIn(container: Container, key: string, value: MaybeValue): void {
  if (!Array.isArray(container)) {
    setField(container, key, value);
    return;
  }
  if (!isArrayIndex(key)) throw pathNotViable(`Cannot create field '${key}' in an array element`);
  const index = Number(key);
  if (index > container.length + MAX_PADDING) throw badValue('cannot backfill array to that size');
  while (container.length < index) container.push(null);
  container[index] = value;
}

/** What holds the last part of the path, if the path leads there. */
export function existingContainer(document: BsonDocument, parts: readonly string[]): Container | undefined {
  let container: Container = document;
  for (const part of parts.slice(0, -1)) {
    const next = getIn(container, part);
    if (!isDocument(next) && !Array.isArray(next)) return undefined;
    container = next;
  }
  return container;
}

/**
 * What holds the last part of the path, with the documents on the way made where they are missing.
 * @throws MongoError PathNotViable when a scalar stands in the way.
 */
export function createdContainer(document: BsonDocument, parts: readonly string[]): Container {
  let container: Container = document;
  for (const [index, part] of parts.slice(0, -1).entries()) {
    let next = getIn(container, part);
    if (next === undefined) setIn(container, part, (next = {}));
    if (!isDocument(next) && !Array.isArray(next)) {
      throw pathNotViable(`Cannot create field '${parts[index + 1] ?? ''}' in element {${part}: ${typeName(next)}}`);
    }
    container = next;
  }
  return container;
}

/** What `$` and `$[name]` in a path stand for. */
export interface Placeholders {
  /** The element that the filter matched; undefined when it matched none. */
  readonly matchedIndex: number | undefined;
  readonly arrayFilters: ArrayFilters;
}

/**
 * The paths that a path with `$`, `$[]` or `$[name]` stands for in this document.
 * @throws MongoError BadValue when a placeholder stands for nothing.
 */
export function expandedPaths(
  document: BsonDocument,
  parts: readonly string[],
  { matchedIndex, arrayFilters }: Placeholders,
): string[][] {
  let branches: { path: string[]; value: MaybeValue }[] = [{ path: [], value: document }];
  for (const part of parts) {
    branches = branches.flatMap(({ path, value }) => {
      if (part === '$') {
        if (matchedIndex === undefined) {
          throw badValue('The positional operator did not find the match needed from the query.');
        }
        return [{ path: [...path, String(matchedIndex)], value: childOf(value, String(matchedIndex)) }];
      }
      if (!isArrayPlaceholder(part)) return [{ path: [...path, part], value: childOf(value, part) }];
      const accepts = elementTest(part, parts, arrayFilters);
      return elementsOf(value, path).flatMap((element, index) =>
        accepts(element) ? [{ path: [...path, String(index)], value: element }] : [],
      );
    });
  }
  return branches.map(({ path }) => path);
}

const isArrayPlaceholder = (part: string): boolean => part.startsWith('$[') && part.endsWith(']');

function childOf(value: MaybeValue, key: string): MaybeValue {
  return isDocument(value) || Array.isArray(value) ? getIn(value, key) : undefined;
}

function elementTest(part: string, parts: readonly string[], arrayFilters: ArrayFilters) {
  const name = part.slice(2, -1);
  if (name === '') return () => true;
  const accepts = arrayFilters.get(name);
  if (!accepts) throw badValue(`No array filter found for identifier '${name}' in path '${parts.join('.')}'`);
  return accepts;
}

function elementsOf(value: MaybeValue, path: readonly string[]): MaybeValue[] {
  if (Array.isArray(value)) return value;
  if (value === undefined) {
    throw badValue(`The path '${path.join('.')}' must exist in the document in order to apply array updates.`);
  }
  throw badValue(`Cannot apply array updates to non-array element ${path.at(-1) ?? ''}`);
}
