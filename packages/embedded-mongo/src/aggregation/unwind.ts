import { Long } from 'bson';
import { isTruthy } from '../bson/numbers';
import { valueAt, withValueAt } from '../bson/path';
import { type BsonDocument, isDocument, type MaybeValue } from '../bson/values';
import { locationError } from '../errors';
import type { Stage } from './stage';

/** `$unwind`: one document for each element of an array. */
export const unwind: Stage = (documents, argument) => {
  const options: BsonDocument = isDocument(argument) ? argument : { path: argument };
  const { path, includeArrayIndex, preserveNullAndEmptyArrays } = options;
  if (typeof path !== 'string' || !path.startsWith('$')) {
    throw locationError(28818, "path option to $unwind stage should be prefixed with a '$'");
  }
  const parts = path.slice(1).split('.');
  const indexParts = typeof includeArrayIndex === 'string' ? includeArrayIndex.split('.') : undefined;
  const numbered = (document: BsonDocument, index: MaybeValue): BsonDocument =>
    indexParts ? withValueAt(document, indexParts, index) : document;

  return documents.flatMap((document) => {
    const value = valueAt(document, parts);
    if (Array.isArray(value) && value.length > 0) {
      return value.map((element, index) => numbered(withValueAt(document, parts, element), Long.fromNumber(index)));
    }
    if (value !== undefined && value !== null && !Array.isArray(value)) return [numbered(document, null)];
    if (!isTruthy(preserveNullAndEmptyArrays)) return [];
    return [numbered(Array.isArray(value) ? withValueAt(document, parts, undefined) : document, null)];
  });
};
