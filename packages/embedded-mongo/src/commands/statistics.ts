import { Long } from 'bson';
import type { BsonDocument } from '../bson/values';
import type { Collection } from '../storage/collection';
import type { ServerState } from './server-state';

/** What `$indexStats` reports: one document for each index. */
export function indexStatistics(collection: Collection, { address, startedAt }: ServerState): BsonDocument[] {
  return [...collection.indexes.values()].map(({ name, key, uses, specification }) => ({
    name,
    key,
    host: address,
    accesses: { ops: Long.fromNumber(uses), since: startedAt },
    spec: specification,
  }));
}

/** What `$collStats` reports. */
export function collectionStatistics(collection: Collection, { address }: ServerState): BsonDocument {
  const { namespace, count, bytes, indexes } = collection;
  return {
    ns: namespace,
    host: address,
    localTime: new Date(),
    count,
    storageStats: { ns: namespace, count, size: bytes, nindexes: indexes.size },
  };
}
