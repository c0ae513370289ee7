import { type Connection, type Model, Schema } from 'mongoose';
import { fromStored, type Stored, type Transaction, trusted } from './mongo';
import type { PrivacyRequest } from './privacy-request';

type RequestDocument = Stored<PrivacyRequest>;

const requestSchema = new Schema<RequestDocument>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    userId: { type: String, required: true },
    receivedAt: { type: Date, required: true },
    answeredAt: { type: Date, default: null },
    failures: { type: Number, required: true },
    dueAt: { type: Date, required: true },
  },
  { collection: 'privacyRequests', versionKey: false },
);
requestSchema.index({ dueAt: 1 });

/** Requests about what a subgraph holds of somebody, in MongoDB, until they are answered and done with. */
export class PrivacyRequestStore {
  private readonly requests: Model<RequestDocument>;

  constructor(connection: Connection) {
    this.requests = connection.model<RequestDocument>('PrivacyRequest', requestSchema);
  }

  /** Adds a request; one that is there already is due, and to be answered, once more. */
  async put({ id, dueAt, ...request }: PrivacyRequest, tx: Transaction): Promise<void> {
    const { answeredAt, ...once } = request;
    await this.requests.updateOne(
      { _id: id },
      { $setOnInsert: once, $set: { answeredAt, dueAt } },
      { upsert: true, session: tx },
    );
  }

  /** Takes the request that is due longest, for nobody else until `until`; null when none is due. */
  async take(now: Date, until: Date): Promise<PrivacyRequest | null> {
    const found = await this.requests
      .findOneAndUpdate({ dueAt: trusted({ $lte: now }) }, { $set: { dueAt: until } }, { sort: { dueAt: 1 } })
      .lean<RequestDocument>();
    return found && fromStored<PrivacyRequest>(found);
  }

  /** Saves what has become of a request. */
  async save({ id, ...request }: PrivacyRequest): Promise<void> {
    await this.requests.updateOne({ _id: id }, { $set: request });
  }

  async remove(id: string): Promise<void> {
    await this.requests.deleteOne({ _id: id });
  }
}
