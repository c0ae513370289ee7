import type { BsonDocument } from '../bson/values';

/** What a record held from one write to the next; null when it was deleted. */
export interface Version {
  readonly document: BsonDocument | null;
  readonly raw: Buffer | null;
  /** The write's place in the order of all writes. */
  readonly timestamp: number;
}

/** The place of a document in a collection. Stays as long as a transaction may see what it held. */
export interface StoredRecord extends Version {
  /** The encoded key of `_id`. */
  readonly id: string;
  /** The order of insertion, which index entries with equal keys have. */
  readonly sequence: number;
  document: BsonDocument | null;
  /** The document in bytes, which replies send as they are. */
  raw: Buffer | null;
  timestamp: number;
  /** What it held before, oldest first; only while a transaction may see it. */
  versions: Version[];
}

/** A document that a query has found. */
export interface FoundDocument {
  readonly id: string;
  readonly document: BsonDocument;
  /** Null when the bytes are not at hand. */
  readonly raw: Buffer | null;
}

/** One write to one document. */
export interface DocumentWrite {
  readonly id: string;
  /** Null deletes. */
  readonly document: BsonDocument | null;
  readonly raw: Buffer | null;
  /** What the writer has read; undefined for an insert. */
  readonly previous?: BsonDocument | undefined;
  /** Whether an update replaces the whole document. */
  readonly replaces?: boolean;
}
