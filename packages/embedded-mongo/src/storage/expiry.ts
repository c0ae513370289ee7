import type { BsonDocument } from '../bson/values';
import type { Collection } from './collection';
import type { CollectionIndex } from './collection-index';
import { findDocuments } from './find';
import type { Store } from './store';
import { LockedByTransaction } from './transaction';

/** MongoDB looks every minute; tests and developers do not want to wait for that. */
const INTERVAL_MS = 1_000;

/** Deletes what TTL indexes say has expired. */
export class Expiry {
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly store: Store) {
    this.timer = setInterval(() => this.deleteExpired(), INTERVAL_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private deleteExpired(): void {
    for (const collection of this.store.catalog.all()) {
      for (const index of collection.indexes.values()) {
        if (index.expireAfterSeconds !== undefined) this.deleteExpiredBy(index, index.expireAfterSeconds, collection);
      }
    }
    this.store.flush();
  }

  private deleteExpiredBy(index: CollectionIndex, seconds: number, collection: Collection): void {
    const [field] = index.fields;
    if (!field || index.fields.length > 1) return;
    const expired: BsonDocument = { [field.path]: { $lt: new Date(Date.now() - seconds * 1000) } };
    const filter = index.partialFilter ? { $and: [index.partialFilter, expired] } : expired;
    for (const { id, document } of findDocuments(collection, { filter, collation: index.specification.collation })) {
      try {
        this.store.write(collection, { id, document: null, raw: null, previous: document });
      } catch (error) {
        // A transaction is writing it: the next pass will see what has become of it.
        if (!(error instanceof LockedByTransaction)) throw error;
      }
    }
  }
}
