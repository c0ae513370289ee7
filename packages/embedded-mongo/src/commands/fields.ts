import { isTruthy, toNumber } from '../bson/numbers';
import { type BsonDocument, isDocument, isNumber, type MaybeValue, typeName } from '../bson/values';
import { locationError, MongoError, typeMismatch } from '../errors';

const wrongType = (name: string, value: MaybeValue, expected: string): MongoError =>
  typeMismatch(`BSON field '${name}' is the wrong type '${typeName(value)}', expected type '${expected}'`);

/** @throws MongoError TypeMismatch when the field is no string. */
export function stringField(command: BsonDocument, name: string): string {
  const value = command[name];
  if (typeof value === 'string') return value;
  throw wrongType(name, value, 'string');
}

/** The collection that a command names first, as in `{find: "carts"}`. */
export function collectionField(command: BsonDocument): string {
  const [name = ''] = Object.keys(command);
  const collection = stringField(command, name);
  if (collection === '') throw new MongoError(73, 'InvalidNamespace', 'a collection must have a name');
  return collection;
}

/** @throws MongoError TypeMismatch when the field is there and no document. */
export function documentField(command: BsonDocument, name: string): BsonDocument {
  return optionalDocumentField(command, name) ?? {};
}

/** @throws MongoError TypeMismatch when the field is there and no document. */
export function optionalDocumentField(command: BsonDocument, name: string): BsonDocument | undefined {
  const value = command[name];
  if (value === undefined || value === null) return undefined;
  if (isDocument(value)) return value;
  throw wrongType(name, value, 'object');
}

/** @throws MongoError TypeMismatch when the field is no list of documents. */
export function documentListField(command: BsonDocument, name: string): BsonDocument[] {
  const value = command[name];
  if (Array.isArray(value) && value.every(isDocument)) return value;
  throw wrongType(name, value, 'array');
}

/** @throws MongoError TypeMismatch when the field is there and no number. */
export function numberField(command: BsonDocument, name: string): number | undefined {
  const value = command[name];
  if (value === undefined || value === null) return undefined;
  if (isNumber(value)) return toNumber(value);
  throw wrongType(name, value, 'number');
}

/**
 * A number of documents or of milliseconds.
 * @throws MongoError 51024 when it is negative.
 */
export function countField(command: BsonDocument, name: string): number | undefined {
  const value = numberField(command, name);
  if (value === undefined || value >= 0) return value;
  throw locationError(51024, `BSON field '${name}' value must be >= 0, actual value '${value}'`);
}

/** Whether a flag is set; `preset` when it is not there. */
export function flagField(command: BsonDocument, name: string, preset = false): boolean {
  const value = command[name];
  return value === undefined ? preset : isTruthy(value);
}

/** Fields that every command may have. */
const GENERIC_FIELDS: ReadonlySet<string> = new Set([
  'lsid',
  'txnNumber',
  'autocommit',
  'startTransaction',
  'readConcern',
  'writeConcern',
  'maxTimeMS',
  'comment',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
  'let',
]);

/**
 * Refuses what the command would otherwise ignore.
 * @throws MongoError 40415 for a field that is neither generic nor one of `known`.
 */
export function checkFields(command: BsonDocument, known: ReadonlySet<string>): void {
  const [name = ''] = Object.keys(command);
  for (const field of Object.keys(command)) {
    if (field === name || field.startsWith('$') || GENERIC_FIELDS.has(field) || known.has(field)) continue;
    throw locationError(40415, `BSON field '${name}.${field}' is an unknown field.`);
  }
}
