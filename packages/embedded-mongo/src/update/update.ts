import { runPipeline } from '../aggregation/pipeline';
import type { Variables } from '../aggregation/expression';
import {
  type BsonDocument,
  cloned,
  isDocument,
  leadingOperator,
  type MaybeValue,
  normalized,
  withIdFirst,
} from '../bson/values';
import { failedToParse, locationError, MongoError } from '../errors';
import type { FilterContext } from '../query/matcher';
import { checkArrayFiltersUsed, compileArrayFilters } from './array-filters';
import { modified, parseModifications } from './modifiers';

/** The stages that an update may consist of. */
const UPDATE_STAGES: ReadonlySet<string> = new Set([
  '$set',
  '$addFields',
  '$unset',
  '$project',
  '$replaceRoot',
  '$replaceWith',
]);

/** What an update does to a document; `isInsert` when it is the one that an upsert makes of the filter. */
export interface CompiledUpdate {
  /** Whether the whole document is replaced, and so the change stream reports it. */
  readonly replaces: boolean;
  apply(document: BsonDocument, isInsert: boolean): BsonDocument;
}

/** An update statement, and what its paths and expressions may refer to. */
export interface UpdateStatement {
  readonly filter: BsonDocument;
  readonly update: MaybeValue;
  readonly arrayFilters?: MaybeValue;
  readonly multi: boolean;
  readonly context: FilterContext;
  readonly variables?: Variables | undefined;
}

/**
 * Compiles the update of a statement: a replacement, operators or a pipeline.
 * @throws MongoError FailedToParse for anything else.
 */
export function compileUpdate(statement: UpdateStatement): CompiledUpdate {
  const { update } = statement;
  if (Array.isArray(update)) return compilePipelineUpdate(update, statement.variables);
  if (!isDocument(update)) throw failedToParse('Update argument must be either an object or an array');
  return leadingOperator(update) === undefined
    ? compileReplacement(update, statement.multi)
    : compileModifiers(update, statement);
}

function compileModifiers(update: BsonDocument, statement: UpdateStatement): CompiledUpdate {
  const { filter, context } = statement;
  const modifications = parseModifications(update);
  const arrayFilters = compileArrayFilters(statement.arrayFilters, context);
  checkArrayFiltersUsed(
    arrayFilters,
    modifications.map(({ path }) => path),
  );
  const onUpdate = modifications.filter(({ operator }) => operator !== '$setOnInsert');
  return {
    replaces: false,
    apply: (document, isInsert) =>
      modified(document, isInsert ? modifications : onUpdate, { filter, arrayFilters, context }),
  };
}

function compileReplacement(update: BsonDocument, multi: boolean): CompiledUpdate {
  if (multi) throw failedToParse('multi update is not supported for replacement-style update');
  const operator = Object.keys(update).find((field) => field.startsWith('$'));
  if (operator !== undefined) {
    throw new MongoError(
      52,
      'DollarPrefixedFieldName',
      `The dollar ($) prefixed field '${operator}' is not allowed in the context of an update's replacement document.`,
    );
  }
  return {
    replaces: true,
    apply: ({ _id }) =>
      withIdFirst(cloned(update._id === undefined && _id !== undefined ? { _id, ...update } : update)),
  };
}

function compilePipelineUpdate(pipeline: readonly MaybeValue[], variables: Variables | undefined): CompiledUpdate {
  const stages = pipeline.filter(isDocument);
  for (const stage of stages) {
    const [name = ''] = Object.keys(stage);
    if (!UPDATE_STAGES.has(name)) throw locationError(40324, `Unrecognized pipeline stage name: '${name}'`);
  }
  return {
    replaces: false,
    apply: (document) => {
      const [result = {}] = runPipeline([document], stages, { variables });
      const { _id } = document;
      return normalized(_id === undefined || result._id !== undefined ? withIdFirst(result) : { _id, ...result });
    },
  };
}
