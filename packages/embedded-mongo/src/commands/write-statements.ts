import { ObjectId } from 'bson';
import { compareValues, TypeOrder, typeOrder } from '../bson/compare';
import { encodeKey } from '../bson/key';
import { type BsonDocument, encode, decode, type MaybeValue, withIdFirst } from '../bson/values';
import { MongoError } from '../errors';
import { collationOf } from '../query/collation';
import type { Collection } from '../storage/collection';
import { findDocuments } from '../storage/find';
import type { FoundDocument } from '../storage/record';
import type { Store } from '../storage/store';
import type { Transaction } from '../storage/transaction';
import { checkUnlocked } from '../storage/write-checks';
import { type CompiledUpdate, compileUpdate } from '../update/update';
import { documentOfFilter } from '../update/upsert';
import { bytesOf } from '../wire/message';
import { documentField, flagField, optionalDocumentField } from './fields';
import type { Variables } from '../aggregation/expression';

/** Where statements write, and how. */
export interface WriteTarget {
  readonly store: Store;
  readonly database: string;
  readonly name: string;
  readonly transaction: Transaction | undefined;
  readonly variables: Variables | undefined;
  /** Whether the validator is left out. */
  readonly bypassesValidation: boolean;
}

/** What an update statement did. */
export interface UpdateOutcome {
  readonly matched: number;
  readonly modified: number;
  /** The `_id` of the document that an upsert has inserted. */
  readonly upsertedId?: MaybeValue;
  readonly before: BsonDocument | null;
  readonly after: BsonDocument | null;
}

/**
 * Inserts a document, with an `_id` if it has none.
 * @throws MongoError DuplicateKey, InvalidIdField or DocumentValidationFailure.
 */
export function insertDocument(target: WriteTarget, received: BsonDocument): void {
  const collection = target.store.findOrCreate(target.database, target.name);
  const document = withId(received);
  const type = typeOrder(document._id);
  if (type === TypeOrder.array || type === TypeOrder.regex) {
    throw new MongoError(53, 'InvalidIdField', "The '_id' value cannot be of type array or regex");
  }
  const bytes = document === received ? bytesOf(received) : undefined;
  // The message is read at once: what is kept of it must not keep all of it.
  insert(collection, target, document, bytes ? Buffer.from(bytes) : encode(document));
}

/**
 * Runs one statement of an `update` command: `{q, u, multi, upsert, …}`.
 * @throws MongoError when the statement or one of its writes is refused.
 */
export function runUpdate(target: WriteTarget, statement: BsonDocument): UpdateOutcome {
  const filter = documentField(statement, 'q');
  const multi = flagField(statement, 'multi');
  const { arrayFilters, hint, collation, sort } = statement;
  const variables = { ...target.variables, ...optionalDocumentField(statement, 'c') };
  const collection = target.store.find(target.database, target.name);
  const context = { collation: collationOf(collation ?? collection?.options.collation), variables };
  const update = compileUpdate({ filter, update: statement.u, arrayFilters, multi, context, variables });
  const query = { filter, hint, collation, variables, limit: multi ? 0 : 1 };
  const order = sort === undefined ? undefined : documentField(statement, 'sort');
  const found = findDocuments(collection, { ...query, sort: order }, target.transaction);
  if (!collection || found.length === 0) {
    return flagField(statement, 'upsert')
      ? upsert(target, filter, update)
      : { matched: 0, modified: 0, before: null, after: null };
  }
  checkAllUnlocked(collection, found, target.transaction);
  let modified = 0;
  let outcome = { before: null as BsonDocument | null, after: null as BsonDocument | null };
  for (const current of found) {
    const after = update.apply(current.document, false);
    outcome = { before: current.document, after };
    if (replaceDocument(collection, target, current, after, update.replaces)) modified++;
  }
  return { matched: found.length, modified, ...outcome };
}

/**
 * Runs one statement of a `delete` command: `{q, limit, …}`.
 * @returns The documents that it has deleted.
 */
export function runDelete(target: WriteTarget, statement: BsonDocument, limit: number): FoundDocument[] {
  const collection = target.store.find(target.database, target.name);
  const { hint, collation } = statement;
  const query = { filter: documentField(statement, 'q'), sort: optionalDocumentField(statement, 'sort'), limit };
  const found = findDocuments(
    collection,
    { ...query, hint, collation, variables: target.variables },
    target.transaction,
  );
  if (!collection) return [];
  checkAllUnlocked(collection, found, target.transaction);
  for (const { id, document } of found) {
    target.store.write(collection, { id, document: null, raw: null, previous: document }, target.transaction);
  }
  return found;
}

/**
 * Replaces a document that a query has found, unless nothing changes.
 * @returns Whether something has changed.
 * @throws MongoError ImmutableField when `_id` would change.
 */
export function replaceDocument(
  collection: Collection,
  target: Pick<WriteTarget, 'store' | 'transaction' | 'bypassesValidation'>,
  current: FoundDocument,
  after: BsonDocument,
  replaces: boolean,
): boolean {
  const { id, document: previous } = current;
  if (after._id === undefined || compareValues(after._id, previous._id) !== 0) {
    throw new MongoError(
      66,
      'ImmutableField',
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
  }
  const raw = encode(after);
  if (raw.equals(current.raw ?? encode(previous))) return false;
  if (!target.bypassesValidation) collection.validate(after);
  target.store.write(collection, { id, document: decode(raw), raw, previous, replaces }, target.transaction);
  return true;
}

/** A statement waits before it has written anything, so that it can be run again from its start. */
function checkAllUnlocked(
  collection: Collection,
  found: readonly FoundDocument[],
  transaction: Transaction | undefined,
): void {
  if (!transaction) for (const { id } of found) checkUnlocked(collection, id);
}

function upsert(target: WriteTarget, filter: BsonDocument, update: CompiledUpdate): UpdateOutcome {
  const base = documentOfFilter(filter);
  const document = withId(update.apply(base, true));
  if (base._id !== undefined && compareValues(base._id, document._id) !== 0) {
    throw new MongoError(66, 'ImmutableField', "the (immutable) field '_id' was found to have been altered");
  }
  const raw = encode(document);
  const after = decode(raw);
  insert(target.store.findOrCreate(target.database, target.name), target, after, raw);
  return { matched: 0, modified: 0, upsertedId: after._id, before: null, after };
}

function insert(collection: Collection, target: WriteTarget, document: BsonDocument, raw: Buffer): void {
  if (!target.bypassesValidation) collection.validate(document);
  target.store.write(collection, { id: encodeKey(document._id), document, raw }, target.transaction);
}

function withId(document: BsonDocument): BsonDocument {
  return document._id === undefined ? { _id: new ObjectId(), ...document } : withIdFirst(document);
}
