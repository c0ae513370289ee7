import { crc32 } from 'node:zlib';
import { type BsonDocument, decode, encode } from '../bson/values';

/** A change to collections and indexes rather than documents. */
export type StructureEntry =
  | { readonly change: 'create'; readonly options: BsonDocument }
  | { readonly change: 'drop' }
  | { readonly change: 'rename'; readonly to: string }
  | { readonly change: 'configure'; readonly options: BsonDocument }
  | { readonly change: 'createIndex'; readonly index: BsonDocument }
  | { readonly change: 'configureIndex'; readonly name: string; readonly options: BsonDocument }
  | { readonly change: 'dropIndex'; readonly name: string };

/** One change in the log. */
export type LogEntry = { readonly namespace: string } & (
  | { readonly kind: 'put'; readonly raw: Buffer }
  | { readonly kind: 'remove'; readonly id: BsonDocument['_id'] }
  | { readonly kind: 'structure'; readonly structure: StructureEntry }
);

const KIND_BYTES = { put: 1, remove: 2, structure: 3 } as const;
/** Length and checksum of what follows. */
const HEADER_BYTES = 8;

/**
 * One record of the log: its entries are replayed all together or, when the record is torn, not at all.
 * A record is the length (4 bytes, little endian), the CRC-32 and then for each entry a kind byte, the
 * namespace with a zero byte after it and a BSON document.
 */
export function encodeRecord(entries: readonly LogEntry[]): Buffer {
  const parts = entries.flatMap((entry) => [
    Buffer.from([KIND_BYTES[entry.kind]]),
    Buffer.from(`${entry.namespace}\0`),
    bodyOf(entry),
  ]);
  const payload = Buffer.concat(parts);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(payload.length, 0);
  header.writeUInt32LE(crc32(payload), 4);
  return Buffer.concat([header, payload]);
}

/**
 * Reads records one after the other, up to the first that is torn or damaged.
 * @returns How many bytes of `log` are whole records.
 */
export function decodeRecords(log: Buffer, onEntry: (entry: LogEntry) => void): number {
  let offset = 0;
  while (offset + HEADER_BYTES <= log.length) {
    const end = offset + HEADER_BYTES + log.readUInt32LE(offset);
    if (end > log.length) break;
    const payload = log.subarray(offset + HEADER_BYTES, end);
    if (crc32(payload) !== log.readUInt32LE(offset + 4)) break;
    decodeEntries(payload, onEntry);
    offset = end;
  }
  return offset;
}

function bodyOf(entry: LogEntry): Buffer {
  if (entry.kind === 'put') return entry.raw;
  return encode(entry.kind === 'remove' ? { _id: entry.id } : { ...entry.structure });
}

function decodeEntries(payload: Buffer, onEntry: (entry: LogEntry) => void): void {
  let offset = 0;
  while (offset < payload.length) {
    const kind = payload[offset];
    const nameEnd = payload.indexOf(0, offset + 1);
    const namespace = payload.toString('utf8', offset + 1, nameEnd);
    const body = payload.subarray(nameEnd + 1, nameEnd + 1 + payload.readInt32LE(nameEnd + 1));
    offset = nameEnd + 1 + body.length;
    // The log is read at once: what is kept of it must not keep all of it.
    if (kind === KIND_BYTES.put) onEntry({ namespace, kind: 'put', raw: Buffer.from(body) });
    else if (kind === KIND_BYTES.remove) onEntry({ namespace, kind: 'remove', id: decode(body)._id });
    else onEntry({ namespace, kind: 'structure', structure: decode(body) as unknown as StructureEntry });
  }
}
