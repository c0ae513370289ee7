import { type MongoConnection, toStored, type Transaction, trusted } from '@shopgraph/kit';
import { type Model, type QueryFilter, Schema } from 'mongoose';
import type { ChainHead, RecordedEntry } from './audit-entry';
import { auditEntryModel, type EntryDocument, entryOf } from './audit-entry-model';

/** How far the log goes, and up to where its old end was deleted. */
export type MarkName = 'head' | 'checkpoint';

export interface Mark extends ChainHead {
  readonly mac: string;
}

type MarkDocument = Mark & { _id: MarkName };

const markSchema = new Schema<MarkDocument>(
  {
    _id: { type: String, required: true },
    sequence: { type: Number, required: true },
    chainHash: { type: String, required: true },
    mac: { type: String, required: true },
  },
  { collection: 'auditMarks', versionKey: false },
);

/** The order of audit entries in MongoDB: each gets its place once, and only the old end is ever deleted. */
export class ChainStore {
  private readonly entries: Model<EntryDocument>;
  private readonly marks: Model<MarkDocument>;

  constructor(connection: MongoConnection) {
    this.entries = auditEntryModel(connection);
    this.marks = connection.models.AuditMark ?? connection.model<MarkDocument>('AuditMark', markSchema);
  }

  /** Whether any entry waits for its place. */
  async hasUnsealed(): Promise<boolean> {
    return (await this.entries.exists({ sequence: null })) !== null;
  }

  /** Entries that wait for their place, oldest first. */
  unsealed(limit: number, tx: Transaction): Promise<RecordedEntry[]> {
    return this.some({ sequence: null }, { _id: 1 }, limit, tx);
  }

  /** Gives entries their places. @throws Error when one of them has a place. */
  async place(places: readonly (ChainHead & { readonly id: string })[], tx: Transaction): Promise<void> {
    const updates = places.map(({ id, sequence, chainHash }) => ({
      updateOne: { filter: { _id: id, sequence: null }, update: { $set: { sequence, chainHash } } },
    }));
    const { modifiedCount } = await this.entries.bulkWrite(updates, { session: tx, ordered: false });
    if (modifiedCount !== places.length) throw new Error('audit entries have got their places from somebody else');
  }

  /** Entries from before there were MACs. */
  withoutMac(limit: number, tx: Transaction): Promise<RecordedEntry[]> {
    return this.some({ sequence: null, mac: null }, { _id: 1 }, limit, tx);
  }

  /** Replaces entries from before there were MACs. */
  async adopt(entries: readonly RecordedEntry[], tx: Transaction): Promise<void> {
    const updates = entries.map((entry) => ({
      replaceOne: { filter: { _id: entry.id, mac: null }, replacement: toStored(entry) },
    }));
    await this.entries.bulkWrite(updates, { session: tx, ordered: false });
  }

  /** Where the last entry is; null when none has a place. */
  async last(tx: Transaction): Promise<ChainHead | null> {
    const found = await this.entries
      .findOne({ sequence: trusted({ $gt: 0 }) })
      .sort({ sequence: -1 })
      .session(tx)
      .lean<EntryDocument>();
    return found && placeOf(entryOf(found));
  }

  /** The entry at a place. */
  async at(sequence: number): Promise<RecordedEntry | null> {
    const found = await this.entries.findOne({ sequence }).lean<EntryDocument>();
    return found && entryOf(found);
  }

  /** The next entries after a place, in their order. */
  following(sequence: number, limit: number, tx: Transaction): Promise<RecordedEntry[]> {
    return this.some({ sequence: trusted({ $gt: sequence }) }, { sequence: 1 }, limit, tx);
  }

  /** All entries after a place, in their order. */
  allFollowing(sequence: number): AsyncIterable<RecordedEntry> {
    return this.all({ sequence: trusted({ $gt: sequence }) }, { sequence: 1 });
  }

  /** All entries that wait for their place. */
  allUnsealed(): AsyncIterable<RecordedEntry> {
    return this.all({ sequence: null }, { _id: 1 });
  }

  /** Deletes the old end of the log, up to and with a place. */
  async trim(sequence: number, tx: Transaction): Promise<void> {
    await this.entries.deleteMany({ sequence: trusted({ $lte: sequence }) }, { session: tx });
  }

  async mark(name: MarkName, tx: Transaction | null): Promise<Mark | null> {
    return this.marks.findById(name).session(tx).lean<MarkDocument>();
  }

  async setMark(name: MarkName, mark: Mark, tx: Transaction): Promise<void> {
    await this.marks.updateOne({ _id: name }, { $set: mark }, { session: tx, upsert: true });
  }

  private async some(filter: QueryFilter<EntryDocument>, sort: Record<string, 1>, limit: number, tx: Transaction) {
    const found = await this.entries.find(filter).sort(sort).limit(limit).session(tx).lean<EntryDocument[]>();
    return found.map(entryOf);
  }

  private async *all(filter: QueryFilter<EntryDocument>, sort: Record<string, 1>): AsyncGenerator<RecordedEntry> {
    for await (const document of this.entries.find(filter).sort(sort).lean<EntryDocument>().cursor()) {
      yield entryOf(document);
    }
  }
}

/** The place of an entry that has one. */
export function placeOf({ sequence, chainHash }: RecordedEntry): ChainHead {
  return { sequence: sequence ?? 0, chainHash: chainHash ?? '' };
}
