import { withValueAt } from '../bson/path';
import { type BsonDocument, isDocument, leadingOperator, type MaybeValue, typeName } from '../bson/values';
import { failedToParse, locationError } from '../errors';
import { compileStageProjection } from '../query/projection';
import { documentArgument } from './arguments';
import { compileExpression } from './expression';
import type { Stage } from './stage';

/** `$project`. */
export const project: Stage = (documents, argument, { variables }) =>
  documents.map(compileStageProjection(documentArgument('$project', argument), variables));

/** `$addFields` and `$set`: every expression sees the document as it comes into the stage. */
export const addFields: Stage = (documents, argument, { variables }) => {
  const fields = computedFields(documentArgument('$addFields', argument)).map(
    ([path, expression]) => [path.split('.'), compileExpression(expression)] as const,
  );
  return documents.map((document) =>
    fields.reduce((result, [parts, evaluate]) => withValueAt(result, parts, evaluate(document, variables)), document),
  );
};

/** `$unset`: leaves out one field or a list of them. */
export const unset: Stage = (documents, argument, { variables }) => {
  const fields = Array.isArray(argument) ? argument : [argument];
  if (!fields.every((field) => typeof field === 'string')) {
    throw failedToParse('$unset specification must be a string or an array of strings');
  }
  return documents.map(compileStageProjection(Object.fromEntries(fields.map((field) => [field, 0])), variables));
};

/** `$replaceWith`, and `$replaceRoot` with its `newRoot`. */
export const replaceWith: Stage = (documents, argument, { variables }) => {
  const evaluate = compileExpression(argument);
  return documents.map((document) => {
    const result = evaluate(document, variables);
    if (isDocument(result)) return result;
    throw locationError(
      40228,
      `'newRoot' expression must evaluate to an object, but resulting value was: ${typeName(result)}`,
    );
  });
};

/** `{a: {b: 1}}` sets `a.b` and leaves the rest of `a` alone. */
function computedFields(specification: BsonDocument, prefix = ''): [string, MaybeValue][] {
  return Object.entries(specification).flatMap(([field, value]): [string, MaybeValue][] => {
    const isNested = isDocument(value) && leadingOperator(value) === undefined && Object.keys(value).length > 0;
    return isNested ? computedFields(value, `${prefix}${field}.`) : [[prefix + field, value]];
  });
}
