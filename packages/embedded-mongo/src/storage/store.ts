import path from 'node:path';
import type { BsonDocument } from '../bson/values';
import { MongoError } from '../errors';
import { AppendLog, type LogOptions } from './append-log';
import { type ChangeEvent, ChangeFeed } from './change-feed';
import type { Change, Collection } from './collection';
import { Catalog } from './catalog';
import { type ReleaseDirectory, lockDirectory } from './directory-lock';
import type { LogEntry, StructureEntry } from './log-entry';
import { replayEntry, snapshotRecords } from './log-replay';
import type { DocumentWrite } from './record';
import { Transaction } from './transaction';
import { checkWrite } from './write-checks';

const LOG_FILE = 'documents.log';

/** Where a store keeps its documents; without a directory they live in memory only. */
export interface StoreOptions extends LogOptions {
  readonly directory?: string | undefined;
}

/** All databases of a server, and the one place where they are changed. */
export class Store {
  readonly catalog = new Catalog();
  readonly changes = new ChangeFeed();
  private readonly transactions = new Set<Transaction>();
  private readonly log: AppendLog | undefined;
  private readonly releaseDirectory: ReleaseDirectory | undefined;
  private timestamp = 1;

  /** @throws Error when another server has the directory open. */
  constructor({ directory, fsync }: StoreOptions) {
    if (directory === undefined) return;
    this.releaseDirectory = lockDirectory(directory);
    this.log = new AppendLog(path.join(directory, LOG_FILE), { fsync }, (entry) =>
      replayEntry(this.catalog, entry, ++this.timestamp),
    );
  }

  /** The collection, if it exists. */
  find(database: string, name: string): Collection | undefined {
    return this.catalog.find(database, name);
  }

  /**
   * The collection, made if need be.
   * @throws MongoError InvalidNamespace when the name cannot be one.
   */
  findOrCreate(database: string, name: string, options: BsonDocument = {}): Collection {
    const found = this.catalog.find(database, name);
    if (found) return found;
    const created = this.catalog.create(database, name, options);
    this.logStructure(created.namespace, { change: 'create', options });
    this.changes.append([{ type: 'create', database, collection: name }]);
    return created;
  }

  /** Drops a collection; transactions that have written to it are aborted. */
  drop(collection: Collection): void {
    this.detach(collection);
    this.changes.append([{ type: 'drop', database: collection.database, collection: collection.name }]);
  }

  /** Drops a database with all collections. */
  dropDatabase(database: string): void {
    const collections = this.catalog.collectionsOf(database);
    for (const collection of collections) this.drop(collection);
    this.catalog.removeDatabase(database);
    if (collections.length > 0) this.changes.append([{ type: 'dropDatabase', database }]);
  }

  /**
   * Gives a collection another name, in place of one that has it already.
   * @throws MongoError InvalidNamespace when the name cannot be one.
   */
  rename(collection: Collection, to: { database: string; name: string }): void {
    const { database, name, namespace } = collection;
    const replaced = this.catalog.find(to.database, to.name);
    if (replaced) this.detach(replaced);
    this.catalog.rename(collection, to.database, to.name);
    this.logStructure(namespace, { change: 'rename', to: collection.namespace });
    const target = { database: to.database, collection: to.name };
    this.changes.append([{ type: 'rename', database, collection: name, to: target }]);
  }

  /** Changes a collection's options. */
  configure(collection: Collection, options: BsonDocument): void {
    collection.configure(options);
    this.logStructure(collection.namespace, { change: 'configure', options });
  }

  /** @throws MongoError DuplicateKey when the index is unique and the documents are not. */
  createIndex(collection: Collection, index: BsonDocument): void {
    collection.addIndex(index);
    this.logStructure(collection.namespace, { change: 'createIndex', index });
  }

  /** Changes when documents of an index expire, or whether queries use it. */
  configureIndex(collection: Collection, name: string, options: BsonDocument): void {
    collection.indexes.get(name)?.configure(options);
    this.logStructure(collection.namespace, { change: 'configureIndex', name, options });
  }

  /** Drops an index that exists. */
  dropIndex(collection: Collection, name: string): void {
    collection.indexes.delete(name);
    this.logStructure(collection.namespace, { change: 'dropIndex', name });
  }

  /**
   * Writes one document, at once or when the transaction commits.
   * @throws MongoError WriteConflict or DuplicateKey; LockedByTransaction when the write has to wait.
   */
  write(collection: Collection, write: DocumentWrite, transaction?: Transaction): void {
    const claims = checkWrite(collection, write, transaction);
    if (!transaction) {
      this.publish([collection.apply(write, ++this.timestamp, this.transactions.size > 0), ...this.capped(collection)]);
      return;
    }
    this.releaseClaims(collection, write.id);
    collection.pending.set(write.id, { ...write, transaction, claims });
    for (const [index, key] of claims) index.claims.set(key, { transaction, id: write.id });
    transaction.collections.add(collection);
  }

  /** Begins a transaction on the documents as they are now. */
  begin(): Transaction {
    const transaction = new Transaction(this.timestamp);
    this.transactions.add(transaction);
    return transaction;
  }

  /** Makes the writes of an active transaction visible, all at once. */
  commit(transaction: Transaction): void {
    const timestamp = ++this.timestamp;
    this.transactions.delete(transaction);
    const changes: Change[] = [];
    for (const collection of transaction.collections) {
      for (const write of this.takePending(collection, transaction)) {
        if (!write.document && !collection.records.get(write.id)?.document) continue;
        changes.push(collection.apply(write, timestamp, this.transactions.size > 0), ...this.capped(collection));
      }
    }
    this.publish(changes);
    this.finish(transaction, 'committed');
  }

  /** Forgets the writes of a transaction; nothing when it has ended already. */
  abort(transaction: Transaction): void {
    if (!this.transactions.delete(transaction)) return;
    for (const collection of transaction.collections) this.takePending(collection, transaction);
    this.finish(transaction, 'aborted');
  }

  /** Makes sure that what has been written survives this process: to be called before a client is told. */
  flush(): void {
    if (!this.log) return;
    this.log.flush();
    if (this.log.isWasteful(this.catalog.bytes)) this.compact();
  }

  /** Rewrites the log so that it holds nothing but what is there now. */
  compact(): void {
    this.log?.compact(snapshotRecords(this.catalog));
  }

  /** Aborts what is open and closes the log. */
  close(): void {
    for (const transaction of [...this.transactions]) this.abort(transaction);
    this.log?.close();
    this.releaseDirectory?.();
  }

  private capped(collection: Collection): Change[] {
    const changes: Change[] = [];
    while (collection.isOverCap) {
      const oldest = [...collection.records.values()].find(({ document }) => document !== null);
      if (!oldest) break;
      const write = { id: oldest.id, document: null, raw: null };
      changes.push(collection.apply(write, ++this.timestamp, this.transactions.size > 0));
    }
    return changes;
  }

  private takePending(collection: Collection, transaction: Transaction): DocumentWrite[] {
    const taken = [...collection.pending.values()].filter((write) => write.transaction === transaction);
    for (const { id } of taken) {
      this.releaseClaims(collection, id);
      collection.pending.delete(id);
    }
    return taken;
  }

  private releaseClaims(collection: Collection, id: string): void {
    for (const [index, key] of collection.pending.get(id)?.claims ?? []) index.claims.delete(key);
  }

  private finish(transaction: Transaction, state: 'committed' | 'aborted'): void {
    const snapshots = [...this.transactions].map(({ snapshot }) => snapshot);
    const oldest = Math.min(this.timestamp, ...snapshots);
    for (const collection of this.catalog.all()) {
      if (collection.versioned.size > 0) collection.forgetVersions(oldest);
    }
    transaction.end(state);
  }

  private detach(collection: Collection): void {
    for (const { transaction } of collection.pending.values()) this.abort(transaction);
    this.catalog.remove(collection);
    this.logStructure(collection.namespace, { change: 'drop' });
  }

  private publish(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.log?.append(changes.map(logEntry));
    this.changes.append(changes.map(changeEvent));
  }

  private logStructure(namespace: string, structure: StructureEntry): void {
    this.log?.append([{ namespace, kind: 'structure', structure }]);
  }
}

function logEntry({ collection: { namespace }, before, after, raw }: Change): LogEntry {
  if (after && !raw) throw new MongoError(1, 'InternalError', 'a document is written without its bytes');
  return raw ? { namespace, kind: 'put', raw } : { namespace, kind: 'remove', id: before?._id };
}

function changeEvent({ collection, before, after, replaces }: Change): ChangeEvent {
  const type = !before ? 'insert' : !after ? 'delete' : replaces ? 'replace' : 'update';
  const { database, name } = collection;
  return {
    type,
    database,
    collection: name,
    documentId: (after ?? before)?._id,
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
  };
}
