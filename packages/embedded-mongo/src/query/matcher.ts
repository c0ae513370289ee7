import { compileExpression, type Variables } from '../aggregation/expression';
import { isTruthy } from '../bson/numbers';
import { ownField, valuesAt } from '../bson/path';
import { type BsonDocument, isDocument, type MaybeValue } from '../bson/values';
import { badValue } from '../errors';
import type { Collation } from './collation';
import { compileCondition, type ConditionContext } from './field-operators';
import { compileJsonSchema } from './json-schema';
import { compileTextSearch } from './text-search';
import type { ValuesPredicate } from './values-predicate';

/** Whether a document is what a filter asks for. */
export type DocumentPredicate = (document: BsonDocument) => boolean;

/** What a filter needs besides itself. */
export interface FilterContext {
  readonly collation?: Collation | undefined;
  /** Of `let`, for `$expr`. */
  readonly variables?: Variables | undefined;
  /** The fields of the collection's text index, for `$text`. */
  readonly textFields?: readonly string[] | undefined;
}

type ClauseCompiler = (argument: MaybeValue, context: FilterContext) => DocumentPredicate | undefined;

/**
 * Compiles a filter to a predicate.
 * @throws MongoError BadValue for anything that is not a filter, so that nothing is silently ignored.
 */
export function compileFilter(filter: MaybeValue, context: FilterContext = {}): DocumentPredicate {
  if (!isDocument(filter)) throw badValue('a filter must be an object');
  const predicates: DocumentPredicate[] = [];
  for (const field of Object.keys(filter)) {
    const predicate = field.startsWith('$')
      ? compileClause(field, filter[field], context)
      : fieldPredicate(field, compileFieldCondition(filter[field], context));
    if (predicate) predicates.push(predicate);
  }
  const [first] = predicates;
  if (predicates.length === 1 && first) return first;
  return (document) => {
    for (const predicate of predicates) if (!predicate(document)) return false;
    return true;
  };
}

/**
 * Compiles what a filter would demand of one path, for values that are at hand.
 * @throws MongoError BadValue for an unknown operator or an argument that it does not take.
 */
export function compileFieldCondition(condition: MaybeValue, context: FilterContext = {}): ValuesPredicate {
  const conditionContext: ConditionContext = {
    collation: context.collation,
    compileFilter: (filter) => compileFilter(filter, context),
  };
  return compileCondition(condition, conditionContext);
}

function fieldPredicate(field: string, accepts: ValuesPredicate): DocumentPredicate {
  const parts = field.split('.');
  if (parts.length === 1) return (document) => accepts([ownField(document, field)]);
  return (document) => accepts(valuesAt(document, parts));
}

function compileClause(operator: string, argument: MaybeValue, context: FilterContext): DocumentPredicate | undefined {
  const compile = CLAUSES.get(operator);
  if (!compile) {
    throw badValue(
      `unknown top level operator: ${operator}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
    );
  }
  return compile(argument, context);
}

const CLAUSES: ReadonlyMap<string, ClauseCompiler> = new Map<string, ClauseCompiler>([
  [
    '$and',
    (argument, context) => {
      const predicates = alternatives('$and', argument, context);
      return (document) => predicates.every((predicate) => predicate(document));
    },
  ],
  [
    '$or',
    (argument, context) => {
      const predicates = alternatives('$or', argument, context);
      return (document) => predicates.some((predicate) => predicate(document));
    },
  ],
  [
    '$nor',
    (argument, context) => {
      const predicates = alternatives('$nor', argument, context);
      return (document) => !predicates.some((predicate) => predicate(document));
    },
  ],
  [
    '$expr',
    (argument, { variables }) => {
      const evaluate = compileExpression(argument);
      return (document) => isTruthy(evaluate(document, variables));
    },
  ],
  ['$jsonSchema', (argument) => compileJsonSchema(argument)],
  ['$text', (argument, { textFields }) => compileTextSearch(argument, textFields)],
  ['$comment', () => undefined],
  ['$alwaysTrue', () => undefined],
  ['$alwaysFalse', () => () => false],
  [
    '$where',
    () => {
      throw badValue('$where is not supported by the embedded server');
    },
  ],
]);

function alternatives(operator: string, argument: MaybeValue, context: FilterContext): DocumentPredicate[] {
  if (!Array.isArray(argument) || argument.length === 0) {
    throw badValue(`${operator} argument must be a non-empty array`);
  }
  return argument.map((filter) => {
    if (!isDocument(filter)) throw badValue('$or/$and/$nor entries need to be full objects');
    return compileFilter(filter, context);
  });
}
