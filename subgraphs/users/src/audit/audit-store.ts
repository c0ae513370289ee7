import {
  type Connection,
  type MongoConnection,
  type PageArgs,
  paginate,
  toStored,
  type Transaction,
  trusted,
} from '@shopgraph/kit';
import type { Model, QueryFilter } from 'mongoose';
import type { RecordedEntry } from './audit-entry';
import { auditEntryModel, type EntryDocument, entryOf } from './audit-entry-model';

/** Bounds the size of one command. */
const ERASED_AT_ONCE = 1_000;

/** Which entries are wanted: those that meet all that is not null. */
export interface AuditCriteria {
  readonly actor: string | null;
  readonly subject: string | null;
  readonly actions: readonly string[] | null;
  /** At this time or later. */
  readonly from: Date | null;
  /** Before this time. */
  readonly to: Date | null;
  readonly ip: string | null;
}

/** Audit entries in MongoDB, for those who write and read them. `ChainStore` keeps them in line. */
export class AuditStore {
  private readonly entries: Model<EntryDocument>;

  constructor(connection: MongoConnection) {
    this.entries = auditEntryModel(connection);
  }

  async add(entries: readonly RecordedEntry[], tx: Transaction): Promise<void> {
    await this.entries.insertMany(entries.map(toStored), { session: tx });
  }

  /** One page of the log, newest first. */
  async page(criteria: AuditCriteria, page: PageArgs): Promise<Connection<RecordedEntry>> {
    const { edges, pageInfo } = await paginate(this.entries, { filter: filterOf(criteria), sort: { at: -1 }, page });
    return { edges: edges.map(({ cursor, node }) => ({ cursor, node: entryOf(node) })), pageInfo };
  }

  /** All entries by or about somebody, newest first. */
  async allOf(actorOrSubject: string): Promise<RecordedEntry[]> {
    const by = await this.entries.find({ actor: actorOrSubject }).lean<EntryDocument[]>();
    const about = await this.entries.find({ subject: actorOrSubject }).lean<EntryDocument[]>();
    const found = new Map([...by, ...about].map((entry) => [entry._id, entryOf(entry)]));
    return [...found.values()].sort((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? -1 : 1));
  }

  /**
   * Erases where the entries by or about somebody come from.
   * @param proofOf What shows of an entry that this was done on purpose.
   */
  async eraseWhere(actorOrSubject: string, proofOf: (entryId: string) => string, tx: Transaction): Promise<void> {
    const found = new Set<string>();
    for (const field of ['actor', 'subject'] as const) {
      const entries = await this.entries
        .find({ [field]: actorOrSubject, erasure: null }, { _id: 1 })
        .session(tx)
        .lean<Pick<EntryDocument, '_id'>[]>();
      for (const { _id } of entries) found.add(_id);
    }
    const updates = [...found].map((_id) => {
      const erased = { ip: null, userAgent: null, whereSalt: null, erasure: proofOf(_id) };
      return { updateOne: { filter: { _id }, update: { $set: erased } } };
    });
    for (let start = 0; start < updates.length; start += ERASED_AT_ONCE) {
      await this.entries.bulkWrite(updates.slice(start, start + ERASED_AT_ONCE), { session: tx, ordered: false });
    }
  }
}

function filterOf({ actor, subject, actions, from, to, ip }: AuditCriteria): QueryFilter<EntryDocument> {
  const span = { ...(from && { $gte: from }), ...(to && { $lt: to }) };
  return {
    ...(actor !== null && { actor }),
    ...(subject !== null && { subject }),
    ...(actions !== null && { action: trusted({ $in: actions }) }),
    ...(Object.keys(span).length > 0 && { at: trusted(span) }),
    ...(ip !== null && { ip }),
  };
}
