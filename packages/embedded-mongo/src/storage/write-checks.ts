import type { BsonDocument } from '../bson/values';
import { MongoError, writeConflict } from '../errors';
import type { Collection } from './collection';
import type { CollectionIndex } from './collection-index';
import { duplicateKey } from './duplicate-key';
import type { DocumentWrite } from './record';
import { LockedByTransaction, type Transaction } from './transaction';

const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/**
 * Checks that nothing stands against a write.
 * @returns The keys of unique indexes that the document takes.
 * @throws MongoError WriteConflict when a transaction was slower than another write, DuplicateKey when a
 * unique key is taken; LockedByTransaction when a write outside of transactions has to wait.
 */
export function checkWrite(
  collection: Collection,
  write: DocumentWrite,
  transaction: Transaction | undefined,
): [CollectionIndex, string][] {
  const record = collection.records.get(write.id);
  const pending = collection.pending.get(write.id);
  if (pending && pending.transaction !== transaction) throw blockedBy(pending.transaction, transaction);
  if (transaction && !pending && record && record.timestamp > transaction.snapshot) throw writeConflict();
  if (!write.document) return [];
  if (write.raw && write.raw.length > MAX_DOCUMENT_BYTES) {
    throw new MongoError(10334, 'BSONObjectTooLarge', `BSONObj size: ${write.raw.length} is invalid`);
  }
  const keys = uniqueKeys(collection, write.document);
  for (const [index, key] of keys)
    checkKey(collection, index, key, { ...write, document: write.document }, transaction);
  return keys;
}

/** @throws LockedByTransaction when a transaction is writing the document. */
export function checkUnlocked(collection: Collection, id: string): void {
  const pending = collection.pending.get(id);
  if (pending) throw new LockedByTransaction(pending.transaction);
}

function uniqueKeys(collection: Collection, document: BsonDocument): [CollectionIndex, string][] {
  const keys: [CollectionIndex, string][] = [];
  for (const index of collection.indexes.values()) {
    // A key that cannot be made must be refused now: when a transaction commits it is too late.
    if (!index.isUnique && index.fields.length > 1) index.keysOf(document);
    if (!index.isUnique) continue;
    for (const key of index.keysOf(document)) keys.push([index, key]);
  }
  return keys;
}

function checkKey(
  collection: Collection,
  index: CollectionIndex,
  key: string,
  { id, document, previous }: DocumentWrite & { document: BsonDocument },
  transaction: Transaction | undefined,
): void {
  const claim = index.claims.get(key);
  if (claim && claim.id !== id) {
    if (claim.transaction === transaction) throw duplicateKey(collection.namespace, index, document);
    throw blockedBy(claim.transaction, transaction);
  }
  if (index.name === '_id_') {
    if (previous === undefined && exists(collection, id, transaction)) {
      throw duplicateKey(collection.namespace, index, document);
    }
    return;
  }
  for (const other of index.othersUnder(key, id)) {
    const pending = collection.pending.get(other.id);
    // The transaction itself has freed the key; if it has taken it again, the claim says so.
    if (pending && pending.transaction === transaction) continue;
    if (pending) throw blockedBy(pending.transaction, transaction);
    // MongoDB too reports what the snapshot cannot see as a conflict, so that the transaction is retried.
    if (transaction && other.timestamp > transaction.snapshot) throw writeConflict();
    throw duplicateKey(collection.namespace, index, document);
  }
}

function exists(collection: Collection, id: string, transaction: Transaction | undefined): boolean {
  const pending = collection.pending.get(id);
  if (pending) return pending.document !== null;
  const record = collection.records.get(id);
  return record !== undefined && collection.visible(record, transaction) !== null;
}

function blockedBy(holder: Transaction, transaction: Transaction | undefined): Error {
  return transaction ? writeConflict() : new LockedByTransaction(holder);
}
