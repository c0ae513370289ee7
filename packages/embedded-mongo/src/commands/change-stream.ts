import { Long, Timestamp } from 'bson';
import { checkStages, runPipeline } from '../aggregation/pipeline';
import { type BsonDocument, encode, isDocument } from '../bson/values';
import { locationError, MongoError } from '../errors';
import type { ChangeFeed, SequencedEvent } from '../storage/change-feed';
import type { EncodedFields } from '../wire/reply';
import { type EventFormat, eventDocument, invalidateDocument } from './change-document';
import type { ClientConnection, CommandRequest } from './command';
import { type Batch, encodeBatch, type StreamCursor } from './cursors';
import { countField, documentField, optionalDocumentField } from './fields';
import { resumeToken, sequenceOf } from './resume-token';
import type { ServerState } from './server-state';

/** How long a `getMore` waits for changes when the client does not say. */
const DEFAULT_WAIT_MS = 1_000;

/** A change stream that a client has open. */
interface ChangeStream extends StreamCursor {
  readonly isInScope: (event: SequencedEvent) => boolean;
  /** What ends the stream: the end of the collection that it is for. */
  readonly isInvalidatedBy: (event: SequencedEvent) => boolean;
  readonly format: EventFormat;
  readonly stages: readonly BsonDocument[];
  /** The last event that the stream has looked at. */
  position: number;
  isInvalid: boolean;
}

/** Whether a pipeline opens a change stream. */
export function isChangeStream([first]: readonly BsonDocument[]): boolean {
  return first?.$changeStream !== undefined;
}

/**
 * Opens a change stream on a collection, or on the whole database without a name.
 * @throws MongoError ChangeStreamHistoryLost when the changes since the resume token are forgotten.
 */
export function openChangeStream(
  request: CommandRequest,
  name: string | undefined,
  [first = {}, ...stages]: readonly BsonDocument[],
): EncodedFields {
  const { command, database, server } = request;
  checkStages(stages);
  const options = documentField(first, '$changeStream');
  const stream: ChangeStream = {
    kind: 'stream',
    namespace: `${database}.${name ?? '$cmd.aggregate'}`,
    isInScope: scopeOf(options, database, name),
    isInvalidatedBy: ({ type, collection }) =>
      name !== undefined &&
      (type === 'dropDatabase' || (collection === name && (type === 'drop' || type === 'rename'))),
    format: { feed: server.store.changes, store: server.store, options },
    stages,
    position: startOf(options, server.store.changes),
    isInvalid: false,
  };
  const id = server.cursors.add(stream);
  const batchSize = countField(optionalDocumentField(command, 'cursor') ?? {}, 'batchSize');
  const documents = nextDocuments(stream, batchSize ?? Infinity);
  return encodeStreamBatch(server, stream, id, 'firstBatch', documents);
}

/** A `getMore` on a change stream. */
export interface StreamRequest {
  readonly server: ServerState;
  readonly connection: ClientConnection;
  readonly id: Long;
  readonly cursor: StreamCursor;
  readonly batchSize: number | undefined;
  readonly maxTimeMs: number | undefined;
}

/**
 * The next changes; waits for some when there are none, for up to `maxTimeMs`.
 * @throws MongoError CursorKilled when the stream is closed meanwhile.
 */
export async function nextStreamBatch(request: StreamRequest): Promise<EncodedFields> {
  const { server, connection, id, batchSize, maxTimeMs = DEFAULT_WAIT_MS } = request;
  const stream = request.cursor as ChangeStream;
  const limit = batchSize === 0 ? Infinity : (batchSize ?? Infinity);
  const deadline = Date.now() + maxTimeMs;
  for (;;) {
    const documents = nextDocuments(stream, limit);
    const waitMs = deadline - Date.now();
    const isOver = waitMs <= 0 || connection.isClosed;
    if (documents.length > 0 || isOver) return encodeStreamBatch(server, stream, id, 'nextBatch', documents);
    await nextChange(server.store.changes, connection, waitMs);
    if (!server.cursors.has(id)) throw new MongoError(237, 'CursorKilled', 'cursor killed');
  }
}

/** Settles when something changes, the client is gone or the time is over. */
function nextChange(feed: ChangeFeed, connection: ClientConnection, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      clearTimeout(timer);
      stopListening();
      stopWatching();
      resolve();
    };
    const timer = setTimeout(stop, waitMs);
    const stopListening = feed.onChange(stop);
    const stopWatching = connection.onClose(stop);
  });
}

function encodeStreamBatch(
  { cursors, store }: ServerState,
  stream: ChangeStream,
  id: Long,
  name: Batch['name'],
  documents: readonly BsonDocument[],
): EncodedFields {
  if (stream.isInvalid) cursors.close(id);
  return encodeBatch({
    name,
    cursorId: stream.isInvalid ? Long.ZERO : id,
    namespace: stream.namespace,
    documents: documents.map(encode),
    extraFields: { postBatchResumeToken: resumeToken(store.changes, stream.position) },
  });
}

function nextDocuments(stream: ChangeStream, limit: number): BsonDocument[] {
  const documents: BsonDocument[] = [];
  for (const event of stream.format.feed.after(stream.position)) {
    if (documents.length >= limit || stream.isInvalid) break;
    stream.position = event.sequence;
    if (!stream.isInScope(event)) continue;
    const [document] = runPipeline([eventDocument(event, stream.format)], stream.stages, {});
    if (document) documents.push(withToken(document));
    if (!stream.isInvalidatedBy(event)) continue;
    documents.push(invalidateDocument(event, stream.format));
    stream.isInvalid = true;
  }
  return documents;
}

function withToken(document: BsonDocument): BsonDocument {
  if (isDocument(document._id)) return document;
  throw new MongoError(
    280,
    'ChangeStreamFatalError',
    'Encountered an event whose _id field, which contains the resume token, was modified by the pipeline.',
  );
}

function scopeOf(options: BsonDocument, database: string, name: string | undefined): ChangeStream['isInScope'] {
  const showsAll = options.showExpandedEvents === true;
  return (event) => {
    if (event.type === 'create' && !showsAll) return false;
    if (options.allChangesForCluster === true) return true;
    if (event.database !== database) return false;
    return name === undefined || event.collection === name || event.type === 'dropDatabase';
  };
}

function startOf(options: BsonDocument, feed: ChangeFeed): number {
  const token = options.resumeAfter ?? options.startAfter;
  if (token !== undefined) return remembered(sequenceOf(feed, token), feed);
  const time = options.startAtOperationTime;
  if (time === undefined) return feed.lastSequence;
  if (!(time instanceof Timestamp)) throw locationError(40415, 'startAtOperationTime must be a timestamp');
  return remembered(time.t < feed.epoch ? 0 : time.t > feed.epoch ? feed.lastSequence : time.i - 1, feed);
}

function remembered(sequence: number, feed: ChangeFeed): number {
  if (sequence + 1 >= feed.firstSequence || sequence === 1) return sequence;
  throw new MongoError(286, 'ChangeStreamHistoryLost', 'Resume of change stream was not possible');
}
