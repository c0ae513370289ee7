import { Long } from 'bson';
import { type BsonDocument, encode } from '../bson/values';
import { MongoError } from '../errors';
import { embeddedField, type EncodedFields, encodeFields, joinDocuments, joinFields } from '../wire/reply';

/** A batch ends where its reply would get larger than this. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024;
/** A cursor that its client has forgotten is closed after this time, as in MongoDB. */
const IDLE_MS = 10 * 60_000;
const FIRST_CURSOR_ID = 1_000n;
const CURSOR_ID_STEP = 7_919n;

/** One result of a query: the bytes are made when they are needed. */
export interface CursorItem {
  readonly document: BsonDocument;
  readonly raw: Buffer | null;
}

/** Results of which a client has fetched some. */
export interface ResultCursor {
  readonly kind: 'results';
  readonly namespace: string;
  readonly items: readonly CursorItem[];
  position: number;
}

/** A cursor that waits for what happens. */
export interface StreamCursor {
  readonly kind: 'stream';
  readonly namespace: string;
}

/** One batch of a cursor's reply. */
export interface Batch {
  readonly name: 'firstBatch' | 'nextBatch';
  /** Zero when there is no more. */
  readonly cursorId: Long;
  readonly namespace: string;
  readonly documents: readonly Buffer[];
  readonly extraFields?: BsonDocument;
}

interface OpenCursor {
  readonly cursor: ResultCursor | StreamCursor;
  readonly usedAt: number;
}

/** The cursors that clients have open. */
export class Cursors {
  /** Those that were used longest ago come first. */
  private readonly open = new Map<string, OpenCursor>();
  private nextId = FIRST_CURSOR_ID;

  /** Keeps a cursor, under a new id. */
  add(cursor: ResultCursor | StreamCursor): Long {
    const id = Long.fromBigInt((this.nextId += CURSOR_ID_STEP));
    this.open.set(id.toString(), { cursor, usedAt: Date.now() });
    this.closeIdle();
    return id;
  }

  /** @throws MongoError CursorNotFound when it is not, or no longer, open. */
  get(id: Long): ResultCursor | StreamCursor {
    const found = this.open.get(id.toString());
    if (found) {
      this.open.delete(id.toString());
      this.open.set(id.toString(), { ...found, usedAt: Date.now() });
      return found.cursor;
    }
    throw new MongoError(43, 'CursorNotFound', `cursor id ${id.toString()} not found`);
  }

  has(id: Long): boolean {
    return this.open.has(id.toString());
  }

  /** @returns Whether it was open. */
  close(id: Long): boolean {
    return this.open.delete(id.toString());
  }

  private closeIdle(): void {
    for (const [id, { usedAt }] of this.open) {
      if (usedAt > Date.now() - IDLE_MS) return;
      this.open.delete(id);
    }
  }
}

/** How a client wants its first batch. */
export interface BatchOptions {
  readonly batchSize: number;
  /** Whether the client wants no cursor beyond the first batch. */
  readonly isSingleBatch?: boolean;
}

/** The reply with the first results; the others are kept for `getMore`. */
export function openCursor(
  cursors: Cursors,
  namespace: string,
  items: readonly CursorItem[],
  { batchSize, isSingleBatch = false }: BatchOptions,
): EncodedFields {
  const cursor: ResultCursor = { kind: 'results', namespace, items, position: 0 };
  const documents = takeBatch(cursor, batchSize);
  const hasMore = cursor.position < items.length && !isSingleBatch;
  return encodeBatch({ name: 'firstBatch', cursorId: hasMore ? cursors.add(cursor) : Long.ZERO, namespace, documents });
}

/** The reply with the next results; the last of them closes the cursor. */
export function continueCursor(cursors: Cursors, cursor: ResultCursor, id: Long, batchSize: number): EncodedFields {
  const documents = takeBatch(cursor, batchSize);
  const hasMore = cursor.position < cursor.items.length;
  if (!hasMore) cursors.close(id);
  return encodeBatch({
    name: 'nextBatch',
    cursorId: hasMore ? id : Long.ZERO,
    namespace: cursor.namespace,
    documents,
  });
}

/** A batch as the fields of a reply. Documents go into it in the bytes in which they are stored. */
export function encodeBatch({ name, cursorId, namespace, documents, extraFields }: Batch): EncodedFields {
  const fields = encodeFields({ id: cursorId, ns: namespace, ...extraFields });
  const cursor = joinFields(embeddedField('array', name, joinDocuments(documents)), fields);
  return embeddedField('document', 'cursor', cursor);
}

function takeBatch(cursor: ResultCursor, batchSize: number): Buffer[] {
  const documents: Buffer[] = [];
  let bytes = 0;
  while (documents.length < batchSize) {
    const item = cursor.items[cursor.position];
    if (!item) break;
    const raw = item.raw ?? encode(item.document);
    if (documents.length > 0 && bytes + raw.length > MAX_BATCH_BYTES) break;
    documents.push(raw);
    bytes += raw.length;
    cursor.position++;
  }
  return documents;
}
