import { runPipeline } from '../aggregation/pipeline';
import { promoted } from '../aggregation/promote';
import { ObjectId } from 'bson';
import { encodeKey } from '../bson/key';
import { valueAt } from '../bson/path';
import { type BsonDocument, encode, decode, isDocument, type MaybeValue, withIdFirst } from '../bson/values';
import { badValue, MongoError } from '../errors';
import type { Collection } from '../storage/collection';
import { findDocuments } from '../storage/find';
import type { CommandRequest } from './command';
import { replaceDocument } from './write-statements';

type Context = Pick<CommandRequest, 'database' | 'server' | 'transaction' | 'variables'>;

const WHEN_MATCHED: ReadonlySet<string> = new Set(['merge', 'replace', 'keepExisting', 'fail']);
const WHEN_NOT_MATCHED: ReadonlySet<string> = new Set(['insert', 'discard', 'fail']);

/** The collection that a stage names, as a string or as `{db, coll}`. */
export function namespaceOf(namespace: MaybeValue, database: string): [database: string, name: string] {
  if (typeof namespace === 'string') return [database, namespace];
  if (isDocument(namespace) && typeof namespace.coll === 'string') {
    return [typeof namespace.db === 'string' ? namespace.db : database, namespace.coll];
  }
  throw badValue('a stage must name a collection');
}

/** `$out`: the results are all that the collection then holds. */
export function replaceCollection(context: Context, argument: MaybeValue, documents: readonly BsonDocument[]): void {
  const { store } = context.server;
  const collection = store.findOrCreate(...namespaceOf(argument, context.database));
  for (const { id, document } of findDocuments(collection, { filter: {} })) {
    store.write(collection, { id, document: null, raw: null, previous: document });
  }
  for (const document of documents) insert(context, collection, document);
}

/**
 * `$merge`: puts the results into a collection that keeps what it holds.
 * @throws MongoError when a document matches, or does not, and the stage says that this must not be.
 */
export function mergeInto(context: Context, argument: MaybeValue, documents: readonly BsonDocument[]): void {
  if (!isDocument(argument)) throw badValue('$merge needs an object');
  const { into, on = '_id', whenMatched = 'merge', whenNotMatched = 'insert' } = argument;
  if (!Array.isArray(whenMatched) && !WHEN_MATCHED.has(whenMatched as string)) throw badValue('unknown whenMatched');
  if (!WHEN_NOT_MATCHED.has(whenNotMatched as string)) throw badValue('unknown whenNotMatched');
  const collection = context.server.store.findOrCreate(...namespaceOf(into, context.database));
  const fields = (Array.isArray(on) ? on : [on]).filter((field) => typeof field === 'string');
  for (const document of documents) {
    const filter = Object.fromEntries(
      fields.map((field) => [field, { $eq: valueAt(document, field.split('.')) ?? null }]),
    );
    const [existing] = findDocuments(collection, { filter, limit: 1 });
    if (!existing) insertUnmatched(context, collection, document, whenNotMatched);
    else if (whenMatched === 'fail') throw new MongoError(11000, 'DuplicateKey', '$merge found a matching document');
    else if (whenMatched !== 'keepExisting') {
      const merged = mergedDocument(context, existing.document, document, whenMatched, argument.let);
      replaceDocument(
        collection,
        { ...context.server, transaction: undefined, bypassesValidation: false },
        existing,
        merged,
        false,
      );
    }
  }
}

function insertUnmatched(context: Context, collection: Collection, document: BsonDocument, action: MaybeValue): void {
  if (action === 'insert') insert(context, collection, document);
  if (action === 'fail') {
    throw new MongoError(13113, 'MergeStageNoMatchingDocument', '$merge could not find a matching document');
  }
}

function mergedDocument(
  { variables }: Context,
  existing: BsonDocument,
  document: BsonDocument,
  whenMatched: MaybeValue,
  lets: MaybeValue,
): BsonDocument {
  const { _id } = existing;
  if (whenMatched === 'replace') return withIdFirst({ ...document, _id });
  if (!Array.isArray(whenMatched)) return { ...existing, ...document, _id };
  const own = isDocument(lets) ? lets : {};
  const environment = { variables: { ...variables, ...own, new: promoted(document) as BsonDocument } };
  return runPipeline([existing], whenMatched.filter(isDocument), environment)[0] ?? existing;
}

function insert({ server }: Context, collection: Collection, result: BsonDocument): void {
  const raw = encode(result._id === undefined ? { _id: new ObjectId(), ...result } : withIdFirst(result));
  const document = decode(raw);
  collection.validate(document);
  server.store.write(collection, { id: encodeKey(document._id), document, raw });
}
