import { randomUUID } from 'node:crypto';
import { UUID } from 'bson';
import { isTruthy, toNumber } from '../bson/numbers';
import { type BsonDocument, isDocument, type MaybeValue } from '../bson/values';
import { MongoError } from '../errors';
import { compileFilter, type DocumentPredicate } from '../query/matcher';
import { CollectionIndex } from './collection-index';
import { duplicateKey } from './duplicate-key';
import type { DocumentWrite, StoredRecord, Version } from './record';
import type { Transaction } from './transaction';

/** A write of a transaction that has not ended: seen by itself only, and nobody else may write the document. */
export interface PendingWrite extends DocumentWrite {
  readonly transaction: Transaction;
  /** The keys of unique indexes that it has taken. */
  readonly claims: readonly (readonly [CollectionIndex, string])[];
}

/** What one write has changed. */
export interface Change {
  readonly collection: Collection;
  readonly before: BsonDocument | null;
  readonly after: BsonDocument | null;
  readonly raw: Buffer | null;
  readonly replaces: boolean;
}

/** A collection: its records in the order of insertion, their indexes and what open transactions have written. */
export class Collection {
  readonly uuid = new UUID(randomUUID());
  readonly records = new Map<string, StoredRecord>();
  readonly indexes = new Map<string, CollectionIndex>();
  readonly pending = new Map<string, PendingWrite>();
  /** Records that keep versions for open transactions. */
  readonly versioned = new Set<StoredRecord>();
  /** Documents outside of transactions. */
  count = 0;
  /** The bytes of these documents. */
  bytes = 0;
  private nextSequence = 1;
  private accepts: DocumentPredicate = () => true;

  constructor(
    public database: string,
    public name: string,
    public options: BsonDocument,
  ) {
    this.addIndex({ v: 2, key: { _id: 1 }, name: '_id_' });
    this.configure(options);
  }

  get namespace(): string {
    return `${this.database}.${this.name}`;
  }

  /** The collection that a view shows; undefined for an ordinary collection. */
  get viewOn(): string | undefined {
    return typeof this.options.viewOn === 'string' ? this.options.viewOn : undefined;
  }

  /** The fields of the text index; undefined when there is none. */
  get textFields(): readonly string[] | undefined {
    for (const index of this.indexes.values()) {
      if (index.isText) return index.fields.map(({ path }) => path).filter((path) => index.key[path] === 'text');
    }
    return undefined;
  }

  get isOverCap(): boolean {
    if (!isTruthy(this.options.capped)) return false;
    const exceeds = (limit: MaybeValue, size: number): boolean => limit !== undefined && size > toNumber(limit);
    return this.count > 1 && (exceeds(this.options.max, this.count) || exceeds(this.options.size, this.bytes));
  }

  /** Takes over options, e.g. a validator. */
  configure(options: BsonDocument): void {
    const { validator, validationAction, validationLevel } = options;
    const isChecked = isDocument(validator) && validationAction !== 'warn' && validationLevel !== 'off';
    this.accepts = isChecked ? compileFilter(validator) : () => true;
    this.options = options;
  }

  /** @throws MongoError DocumentValidationFailure when the validator refuses the document. */
  validate(document: BsonDocument): void {
    if (this.accepts(document)) return;
    throw new MongoError(121, 'DocumentValidationFailure', 'Document failed validation', {
      errInfo: { failingDocumentId: document._id, details: {} },
    });
  }

  /**
   * Builds an index over the documents that are there.
   * @throws MongoError DuplicateKey when it is unique and they are not.
   */
  addIndex(specification: BsonDocument): CollectionIndex {
    const index = new CollectionIndex(specification);
    for (const record of this.records.values()) {
      if (!record.document) continue;
      const keys = index.keysOf(record.document);
      if (index.isUnique && keys.some((key) => !index.othersUnder(key, record.id).next().done)) {
        throw duplicateKey(this.namespace, index, record.document);
      }
      index.add(keys, record);
    }
    this.indexes.set(index.name, index);
    return index;
  }

  /** What the record holds for the transaction, or for those outside of all. */
  visible(record: StoredRecord, transaction: Transaction | undefined): BsonDocument | null {
    if (!transaction) return record.document;
    const own = this.pending.get(record.id);
    if (own?.transaction === transaction) return own.document;
    if (record.timestamp <= transaction.snapshot) return record.document;
    return record.versions[lastVersionAt(record.versions, transaction.snapshot)]?.document ?? null;
  }

  /** Changes the record outside of transactions, and all indexes with it. */
  apply(write: DocumentWrite, timestamp: number, keepVersion: boolean): Change {
    const record = this.records.get(write.id) ?? this.newRecord(write.id);
    const before = record.document;
    if (keepVersion) {
      record.versions.push({ document: before, raw: record.raw, timestamp: record.timestamp });
      this.versioned.add(record);
    }
    for (const index of this.indexes.values()) {
      const oldKeys = before ? index.keysOf(before) : [];
      const newKeys = write.document ? index.keysOf(write.document) : [];
      if (oldKeys.length === 1 && newKeys.length === 1 && oldKeys[0] === newKeys[0]) continue;
      index.remove(oldKeys, record);
      index.add(newKeys, record);
    }
    this.count += Number(write.document !== null) - Number(before !== null);
    this.bytes += (write.raw?.length ?? 0) - (record.raw?.length ?? 0);
    record.document = write.document;
    record.raw = write.raw;
    record.timestamp = timestamp;
    if (!record.document && record.versions.length === 0) this.records.delete(record.id);
    const { document: after, raw, replaces = false } = write;
    return { collection: this, before, after, raw, replaces };
  }

  /** Forgets the versions that nobody sees who reads the writes up to `snapshot` or later. */
  forgetVersions(snapshot: number): void {
    for (const record of this.versioned) {
      if (record.timestamp <= snapshot) record.versions = [];
      else {
        const seen = lastVersionAt(record.versions, snapshot);
        if (seen > 0) record.versions = record.versions.slice(seen);
      }
      if (record.versions.length > 0) continue;
      this.versioned.delete(record);
      if (!record.document) this.records.delete(record.id);
    }
  }

  private newRecord(id: string): StoredRecord {
    const record = { id, sequence: this.nextSequence++, document: null, raw: null, timestamp: 0, versions: [] };
    this.records.set(id, record);
    return record;
  }
}

/** The index of the version that a transaction with this snapshot sees; -1 when there is none. */
function lastVersionAt(versions: readonly Version[], snapshot: number): number {
  let index = versions.length - 1;
  for (let version = versions[index]; version && version.timestamp > snapshot; version = versions[index]) index--;
  return index;
}
