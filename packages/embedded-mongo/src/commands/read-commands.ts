import { Long } from 'bson';
import { compareValues } from '../bson/compare';
import { encodeKey } from '../bson/key';
import { isTruthy } from '../bson/numbers';
import { valuesAt } from '../bson/path';
import { type BsonDocument, type BsonValue } from '../bson/values';
import { badValue, typeMismatch } from '../errors';
import { collationOf } from '../query/collation';
import { compileProjection } from '../query/projection';
import { findDocuments } from '../storage/find';
import { findInView } from './aggregation-run';
import { nextStreamBatch } from './change-stream';
import type { CommandHandler, CommandRequest, CommandTable } from './command';
import { continueCursor, type CursorItem, openCursor } from './cursors';
import { checkFields, collectionField, countField, flagField, optionalDocumentField, stringField } from './fields';
import { readQuery } from './read-query';

/** What MongoDB sends at first when the client does not say how much it wants. */
export const DEFAULT_BATCH_SIZE = 101;

const FIND_FIELDS = new Set([
  'filter',
  'sort',
  'projection',
  'hint',
  'skip',
  'limit',
  'batchSize',
  'singleBatch',
  'collation',
  'allowDiskUse',
  'noCursorTimeout',
  'tailable',
  'awaitData',
  'oplogReplay',
  'allowPartialResults',
  'returnKey',
  'showRecordId',
  'max',
  'min',
]);
const REFUSED_FIND_FIELDS = ['tailable', 'returnKey', 'showRecordId', 'max', 'min'];
const COUNT_FIELDS = new Set(['query', 'limit', 'skip', 'hint', 'collation', 'fields']);
const DISTINCT_FIELDS = new Set(['key', 'query', 'collation', 'hint']);

const find: CommandHandler = (request) => {
  const { command, database, server } = request;
  checkFields(command, FIND_FIELDS);
  const refused = REFUSED_FIND_FIELDS.find((field) => isTruthy(command[field]));
  if (refused !== undefined) throw badValue(`find option '${refused}' is not supported by the embedded server`);
  return openCursor(server.cursors, `${database}.${collectionField(command)}`, foundItems(request), {
    batchSize: countField(command, 'batchSize') ?? DEFAULT_BATCH_SIZE,
    isSingleBatch: flagField(command, 'singleBatch'),
  });
};

const getMore: CommandHandler = ({ command, server, connection }) => {
  const id = command.getMore;
  if (!(id instanceof Long)) throw typeMismatch("BSON field 'getMore.getMore' is the wrong type, expected type 'long'");
  const cursor = server.cursors.get(id);
  const batchSize = countField(command, 'batchSize');
  if (cursor.kind === 'results')
    return continueCursor(server.cursors, cursor, id, batchSize === 0 ? Infinity : (batchSize ?? Infinity));
  return nextStreamBatch({ server, connection, id, cursor, batchSize, maxTimeMs: countField(command, 'maxTimeMS') });
};

const killCursors: CommandHandler = ({ command, server }) => {
  const ids = Array.isArray(command.cursors) ? command.cursors.filter((id) => id instanceof Long) : [];
  const killed = ids.filter((id) => server.cursors.close(id));
  // Whoever waits on one of them has to learn that it is gone.
  server.store.changes.announce();
  const notFound = ids.filter((id) => !killed.includes(id));
  return { cursorsKilled: killed, cursorsNotFound: notFound, cursorsAlive: [], cursorsUnknown: [] };
};

const count: CommandHandler = (request) => {
  const { command, database, server, transaction } = request;
  checkFields(command, COUNT_FIELDS);
  const collection = server.store.find(database, collectionField(command));
  const query = readQuery(command, request.variables, 'query');
  const isWhole = Object.keys(query.filter).length === 0 && !query.skip && !query.limit;
  if (isWhole && collection && collection.viewOn === undefined && !transaction) return { n: collection.count };
  return { n: matchingDocuments(request, 'query').length };
};

const distinct: CommandHandler = (request) => {
  const { command } = request;
  checkFields(command, DISTINCT_FIELDS);
  const parts = stringField(command, 'key').split('.');
  const values = new Map<string, BsonValue>();
  const collation = collationOf(command.collation);
  for (const document of matchingDocuments(request, 'query')) {
    for (const value of valuesAt(document, parts).flat()) {
      if (value === undefined) continue;
      const key = encodeKey(value, collation?.fold);
      if (!values.has(key)) values.set(key, value);
    }
  }
  return { values: [...values.values()].sort((a, b) => compareValues(a, b)) };
};

/** The commands that read documents, aggregation apart. */
export const readCommands: CommandTable = { find, getMore, killCursors, count, distinct };

function foundItems(request: CommandRequest): CursorItem[] {
  const { command, database, server, transaction, variables } = request;
  const query = readQuery(command, variables, 'filter');
  const collection = server.store.find(database, collectionField(command));
  const projection = optionalDocumentField(command, 'projection') ?? {};
  const isView = collection?.viewOn !== undefined;
  const items: readonly CursorItem[] = isView
    ? findInView(request, collection.name, query).map((document) => ({ document, raw: null }))
    : findDocuments(collection, query, transaction);
  if (Object.keys(projection).length === 0) return [...items];
  const collation = collationOf(query.collation ?? collection?.options.collation);
  const project = compileProjection(projection, query.filter, { collation, variables });
  return items.map(({ document }) => ({ document: project(document), raw: null }));
}

function matchingDocuments(request: CommandRequest, filterField: 'filter' | 'query'): BsonDocument[] {
  const { command, database, server, transaction, variables } = request;
  const query = readQuery(command, variables, filterField);
  const collection = server.store.find(database, collectionField(command));
  if (collection?.viewOn !== undefined) return findInView(request, collection.name, query);
  return findDocuments(collection, query, transaction).map(({ document }) => document);
}
