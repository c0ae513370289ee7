import { isArrayIndex } from '../bson/path';
import { type BsonDocument, cloned, isDocument, type MaybeValue, typeName } from '../bson/values';
import { badValue, failedToParse, MongoError } from '../errors';
import type { FilterContext } from '../query/matcher';
import { matchedIndex } from '../query/positional';
import { addToSet, pop, pull, pullAll, push } from './array-modifiers';
import type { ArrayFilters } from './array-filters';
import { changeBits, increment, keepExtreme, multiply, rename, set, setCurrentDate, unset } from './field-modifiers';
import { type Container, createdContainer, existingContainer, expandedPaths } from './paths';

/** One operator on one path. */
export interface Modification {
  readonly operator: string;
  readonly path: string;
  readonly argument: MaybeValue;
}

/** What modifications need besides the document. */
export interface ModificationContext {
  /** The filter that found the document, for `$`. */
  readonly filter: BsonDocument;
  readonly arrayFilters: ArrayFilters;
  readonly context: FilterContext;
}

type Modifier = (container: Container, key: string, argument: MaybeValue, context: FilterContext) => void;

/** These do nothing where the path does not lead anywhere; the others create it. */
const ON_EXISTING: ReadonlyMap<string, Modifier> = new Map<string, Modifier>([
  ['$unset', unset],
  ['$pull', pull],
  ['$pullAll', pullAll],
  ['$pop', pop],
]);
const CREATING: ReadonlyMap<string, Modifier> = new Map<string, Modifier>([
  ['$set', set],
  ['$setOnInsert', set],
  ['$inc', increment],
  ['$mul', multiply],
  ['$min', (container, key, argument) => keepExtreme(container, key, argument, -1)],
  ['$max', (container, key, argument) => keepExtreme(container, key, argument, 1)],
  ['$currentDate', setCurrentDate],
  ['$bit', changeBits],
  ['$push', push],
  ['$addToSet', addToSet],
]);

/**
 * The modifications of an update document, in the order in which MongoDB applies them: by path.
 * @throws MongoError FailedToParse for an unknown operator, ConflictingUpdateOperators when two change one path.
 */
export function parseModifications(update: BsonDocument): Modification[] {
  const modifications: Modification[] = [];
  const targets: string[] = [];
  for (const [operator, fields] of Object.entries(update)) {
    checkOperator(operator, fields);
    for (const [path, argument] of Object.entries(fields as BsonDocument)) {
      checkPath(path);
      modifications.push({ operator, path, argument });
      targets.push(path);
      if (operator !== '$rename') continue;
      if (typeof argument !== 'string') throw badValue("The 'to' field for $rename must be a string");
      targets.push(argument);
    }
  }
  checkConflicts(targets);
  return modifications.sort((a, b) => comparePaths(a.path.split('.'), b.path.split('.')));
}

/**
 * The document after all modifications; `document` itself stays as it is.
 * @throws MongoError when a modification does not fit what the document holds.
 */
export function modified(
  document: BsonDocument,
  modifications: readonly Modification[],
  { filter, arrayFilters, context }: ModificationContext,
): BsonDocument {
  const result = cloned(document);
  for (const modification of modifications) {
    const parts = modification.path.split('.');
    if (!modification.path.includes('$')) {
      apply(result, parts, modification, context);
      continue;
    }
    const index = parts.includes('$') ? matchedIndex(filter, document, context) : undefined;
    const paths = expandedPaths(result, parts, { matchedIndex: index, arrayFilters });
    for (const path of paths) apply(result, path, modification, context);
  }
  return result;
}

function apply(
  document: BsonDocument,
  parts: readonly string[],
  { operator, argument }: Modification,
  context: FilterContext,
): void {
  const key = parts.at(-1) ?? '';
  if (operator === '$rename' && typeof argument === 'string') {
    rename(document, parts, argument.split('.'));
    return;
  }
  const create = CREATING.get(operator);
  if (create) {
    create(createdContainer(document, parts), key, argument, context);
    return;
  }
  const container = existingContainer(document, parts);
  if (container) ON_EXISTING.get(operator)?.(container, key, argument, context);
}

function checkOperator(operator: string, fields: MaybeValue): void {
  if (operator !== '$rename' && !CREATING.has(operator) && !ON_EXISTING.has(operator)) {
    throw failedToParse(
      `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
  }
  if (isDocument(fields)) return;
  throw failedToParse(
    `Modifiers operate on fields but we found type ${typeName(fields)} instead. For example: {$mod: {<field>: ...}} not {${operator}: ...}`,
  );
}

function checkPath(path: string): void {
  if (path.split('.').includes('')) {
    throw new MongoError(
      56,
      'EmptyFieldName',
      `The update path '${path}' contains an empty field name, which is not allowed.`,
    );
  }
  if (path.startsWith('$')) {
    throw new MongoError(
      52,
      'DollarPrefixedFieldName',
      `The dollar ($) prefixed field '${path}' is not valid for storage.`,
    );
  }
}

function checkConflicts(targets: readonly string[]): void {
  const seen = [...targets].sort((a, b) => comparePaths(a.split('.'), b.split('.')));
  for (const [index, path] of seen.entries()) {
    const before = seen[index - 1];
    if (before !== undefined && (path === before || path.startsWith(`${before}.`))) {
      throw new MongoError(
        40,
        'ConflictingUpdateOperators',
        `Updating the path '${path}' would create a conflict at '${before}'`,
      );
    }
  }
}

function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (part === other) continue;
    if (isArrayIndex(part) && isArrayIndex(other)) return Number(part) - Number(other);
    return part < other ? -1 : 1;
  }
  return a.length - b.length;
}
