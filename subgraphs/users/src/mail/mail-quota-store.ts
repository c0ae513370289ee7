import { fromStored, type MongoConnection, type Stored, toStored, type Transaction } from '@shopgraph/kit';
import { type Model, Schema } from 'mongoose';
import type { MailQuota } from './mail-quota';

type QuotaDocument = Stored<MailQuota>;

const quotaSchema = new Schema<QuotaDocument>(
  {
    _id: { type: String, required: true },
    promisedAt: { type: [Date], required: true },
    deleteAt: { type: Date, required: true, expires: 0 },
  },
  { collection: 'mailQuotas', versionKey: false },
);

/** How many mails mailboxes were promised lately, in MongoDB, which forgets it when it does not matter any more. */
export class MailQuotaStore {
  private readonly quotas: Model<QuotaDocument>;

  constructor(connection: MongoConnection) {
    this.quotas = connection.model<QuotaDocument>('MailQuota', quotaSchema);
  }

  async byId(id: string, tx: Transaction): Promise<MailQuota | null> {
    const found = await this.quotas.findById(id).session(tx).lean<QuotaDocument>();
    return found && fromStored<MailQuota>(found);
  }

  /** Of simultaneous transactions that save one quota all but one start again, so that none goes uncounted. */
  async save(quota: MailQuota, tx: Transaction): Promise<void> {
    await this.quotas.replaceOne({ _id: quota.id }, toStored(quota), { upsert: true, session: tx });
  }
}
