import { Timestamp } from 'bson';
import { encodeKey } from '../bson/key';
import { type BsonDocument, encode, isDocument, type MaybeValue, setField } from '../bson/values';
import { MongoError } from '../errors';
import type { ChangeFeed, EventNamespace, SequencedEvent } from '../storage/change-feed';
import type { Store } from '../storage/store';
import { resumeToken } from './resume-token';

/** How a change stream wants its events. */
export interface EventFormat {
  readonly feed: ChangeFeed;
  readonly store: Store;
  /** Of the `$changeStream` stage. */
  readonly options: BsonDocument;
}

/** An array that has grown by more elements than this is reported as a whole. */
const MAX_REPORTED_ELEMENTS = 2;

/**
 * The event as a change stream reports it
 * (https://www.mongodb.com/docs/manual/reference/change-events/).
 */
export function eventDocument(event: SequencedEvent, format: EventFormat): BsonDocument {
  const { type, documentId, before, after, to } = event;
  const document: BsonDocument = { ...head(event, format, type), ns: namespaceDocument(event) };
  if (to) document.to = namespaceDocument(to);
  if (documentId !== undefined) document.documentKey = { _id: documentId };
  if (type === 'insert' || type === 'replace') document.fullDocument = after;
  if (type === 'update' && before && after) {
    document.updateDescription = describeUpdate(before, after);
    addUpdatedDocument(document, event, format);
  }
  addDocumentBefore(document, event, format);
  return document;
}

/** The event that ends a stream, after `event`. */
export function invalidateDocument(event: SequencedEvent, format: EventFormat): BsonDocument {
  return head(event, format, 'invalidate');
}

function head(event: SequencedEvent, { feed }: EventFormat, operationType: string): BsonDocument {
  return {
    _id: resumeToken(feed, event.sequence),
    operationType,
    clusterTime: new Timestamp({ t: feed.epoch, i: event.sequence }),
    wallTime: event.time,
  };
}

function namespaceDocument({ database, collection }: EventNamespace): BsonDocument {
  return { db: database, ...(collection === undefined ? {} : { coll: collection }) };
}

function addUpdatedDocument(document: BsonDocument, event: SequencedEvent, { store, options }: EventFormat): void {
  const { database, collection = '', documentId, after } = event;
  if (options.fullDocument === 'updateLookup') {
    const record = store.find(database, collection)?.records.get(encodeKey(documentId));
    document.fullDocument = record?.document ?? null;
  } else if (options.fullDocument === 'whenAvailable' || options.fullDocument === 'required') {
    document.fullDocument = after;
  }
}

function addDocumentBefore(document: BsonDocument, event: SequencedEvent, { store, options }: EventFormat): void {
  const { fullDocumentBeforeChange: wanted } = options;
  if ((wanted !== 'whenAvailable' && wanted !== 'required') || !event.before) return;
  const images = store.find(event.database, event.collection ?? '')?.options.changeStreamPreAndPostImages;
  const isKept = isDocument(images) && images.enabled === true;
  if (!isKept && wanted === 'required') {
    throw new MongoError(
      47,
      'NoMatchingDocument',
      'Change stream was configured to require a pre-image, but there is none',
    );
  }
  document.fullDocumentBeforeChange = isKept ? event.before : null;
}

function describeUpdate(before: BsonDocument, after: BsonDocument): BsonDocument {
  const updatedFields: BsonDocument = {};
  const removedFields: string[] = [];
  compareFields(before, after, '', updatedFields, removedFields);
  return { updatedFields, removedFields, truncatedArrays: [] };
}

function compareFields(
  before: BsonDocument,
  after: BsonDocument,
  prefix: string,
  updated: BsonDocument,
  removed: string[],
): void {
  for (const field of Object.keys(before)) if (!Object.hasOwn(after, field)) removed.push(prefix + field);
  for (const field of Object.keys(after)) {
    const [old, current] = [Object.hasOwn(before, field) ? before[field] : undefined, after[field]];
    const path = prefix + field;
    if (isDocument(old) && isDocument(current)) compareFields(old, current, `${path}.`, updated, removed);
    else if (Array.isArray(old) && Array.isArray(current) && hasGrown(old, current)) {
      for (let index = old.length; index < current.length; index++)
        setField(updated, `${path}.${index}`, current[index]);
    } else if (!isIdentical(old, current)) setField(updated, path, current);
  }
}

function hasGrown(old: readonly MaybeValue[], current: readonly MaybeValue[]): boolean {
  const growth = current.length - old.length;
  return (
    growth > 0 && growth <= MAX_REPORTED_ELEMENTS && old.every((value, index) => isIdentical(value, current[index]))
  );
}

/** Equal and of the same type: 1 and 1.0 are not. */
function isIdentical(a: MaybeValue, b: MaybeValue): boolean {
  return a !== undefined && encode({ value: a }).equals(encode({ value: b }));
}
