import { ObjectId } from 'bson';
import { valuesAt } from '../bson/path';
import { type BsonDocument, isNumber, type MaybeValue } from '../bson/values';
import { MongoError } from '../errors';
import type { CollectionIndex } from './collection-index';

/** Error 11000, worded as drivers and their users know it, with `keyPattern` and `keyValue`. */
export function duplicateKey(namespace: string, index: CollectionIndex, document: BsonDocument): MongoError {
  const keyValue: BsonDocument = {};
  for (const { path, parts } of index.fields) keyValue[path] = valuesAt(document, parts)[0] ?? null;
  const shown = Object.entries(keyValue).map(([path, value]) => `${path}: ${describe(value)}`);
  return new MongoError(
    11000,
    'DuplicateKey',
    `E11000 duplicate key error collection: ${namespace} index: ${index.name} dup key: { ${shown.join(', ')} }`,
    { keyPattern: index.key, keyValue },
  );
}

function describe(value: MaybeValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (isNumber(value) || typeof value === 'boolean') return value.toString();
  return JSON.stringify(value ?? null);
}
