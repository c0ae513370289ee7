import { type Clock, type IdGenerator, type MongoConnection, type Transaction } from '@shopgraph/kit';
import { type Model, Schema } from 'mongoose';

export type AuditAction =
  | 'user.registered'
  | 'user.email-verified'
  | 'user.roles-set'
  | 'session.started'
  | 'session.ended'
  | 'session.refresh-token-reused'
  | 'signing-key.rotated';

/** Who did what to whom or what, by their ids. */
export interface AuditEntry {
  readonly action: AuditAction;
  readonly actor: string;
  readonly subject: string;
}

interface AuditDocument extends AuditEntry {
  _id: string;
  at: Date;
}

const auditSchema = new Schema<AuditDocument>(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    actor: { type: String, required: true },
    action: { type: String, required: true },
    subject: { type: String, required: true },
  },
  { collection: 'auditEntries', versionKey: false },
);
auditSchema.index({ at: 1, _id: 1 });
auditSchema.index({ subject: 1, at: 1, _id: 1 });

/** What security needs to know afterwards. Entries are added, never changed. */
export class AuditTrail {
  private readonly entries: Model<AuditDocument>;

  constructor(
    connection: MongoConnection,
    private readonly clock: Clock,
    private readonly ids: IdGenerator,
  ) {
    this.entries = connection.model<AuditDocument>('AuditEntry', auditSchema);
  }

  /** Adds an entry in the transaction of what it reports. */
  record(entry: AuditEntry, tx: Transaction): Promise<void> {
    return this.recordAll([entry], tx);
  }

  /** Adds entries, in their order, in the transaction of what they report. */
  async recordAll(entries: readonly AuditEntry[], tx: Transaction): Promise<void> {
    const at = this.clock.now();
    await this.entries.insertMany(
      entries.map((entry) => ({ _id: this.ids.next('aud'), at, ...entry })),
      { session: tx },
    );
  }
}
