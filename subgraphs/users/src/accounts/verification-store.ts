import { fromStored, type MongoConnection, type Stored, toStored, type Transaction } from '@shopgraph/kit';
import { type Model, Schema } from 'mongoose';
import type { Verification } from './verification';

type VerificationDocument = Stored<Verification>;

const verificationSchema = new Schema<VerificationDocument>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true, index: true },
    name: { type: String, required: true },
    passwordHash: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true, expires: 0 },
  },
  { collection: 'verifications', versionKey: false },
);

/** Registrations that wait for an answer, in MongoDB, which forgets them when they expire. */
export class VerificationStore {
  private readonly verifications: Model<VerificationDocument>;

  constructor(connection: MongoConnection) {
    this.verifications = connection.model<VerificationDocument>('Verification', verificationSchema);
  }

  async add(verification: Verification, tx: Transaction): Promise<void> {
    await this.verifications.insertMany([toStored(verification)], { session: tx });
  }

  async byTokenHash(tokenHash: string, tx: Transaction): Promise<Verification | null> {
    const found = await this.verifications.findById(tokenHash).session(tx).lean<VerificationDocument>();
    return found && fromStored<Verification>(found);
  }

  /** What waits for this user. */
  async allOf(userId: string): Promise<Verification[]> {
    const found = await this.verifications.find({ userId }).lean<VerificationDocument[]>();
    return found.map(fromStored<Verification>);
  }

  /** Forgets everything that waits for this user, so that none of their mails works any more. */
  async removeAllOf(userId: string, tx: Transaction): Promise<void> {
    await this.verifications.deleteMany({ userId }, { session: tx });
  }
}
