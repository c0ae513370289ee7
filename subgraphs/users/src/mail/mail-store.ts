import { fromStored, type MongoConnection, type Stored, toStored, type Transaction, trusted } from '@shopgraph/kit';
import { type Model, Schema } from 'mongoose';
import type { MailStatus, Occasion, QueuedMail } from './queued-mail';

type MailDocument = Stored<QueuedMail>;

const occasionSchema = new Schema<Occasion>(
  {
    at: { type: Date, required: true },
    ip: { type: String, default: null },
    userAgent: { type: String, default: null },
    newAddress: { type: String, default: null },
  },
  { _id: false },
);

const contentSchema = new Schema<NonNullable<QueuedMail['content']>>(
  {
    to: { type: String, required: true },
    name: { type: String, required: true },
    sealedToken: { type: String, default: null },
    occasion: { type: occasionSchema, default: null },
  },
  { _id: false },
);

const mailSchema = new Schema<MailDocument>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    letter: { type: String, required: true },
    content: { type: contentSchema, default: null },
    status: { type: String, required: true },
    attempts: { type: Number, required: true },
    nextAttemptAt: { type: Date, required: true },
    createdAt: { type: Date, required: true },
    deleteAt: { type: Date, required: true, expires: 0 },
  },
  { collection: 'mails', versionKey: false },
);
mailSchema.index({ status: 1, nextAttemptAt: 1 });
mailSchema.index({ userId: 1, createdAt: 1 });

/** The queue of mails in MongoDB. */
export class MailStore {
  private readonly mails: Model<MailDocument>;

  constructor(connection: MongoConnection) {
    this.mails = connection.model<MailDocument>('Mail', mailSchema);
  }

  async add(mail: QueuedMail, tx: Transaction): Promise<void> {
    await this.mails.insertMany([toStored(mail)], { session: tx });
  }

  /** Takes the mail that is due longest, for nobody else until `until`; null when none is due. */
  async take(now: Date, until: Date): Promise<QueuedMail | null> {
    const due = { status: 'QUEUED' as const, nextAttemptAt: trusted({ $lte: now }) };
    const change = { $set: { nextAttemptAt: until }, $inc: { attempts: 1 } };
    const found = await this.mails
      .findOneAndUpdate(due, change, { sort: { nextAttemptAt: 1 }, returnDocument: 'after' })
      .lean<MailDocument>();
    return found && fromStored<QueuedMail>(found);
  }

  /** Closes a mail and forgets to whom it went and what was in it. */
  async close(id: string, status: Exclude<MailStatus, 'QUEUED'>): Promise<void> {
    await this.mails.updateOne({ _id: id }, { $set: { status, content: null } });
  }

  /** The mails to a user that are still known of, oldest first. */
  async allOf(userId: string): Promise<QueuedMail[]> {
    const found = await this.mails.find({ userId }).sort({ createdAt: 1 }).lean<MailDocument[]>();
    return found.map(fromStored<QueuedMail>);
  }

  /** Forgets all mails to a user; those that have not left never will. */
  async removeAllOf(userId: string, tx: Transaction): Promise<void> {
    await this.mails.deleteMany({ userId }, { session: tx });
  }

  async postpone(id: string, nextAttemptAt: Date): Promise<void> {
    await this.mails.updateOne({ _id: id, status: 'QUEUED' }, { $set: { nextAttemptAt } });
  }
}
