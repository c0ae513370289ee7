import { type BsonDocument, encode } from '../bson/values';

const OP_REPLY = 1;
const OP_MSG = 2013;

/** The fields of a reply in bytes, between a document's length and its final zero. */
export type EncodedFields = Buffer;

/** The fields of a document, to be joined with others. */
export const encodeFields = (document: BsonDocument): EncodedFields => encode(document).subarray(4, -1);

/** What every reply to `request` begins with, for a body of `bodyLength` bytes. */
export function replyHeader(requestId: number, isLegacy: boolean, bodyLength: number): Buffer {
  const header = Buffer.alloc(isLegacy ? 36 : 21);
  header.writeInt32LE(header.length + bodyLength, 0);
  header.writeInt32LE(requestId, 8);
  header.writeInt32LE(isLegacy ? OP_REPLY : OP_MSG, 12);
  // The number of documents; the other fields, flags and section kinds among them, are zero.
  if (isLegacy) header.writeInt32LE(1, 32);
  return header;
}

/** One document of the fields of several. */
export function joinFields(...parts: readonly EncodedFields[]): Buffer {
  const length = parts.reduce((total, part) => total + part.length, 5);
  const size = Buffer.alloc(4);
  size.writeInt32LE(length);
  return Buffer.concat([size, ...parts, Buffer.alloc(1)], length);
}

/** A field that holds a document or an array, from its bytes. */
export function embeddedField(type: 'document' | 'array', name: string, value: Buffer): EncodedFields {
  return Buffer.concat([Buffer.from(`${type === 'document' ? '\x03' : '\x04'}${name}\0`), value]);
}

/** An array of documents that are there in bytes. */
export function joinDocuments(documents: readonly Buffer[]): Buffer {
  const parts = documents.flatMap((document, index) => [Buffer.from(`\x03${index}\0`, 'latin1'), document]);
  return joinFields(...parts);
}
