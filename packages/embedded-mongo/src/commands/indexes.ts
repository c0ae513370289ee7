import { toNumber, isTruthy } from '../bson/numbers';
import { equalValues } from '../bson/compare';
import { type BsonDocument, isDocument, isNumber, type MaybeValue } from '../bson/values';
import { failedToParse, MongoError, namespaceNotFound } from '../errors';
import type { Collection } from '../storage/collection';
import type { CollectionIndex } from '../storage/collection-index';
import { samePattern } from '../storage/planner';
import type { CommandHandler, CommandTable } from './command';
import { openCursor } from './cursors';
import { collectionField, documentListField } from './fields';

/** Options that an index can have here; any other is refused. */
const INDEX_OPTIONS: ReadonlySet<string> = new Set([
  'v',
  'key',
  'name',
  'ns',
  'background',
  'unique',
  'sparse',
  'hidden',
  'expireAfterSeconds',
  'partialFilterExpression',
  'collation',
  'weights',
  'default_language',
  'language_override',
  'textIndexVersion',
]);
const COLLATION_DEFAULTS: BsonDocument = {
  caseLevel: false,
  caseFirst: 'off',
  strength: 3,
  numericOrdering: false,
  alternate: 'non-ignorable',
  maxVariable: 'punct',
  normalization: false,
  backwards: false,
  version: '57.1',
};
/** Options in which two indexes on the same fields may not differ. */
const COMPARED_FLAGS = ['unique', 'sparse'];
const COMPARED_VALUES = ['expireAfterSeconds', 'partialFilterExpression'];

const cannotCreate = (message: string): MongoError => new MongoError(67, 'CannotCreateIndex', message);

const createIndexes: CommandHandler = ({ command, database, server: { store } }) => {
  const name = collectionField(command);
  const requested = documentListField(command, 'indexes');
  requested.forEach(checkSpecification);
  const createdCollectionAutomatically = !store.find(database, name);
  const collection = store.findOrCreate(database, name);
  const numIndexesBefore = collection.indexes.size;
  for (const specification of requested) {
    const complete = completed(specification, collection);
    if (isMissing(collection, complete)) store.createIndex(collection, complete);
  }
  return { numIndexesBefore, numIndexesAfter: collection.indexes.size, createdCollectionAutomatically };
};

const listIndexes: CommandHandler = ({ command, database, server }) => {
  const collection = existing(server.store.find(database, collectionField(command)), command);
  const items = [...collection.indexes.values()].map(({ isText, specification }) => ({
    // MongoDB shows the fields of a text index in its weights only.
    document: isText ? { ...specification, key: { _fts: 'text', _ftsx: 1 } } : specification,
    raw: null,
  }));
  return openCursor(server.cursors, collection.namespace, items, { batchSize: Infinity });
};

const dropIndexes: CommandHandler = ({ command, database, server: { store } }) => {
  const collection = existing(store.find(database, collectionField(command)), command);
  const nIndexesWas = collection.indexes.size;
  for (const name of droppedNames(collection, command.index)) store.dropIndex(collection, name);
  return { nIndexesWas };
};

/** The commands on indexes. */
export const indexCommands: CommandTable = { createIndexes, listIndexes, dropIndexes };

function existing(collection: Collection | undefined, command: BsonDocument): Collection {
  if (collection) return collection;
  throw namespaceNotFound(`ns does not exist: ${collectionField(command)}`);
}

function checkSpecification(specification: BsonDocument): void {
  const { key, name, expireAfterSeconds } = specification;
  if (!isDocument(key) || Object.keys(key).length === 0) throw cannotCreate('Index keys cannot be an empty object');
  if (typeof name !== 'string') {
    throw failedToParse("The 'name' field is a required property of an index specification");
  }
  for (const [path, order] of Object.entries(key)) {
    if (path.includes('$')) throw cannotCreate('wildcard indexes are not supported by the embedded server');
    if (order === 'text' || (isNumber(order) && toNumber(order) !== 0)) continue;
    throw cannotCreate(
      typeof order === 'string'
        ? `Index type '${order}' is not supported by the embedded server`
        : 'Values in an index key pattern must be numbers other than 0 or a type of index',
    );
  }
  if (expireAfterSeconds !== undefined && !(toNumber(expireAfterSeconds) >= 0)) {
    throw cannotCreate('TTL index expireAfterSeconds option must be within an acceptable range');
  }
  const unknown = Object.keys(specification).find((option) => !INDEX_OPTIONS.has(option));
  if (unknown !== undefined) {
    throw new MongoError(
      197,
      'InvalidIndexSpecificationOption',
      `The field '${unknown}' is not valid for an index specification`,
    );
  }
}

function completed(specification: BsonDocument, { options }: Collection): BsonDocument {
  const { ns: _ns, background: _background, ...own } = specification;
  const complete: BsonDocument = { v: 2, ...own };
  const collation = own.collation ?? options.collation;
  if (isDocument(collation)) complete.collation = { ...COLLATION_DEFAULTS, ...collation };
  const textFields = Object.entries(own.key as BsonDocument).filter(([, order]) => order === 'text');
  if (textFields.length > 0) {
    complete.weights ??= Object.fromEntries(textFields.map(([path]) => [path, 1]));
    complete.default_language ??= 'english';
    complete.language_override ??= 'language';
    complete.textIndexVersion ??= 3;
  }
  return complete;
}

/** @throws MongoError IndexOptionsConflict or IndexKeySpecsConflict when another index stands in the way. */
function isMissing(collection: Collection, specification: BsonDocument): boolean {
  const key = specification.key as BsonDocument;
  if (samePattern(key, { _id: 1 })) return false;
  for (const index of collection.indexes.values()) {
    const isSame = samePattern(index.key, key) && hasSameCollation(index, specification);
    const isNamesake = index.name === specification.name;
    if (isSame && isNamesake && hasSameOptions(index, specification)) return false;
    if (isNamesake) {
      throw new MongoError(
        86,
        'IndexKeySpecsConflict',
        'An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts.',
      );
    }
    if (isSame) {
      throw new MongoError(
        85,
        'IndexOptionsConflict',
        hasSameOptions(index, specification)
          ? `Index already exists with a different name: ${index.name}`
          : 'An equivalent index already exists with a different name and options.',
      );
    }
  }
  return true;
}

function hasSameCollation({ specification }: CollectionIndex, other: BsonDocument): boolean {
  return equalValues(specification.collation, other.collation);
}

function hasSameOptions({ specification }: CollectionIndex, other: BsonDocument): boolean {
  return (
    COMPARED_FLAGS.every((flag) => isTruthy(specification[flag]) === isTruthy(other[flag])) &&
    COMPARED_VALUES.every((option) => equalValues(specification[option], other[option]))
  );
}

function droppedNames(collection: Collection, index: MaybeValue): string[] {
  const names = [...collection.indexes.keys()].filter((name) => name !== '_id_');
  if (index === '*') return names;
  return (Array.isArray(index) ? index : [index]).map((wanted) => {
    if (wanted === '_id_') throw new MongoError(72, 'InvalidOptions', 'cannot drop _id index');
    const found = names.find(
      (name) => name === wanted || (isDocument(wanted) && samePattern(collection.indexes.get(name)?.key ?? {}, wanted)),
    );
    if (found !== undefined) return found;
    const shown = typeof wanted === 'string' ? wanted : JSON.stringify(wanted);
    throw new MongoError(27, 'IndexNotFound', `index not found with name [${shown}]`);
  });
}
