import { isTruthy } from '../bson/numbers';
import { type BsonDocument, encode, isDocument } from '../bson/values';
import { badValue, MongoError, namespaceNotFound } from '../errors';
import { compileFilter } from '../query/matcher';
import type { Collection } from '../storage/collection';
import { samePattern } from '../storage/planner';
import type { CommandHandler, CommandTable } from './command';
import { openCursor } from './cursors';
import { checkFields, collectionField, countField, flagField, optionalDocumentField, stringField } from './fields';

/** The options of a collection that are kept, and compared when it is created again. */
const OPTIONS = [
  'capped',
  'size',
  'max',
  'validator',
  'validationLevel',
  'validationAction',
  'viewOn',
  'pipeline',
  'collation',
  'changeStreamPreAndPostImages',
];
const MODIFIABLE = [
  'validator',
  'validationLevel',
  'validationAction',
  'viewOn',
  'pipeline',
  'changeStreamPreAndPostImages',
];
const CREATE_FIELDS = new Set([...OPTIONS, 'autoIndexId', 'idIndex', 'flags']);
const COLL_MOD_FIELDS = new Set([...MODIFIABLE, 'index']);

const create: CommandHandler = ({ command, database, server }) => {
  checkFields(command, CREATE_FIELDS);
  const name = collectionField(command);
  const options = pick(command, OPTIONS);
  const existing = server.store.find(database, name);
  if (existing && !encode(existing.options).equals(encode(options))) {
    throw new MongoError(48, 'NamespaceExists', `Collection ${database}.${name} already exists.`);
  }
  server.store.findOrCreate(database, name, options);
  return {};
};

const drop: CommandHandler = ({ command, database, server }) => {
  const collection = server.store.find(database, collectionField(command));
  if (!collection) return {};
  server.store.drop(collection);
  return { nIndexesWas: collection.indexes.size, ns: collection.namespace };
};

const dropDatabase: CommandHandler = ({ database, server }) => {
  server.store.dropDatabase(database);
  return { dropped: database };
};

const renameCollection: CommandHandler = ({ command, server: { store } }) => {
  const [database, name] = namespaceParts(stringField(command, 'renameCollection'));
  const [toDatabase, toName] = namespaceParts(stringField(command, 'to'));
  const collection = store.find(database, name);
  if (!collection) throw namespaceNotFound(`Source collection ${database}.${name} does not exist`);
  if (database === toDatabase && name === toName) {
    throw new MongoError(20, 'IllegalOperation', "Can't rename a collection to itself");
  }
  if (store.find(toDatabase, toName) && !flagField(command, 'dropTarget')) {
    throw new MongoError(48, 'NamespaceExists', 'target namespace exists');
  }
  store.rename(collection, { database: toDatabase, name: toName });
  return {};
};

const collMod: CommandHandler = ({ command, database, server: { store } }) => {
  checkFields(command, COLL_MOD_FIELDS);
  const collection = store.find(database, collectionField(command));
  if (!collection) throw namespaceNotFound('ns does not exist');
  const changes = pick(command, MODIFIABLE);
  if (Object.keys(changes).length > 0) store.configure(collection, { ...collection.options, ...changes });
  const index = optionalDocumentField(command, 'index');
  if (index)
    store.configureIndex(collection, indexNamed(collection, index), pick(index, ['expireAfterSeconds', 'hidden']));
  return {};
};

const listCollections: CommandHandler = ({ command, database, server }) => {
  const matches = compileFilter(optionalDocumentField(command, 'filter') ?? {});
  const listed = server.store.catalog.collectionsOf(database).map(describe).filter(matches);
  const isNameOnly = flagField(command, 'nameOnly');
  const items = listed.map((info) => ({ document: isNameOnly ? pick(info, ['name', 'type']) : info, raw: null }));
  const batchSize = countField(optionalDocumentField(command, 'cursor') ?? {}, 'batchSize') ?? Infinity;
  return openCursor(server.cursors, `${database}.$cmd.listCollections`, items, { batchSize });
};

const listDatabases: CommandHandler = ({ command, server: { store } }) => {
  const matches = compileFilter(optionalDocumentField(command, 'filter') ?? {});
  const databases = store.catalog.databaseNames
    .map((name) => {
      const sizeOnDisk = sum(store.catalog.collectionsOf(name), ({ bytes }) => bytes);
      return { name, sizeOnDisk, empty: false };
    })
    .filter(matches);
  if (flagField(command, 'nameOnly')) return { databases: databases.map(({ name }) => ({ name })) };
  return { databases, totalSize: databases.reduce((total, { sizeOnDisk }) => total + sizeOnDisk, 0) };
};

const collStats: CommandHandler = ({ command, database, server: { store } }) => {
  const name = collectionField(command);
  const collection = store.find(database, name);
  const { count = 0, bytes = 0, options = {}, indexes }: Partial<Collection> = collection ?? {};
  return {
    ns: `${database}.${name}`,
    count,
    size: bytes,
    avgObjSize: count === 0 ? 0 : Math.round(bytes / count),
    storageSize: bytes,
    nindexes: indexes?.size ?? 0,
    totalIndexSize: 0,
    indexSizes: {},
    capped: isTruthy(options.capped),
    ...pick(options, ['max']),
  };
};

const dbStats: CommandHandler = ({ database, server: { store } }) => {
  const collections = store.catalog.collectionsOf(database);
  const dataSize = sum(collections, ({ bytes }) => bytes);
  const objects = sum(collections, ({ count }) => count);
  return {
    db: database,
    collections: collections.filter(({ viewOn }) => viewOn === undefined).length,
    views: collections.filter(({ viewOn }) => viewOn !== undefined).length,
    objects,
    avgObjSize: objects === 0 ? 0 : dataSize / objects,
    dataSize,
    storageSize: dataSize,
    indexes: sum(collections, ({ indexes }) => indexes.size),
    indexSize: 0,
    totalSize: dataSize,
  };
};

/** The commands on collections and databases as such. */
export const collectionCommands: CommandTable = {
  create,
  drop,
  dropDatabase,
  renameCollection,
  collMod,
  listCollections,
  listDatabases,
  collStats,
  dbStats,
};

function describe({ name, options, viewOn, uuid }: Collection): BsonDocument {
  if (viewOn !== undefined) return { name, type: 'view', options, info: { readOnly: true } };
  const idIndex = { v: 2, key: { _id: 1 }, name: '_id_' };
  return { name, type: 'collection', options, info: { readOnly: false, uuid }, idIndex };
}

function indexNamed(collection: Collection, { name, keyPattern }: BsonDocument): string {
  for (const index of collection.indexes.values()) {
    if (index.name === name || (isDocument(keyPattern) && samePattern(index.key, keyPattern))) return index.name;
  }
  throw new MongoError(27, 'IndexNotFound', 'cannot find index for collMod');
}

function namespaceParts(namespace: string): [database: string, name: string] {
  const dot = namespace.indexOf('.');
  if (dot < 1) throw badValue(`Invalid namespace specified '${namespace}'`);
  return [namespace.slice(0, dot), namespace.slice(dot + 1)];
}

function pick(document: BsonDocument, fields: readonly string[]): BsonDocument {
  return Object.fromEntries(Object.entries(document).filter(([field]) => fields.includes(field)));
}

function sum(collections: readonly Collection[], sizeOf: (collection: Collection) => number): number {
  return collections.reduce((total, collection) => total + sizeOf(collection), 0);
}
