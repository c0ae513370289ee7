import { toNumber } from '../bson/numbers';
import { type BsonDocument, isDocument, isNumber, leadingOperator, type MaybeValue } from '../bson/values';
import { badValue, locationError } from '../errors';

/** Fields to keep or to leave out: true for the whole field, a tree for some of its fields. */
export interface FieldTree {
  [field: string]: true | FieldTree;
}

/** What a projection says, sorted by what has to be done. */
export interface ProjectionFields {
  /** Whether only the named fields are kept, or all but those. */
  readonly mode: 'include' | 'exclude';
  readonly tree: FieldTree;
  /** Undefined when the projection does not mention `_id`. */
  readonly id: boolean | undefined;
  readonly slices: readonly (readonly [path: string, argument: MaybeValue])[];
  readonly elementMatches: readonly (readonly [path: string, condition: MaybeValue])[];
  readonly expressions: readonly (readonly [path: string, expression: MaybeValue])[];
  /** The array of which `$` keeps the matched element. */
  readonly positional: string | undefined;
}

type Mode = ProjectionFields['mode'];

/**
 * Reads a projection.
 * @param dialect Whether `$slice`, `$elemMatch` and `.$` mean what they mean in a find, or are expressions.
 * @throws MongoError 31253 or 31254 when inclusion and exclusion are mixed, 31249 when paths collide.
 */
export function parseProjection(specification: BsonDocument, dialect: 'find' | 'aggregate'): ProjectionFields {
  const tree: FieldTree = {};
  const slices: [string, MaybeValue][] = [];
  const elementMatches: [string, MaybeValue][] = [];
  const expressions: [string, MaybeValue][] = [];
  let positional: string | undefined;
  let id: boolean | undefined;
  let mode: Mode | undefined;

  const select = (path: string, wanted: Mode): void => {
    if (mode !== undefined && mode !== wanted) throw mixedModes(path, wanted);
    mode = wanted;
    addPath(tree, path);
  };
  const read = (path: string, value: MaybeValue): void => {
    const isFlag = typeof value === 'boolean' || isNumber(value);
    const operator = leadingOperator(value);
    if (isFlag && path === '_id') id = isSet(value);
    else if (dialect === 'find' && path.endsWith('.$')) select((positional = path.slice(0, -2)), 'include');
    else if (isFlag) select(path, isSet(value) ? 'include' : 'exclude');
    else if (operator === '$meta') throw badValue('$meta projections are not supported by the embedded server');
    else if (dialect === 'find' && operator === '$slice' && isFindSlice((value as BsonDocument).$slice)) {
      slices.push([path, (value as BsonDocument).$slice]);
    } else if (dialect === 'find' && operator === '$elemMatch') {
      elementMatches.push([path, value]);
      mode ??= 'include';
    } else if (isDocument(value) && operator === undefined && Object.keys(value).length > 0) {
      for (const [field, nested] of Object.entries(value)) read(`${path}.${field}`, nested);
    } else {
      expressions.push([path, value]);
      mode ??= 'include';
    }
  };
  for (const [path, value] of Object.entries(specification)) read(path, value);
  if (mode === undefined && slices.length === 0 && id !== undefined) mode = id ? 'include' : 'exclude';
  return { mode: mode ?? 'exclude', tree, id, slices, elementMatches, expressions, positional };
}

function isSet(value: MaybeValue): boolean {
  return value === true || (isNumber(value) && toNumber(value) !== 0);
}

/** `{$slice: [array, n]}` is the expression of that name. */
function isFindSlice(argument: MaybeValue): boolean {
  return !Array.isArray(argument) || (argument.length === 2 && isNumber(argument[0]));
}

function mixedModes(path: string, wanted: Mode): Error {
  return wanted === 'exclude'
    ? locationError(31254, `Cannot do exclusion on field ${path} in inclusion projection`)
    : locationError(31253, `Cannot do inclusion on field ${path} in exclusion projection`);
}

function addPath(tree: FieldTree, path: string): void {
  const parts = path.split('.');
  if (parts.includes('')) throw locationError(40353, "FieldPath must not end with a '.'.");
  const last = parts.pop() ?? path;
  let branch = tree;
  for (const part of parts) {
    const next = (branch[part] ??= {});
    if (next === true) throw locationError(31249, `Path collision at ${path}`);
    branch = next;
  }
  if (typeof branch[last] === 'object') throw locationError(31250, `Path collision at ${path}`);
  branch[last] = true;
}
