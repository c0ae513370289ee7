import { randomUUID } from 'node:crypto';
import { type Connection, type Model, Schema } from 'mongoose';
import type { Clock } from './clock';
import { isDuplicateKey, trusted } from './mongo';

interface LeaseDocument {
  _id: string;
  owner: string;
  expiresAt: Date;
}

const leaseSchema = new Schema<LeaseDocument>(
  {
    _id: { type: String, required: true },
    owner: { type: String, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'leases', versionKey: false },
);

/** Lets one of several replicas do a piece of work; when that one dies, another takes over after `ttlMs`. */
export class Lease {
  private readonly owner = randomUUID();
  private readonly leases: Model<LeaseDocument>;

  constructor(
    connection: Connection,
    private readonly name: string,
    private readonly ttlMs: number,
    private readonly clock: Clock,
  ) {
    this.leases = connection.models.Lease ?? connection.model<LeaseDocument>('Lease', leaseSchema);
  }

  /** Takes or prolongs the lease; false while another replica holds it. */
  async acquire(): Promise<boolean> {
    const now = this.clock.now();
    const isFree = { $or: [{ owner: this.owner }, { expiresAt: trusted({ $lte: now }) }] };
    const next = { owner: this.owner, expiresAt: new Date(now.getTime() + this.ttlMs) };
    try {
      await this.leases.updateOne({ _id: this.name, ...isFree }, { $set: next }, { upsert: true });
      return true;
    } catch (error) {
      // Somebody holds it: the filter found nothing, and the insert met the one that is there.
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** Gives the lease up, so that nobody has to wait for its end. */
  async release(): Promise<void> {
    await this.leases.deleteOne({ _id: this.name, owner: this.owner });
  }
}
