import {
  actorOf,
  type Call,
  type Clock,
  type IdGenerator,
  type MongoConnection,
  type Transaction,
} from '@shopgraph/kit';
import { type Model, Schema } from 'mongoose';
import type { AuditAction } from './audit-actions';
import { type AuditDetails, checkedDetails } from './audit-details';

/** What was done to whom or what, by its id. */
export interface AuditEntry {
  readonly action: AuditAction;
  readonly subject: string;
  /** Who did it, where that is not who makes the call: whoever has just proven who they are. */
  readonly actor?: string;
  /** What else there is to say: ids, names of roles, statuses, reasons. No secrets, nothing personal. */
  readonly details?: AuditDetails;
}

interface AuditDocument extends Required<Omit<AuditEntry, 'details'>> {
  _id: string;
  details: AuditDetails | null;
  at: Date;
  /** Where it was done from; null where a service did it by itself. */
  ip: string | null;
  userAgent: string | null;
  requestId: string;
}

const auditSchema = new Schema<AuditDocument>(
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
  },
  { collection: 'auditEntries', versionKey: false, minimize: false },
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
  record(entry: AuditEntry, call: Call, tx: Transaction): Promise<void> {
    return this.recordAll([entry], call, tx);
  }

  /** Adds entries, in their order, in the transaction of what they report. */
  async recordAll(entries: readonly AuditEntry[], call: Call, tx: Transaction): Promise<void> {
    const { viewer, client, requestId } = call;
    const common = {
      at: this.clock.now(),
      actor: actorOf(viewer),
      ip: client?.ip ?? null,
      userAgent: client?.userAgent ?? null,
      requestId,
    };
    await this.entries.insertMany(
      entries.map(({ details, ...entry }) => ({
        _id: this.ids.next('aud'),
        ...common,
        ...entry,
        details: details ? checkedDetails(details) : null,
      })),
      { session: tx },
    );
  }
}
