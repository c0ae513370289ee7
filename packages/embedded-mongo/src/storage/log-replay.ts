import { encodeKey } from '../bson/key';
import { decode } from '../bson/values';
import type { Catalog } from './catalog';
import type { Collection } from './collection';
import type { LogEntry, StructureEntry } from './log-entry';

/** About as many bytes of documents make one record of a snapshot. */
const SNAPSHOT_RECORD_BYTES = 1024 * 1024;

/** Repeats a change from the log. */
export function replayEntry(catalog: Catalog, entry: LogEntry, timestamp: number): void {
  const [database, name] = splitNamespace(entry.namespace);
  const collection = catalog.find(database, name);
  if (entry.kind === 'structure') {
    replayStructure(catalog, database, name, entry.structure);
  } else if (entry.kind === 'put') {
    const document = decode(entry.raw);
    collection?.apply({ id: encodeKey(document._id), document, raw: entry.raw }, timestamp, false);
  } else {
    collection?.apply({ id: encodeKey(entry.id), document: null, raw: null }, timestamp, false);
  }
}

/** The records of a log that holds the collections as they are now. */
export function* snapshotRecords(catalog: Catalog): Generator<LogEntry[]> {
  for (const collection of catalog.all()) {
    yield structureOf(collection);
    let entries: LogEntry[] = [];
    let bytes = 0;
    for (const { raw } of collection.records.values()) {
      if (!raw) continue;
      entries.push({ namespace: collection.namespace, kind: 'put', raw });
      bytes += raw.length;
      if (bytes < SNAPSHOT_RECORD_BYTES) continue;
      yield entries;
      entries = [];
      bytes = 0;
    }
    if (entries.length > 0) yield entries;
  }
}

/** "shop.carts.items" is the collection "carts.items" of the database "shop". */
export function splitNamespace(namespace: string): [database: string, name: string] {
  const dot = namespace.indexOf('.');
  return [namespace.slice(0, dot), namespace.slice(dot + 1)];
}

function structureOf({ namespace, options, indexes }: Collection): LogEntry[] {
  const structures: StructureEntry[] = [{ change: 'create', options }];
  for (const { name, specification } of indexes.values()) {
    if (name !== '_id_') structures.push({ change: 'createIndex', index: specification });
  }
  return structures.map((structure) => ({ namespace, kind: 'structure', structure }));
}

function replayStructure(catalog: Catalog, database: string, name: string, structure: StructureEntry): void {
  if (structure.change === 'create') {
    catalog.create(database, name, structure.options);
    return;
  }
  const collection = catalog.find(database, name);
  if (!collection) return;
  switch (structure.change) {
    case 'drop':
      catalog.remove(collection);
      break;
    case 'rename':
      catalog.rename(collection, ...splitNamespace(structure.to));
      break;
    case 'configure':
      collection.configure(structure.options);
      break;
    case 'createIndex':
      collection.addIndex(structure.index);
      break;
    case 'configureIndex':
      collection.indexes.get(structure.name)?.configure(structure.options);
      break;
    case 'dropIndex':
      collection.indexes.delete(structure.name);
  }
}
