import { fromStored, type MongoConnection, type Stored } from '@shopgraph/kit';
import { type Model, Schema } from 'mongoose';
import type { RecordedEntry } from './audit-entry';

export type EntryDocument = Stored<RecordedEntry>;

const entrySchema = new Schema<EntryDocument>(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    actor: { type: String, required: true },
    action: { type: String, required: true },
    subject: { type: String, required: true },
    details: { type: Schema.Types.Mixed, default: null },
    ip: { type: String, default: null },
    userAgent: { type: String, default: null },
    requestId: { type: String, required: true },
    whereSalt: { type: String, default: null },
    whereDigest: { type: String, default: null },
    erasure: { type: String, default: null },
    keyId: { type: String, default: null },
    mac: { type: String, default: null },
    sequence: { type: Number, default: null },
    chainHash: { type: String, default: null },
  },
  { collection: 'auditEntries', versionKey: false, minimize: false },
);
entrySchema.index({ at: -1, _id: 1 });
entrySchema.index({ actor: 1, at: -1, _id: 1 });
entrySchema.index({ subject: 1, at: -1, _id: 1 });
entrySchema.index({ action: 1, at: -1, _id: 1 });
entrySchema.index({ ip: 1, at: -1, _id: 1 });
// One entry for each place, whoever gives it: the log cannot fork.
entrySchema.index({ sequence: 1 }, { unique: true, partialFilterExpression: { sequence: { $type: 'number' } } });
entrySchema.index({ sequence: 1, _id: 1 });

/** What older documents lack. */
const BLANK = {
  details: null,
  ip: null,
  userAgent: null,
  whereSalt: null,
  whereDigest: null,
  erasure: null,
  keyId: null,
  mac: null,
  sequence: null,
  chainHash: null,
};

/** The entries of the audit log on this connection. */
export function auditEntryModel(connection: MongoConnection): Model<EntryDocument> {
  return connection.models.AuditEntry ?? connection.model<EntryDocument>('AuditEntry', entrySchema);
}

/** The entry that a document holds; for documents read with `lean()`. */
export function entryOf(document: EntryDocument): RecordedEntry {
  return fromStored<RecordedEntry>({ ...BLANK, ...document });
}
