import { compileExpression, type Variables } from '../aggregation/expression';
import { toNumber } from '../bson/numbers';
import { ownField, valueAt, withValueAt } from '../bson/path';
import { type BsonDocument, isDocument, isNumber, type MaybeValue, setField } from '../bson/values';
import { badValue, locationError } from '../errors';
import { compileFieldCondition, type FilterContext } from './matcher';
import { matchedIndex } from './positional';
import { type FieldTree, parseProjection } from './projection-fields';

/** Gives the fields of a document that were asked for. */
export type Projection = (document: BsonDocument) => BsonDocument;

/**
 * Compiles the projection of a find. `filter` is the query's, by which `.$` chooses an element.
 * @throws MongoError for a specification that MongoDB refuses.
 */
export function compileProjection(
  specification: BsonDocument,
  filter: BsonDocument,
  context: FilterContext = {},
): Projection {
  const { positional, slices, elementMatches, ...fields } = parseProjection(specification, 'find');
  const slicedRoots = slices.map(([path]) => path.split('.')[0] ?? path);
  const select = selection(fields, fields.mode === 'include' && Object.keys(fields.tree).length > 0 ? slicedRoots : []);
  const compute = computation(fields.expressions, context.variables);
  const cuts = slices.map(([path, argument]) => [path.split('.'), sliceOf(argument)] as const);
  const matches = elementMatches.map(([path, condition]) => [path, compileFieldCondition(condition, context)] as const);
  return (document) => {
    let result = select(document);
    if (positional !== undefined) {
      const index = matchedIndex(filter, document, context);
      if (index === undefined) throw noElementMatched();
      result = mappedAt(result, positional.split('.'), (array) => [array[index] ?? null]);
    }
    for (const [parts, cut] of cuts) result = mappedAt(result, parts, cut);
    for (const [path, accepts] of matches) {
      const array = valueAt(document, path.split('.'));
      const found = Array.isArray(array) ? array.find((element) => accepts([[element]])) : undefined;
      if (found !== undefined) result = withValueAt(result, path.split('.'), [found]);
    }
    return compute(result, document);
  };
}

/**
 * Compiles the argument of a `$project` stage.
 * @throws MongoError for a specification that MongoDB refuses.
 */
export function compileStageProjection(specification: BsonDocument, variables: Variables | undefined): Projection {
  if (Object.keys(specification).length === 0)
    throw locationError(51272, 'projection specification must have at least one field');
  const fields = parseProjection(specification, 'aggregate');
  const select = selection(fields, []);
  const compute = computation(fields.expressions, variables);
  return (document) => compute(select(document), document);
}

interface Selection {
  readonly mode: 'include' | 'exclude';
  readonly tree: FieldTree;
  readonly id: boolean | undefined;
}

function selection({ mode, tree, id }: Selection, alsoIncluded: readonly string[]): Projection {
  const complete: FieldTree = { ...tree };
  if (mode === 'exclude') {
    if (id === false) complete._id = true;
    return (document) => excluding(document, complete);
  }
  for (const field of alsoIncluded) complete[field] ??= true;
  if (id !== false) complete._id = true;
  return (document) => including(document, complete);
}

function computation(
  expressions: readonly (readonly [string, MaybeValue])[],
  variables: Variables | undefined,
): (result: BsonDocument, document: BsonDocument) => BsonDocument {
  const compiled = expressions.map(([path, expression]) => [path.split('.'), compileExpression(expression)] as const);
  return (result, document) =>
    compiled.reduce((current, [parts, evaluate]) => withValueAt(current, parts, evaluate(document, variables)), result);
}

function including(document: BsonDocument, tree: FieldTree): BsonDocument {
  const result: BsonDocument = {};
  for (const field of Object.keys(document)) {
    const branch = Object.hasOwn(tree, field) ? tree[field] : undefined;
    if (branch === undefined) continue;
    const value = branch === true ? document[field] : includingWithin(document[field], branch);
    if (value !== undefined) setField(result, field, value);
  }
  return result;
}

function includingWithin(value: MaybeValue, tree: FieldTree): MaybeValue {
  if (isDocument(value)) return including(value, tree);
  if (!Array.isArray(value)) return undefined;
  return value.map((element) => includingWithin(element, tree)).filter((element) => element !== undefined);
}

function excluding(document: BsonDocument, tree: FieldTree): BsonDocument {
  const result: BsonDocument = {};
  for (const field of Object.keys(document)) {
    const branch = Object.hasOwn(tree, field) ? tree[field] : undefined;
    if (branch === true) continue;
    setField(result, field, branch ? excludingWithin(document[field], branch) : document[field]);
  }
  return result;
}

function excludingWithin(value: MaybeValue, tree: FieldTree): MaybeValue {
  if (Array.isArray(value)) return value.map((element) => excludingWithin(element, tree) ?? null);
  return isDocument(value) ? excluding(value, tree) : value;
}

type ArrayMap = (array: MaybeValue[]) => MaybeValue[];

/** A copy with the array at the path replaced, in each element of the arrays on the way. */
function mappedAt(document: BsonDocument, parts: readonly string[], map: ArrayMap): BsonDocument {
  const [field, ...rest] = parts;
  if (field === undefined) return document;
  const value = ownField(document, field);
  if (value === undefined) return document;
  const copy = { ...document };
  if (rest.length === 0) copy[field] = Array.isArray(value) ? (map(value) as typeof value) : value;
  else if (isDocument(value)) copy[field] = mappedAt(value, rest, map);
  else if (Array.isArray(value)) {
    copy[field] = value.map((element) => (isDocument(element) ? mappedAt(element, rest, map) : element));
  }
  return copy;
}

function sliceOf(argument: MaybeValue): ArrayMap {
  if (isNumber(argument)) {
    const count = toNumber(argument);
    return (array) => (count >= 0 ? array.slice(0, count) : array.slice(count));
  }
  if (!Array.isArray(argument)) throw badValue('Invalid $slice syntax');
  const [skip = NaN, limit = NaN] = argument.map(toNumber);
  if (!(limit > 0)) throw locationError(28724, 'First argument to $slice must be an array, but is of type: int');
  return (array) => {
    const start = skip < 0 ? Math.max(0, array.length + skip) : skip;
    return array.slice(start, start + limit);
  };
}

function noElementMatched(): Error {
  return locationError(
    51246,
    "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
  );
}
