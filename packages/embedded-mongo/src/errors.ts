import type { BsonDocument } from './bson/values';

/** A failure that the client is told, with the code and name that MongoDB has for it. */
export class MongoError extends Error {
  constructor(
    readonly code: number,
    readonly codeName: string,
    message: string,
    /** Further fields of the reply, e.g. `keyPattern` and `keyValue` of a duplicate key. */
    readonly details: BsonDocument = {},
  ) {
    super(message);
  }
}

/** Error 2: an argument that no query, update or command takes. */
export const badValue = (message: string): MongoError => new MongoError(2, 'BadValue', message);

/** Error 9: a specification that cannot be parsed. */
export const failedToParse = (message: string): MongoError => new MongoError(9, 'FailedToParse', message);

/** Error 14: a value of another type than the operation works on. */
export const typeMismatch = (message: string): MongoError => new MongoError(14, 'TypeMismatch', message);

/** Error 26: the collection does not exist. */
export const namespaceNotFound = (message: string): MongoError => new MongoError(26, 'NamespaceNotFound', message);

/** An error that has no name of its own in MongoDB, only the number of the place that raises it. */
export const locationError = (code: number, message: string): MongoError =>
  new MongoError(code, `Location${code}`, message);

/** Error 112: another transaction has written what this one wants to write; the whole transaction may be retried. */
export const writeConflict = (): MongoError =>
  new MongoError(
    112,
    'WriteConflict',
    'WriteConflict error: this operation conflicted with another operation. Please retry your operation or multi-document transaction.',
  );
