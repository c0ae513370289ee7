import {
  fromStored,
  isDuplicateKey,
  type MongoConnection,
  type Stored,
  toStored,
  type Transaction,
  trusted,
} from '@shopgraph/kit';
import { type Model, Schema } from 'mongoose';
import { CHECKOUT_STEPS, type CheckoutSaga } from './checkout-saga';

type SagaDocument = Stored<CheckoutSaga>;

const LONGEST_WAIT_MS = 3_000;

const sagaSchema = new Schema<SagaDocument>(
  {
    _id: { type: String, required: true },
    intention: { type: String, required: true },
    payloadHash: { type: String, required: true },
    step: { type: String, required: true, enum: CHECKOUT_STEPS },
    isActive: { type: Boolean, required: true },
    stockLines: [{ _id: false, sku: { type: String, required: true }, quantity: { type: Number, required: true } }],
    ttlSeconds: { type: Number, required: true },
    reservationId: { type: String, default: null },
    mayHoldPayment: { type: Boolean, required: true },
    orderId: { type: String, required: true },
    leaseUntil: { type: Date, default: null },
    failedUndos: { type: Number, required: true },
    purgeAt: { type: Date, default: null, expires: 0 },
    version: { type: Number, required: true },
  },
  { collection: 'checkouts', versionKey: false },
);
sagaSchema.index({ intention: 1 }, { unique: true, partialFilterExpression: { isActive: true } });
sagaSchema.index({ leaseUntil: 1 });

/** Somebody else has taken the saga over, so whoever gets this must not touch it any more. */
export class SagaLost extends Error {
  constructor(id: string) {
    super(`Checkout ${id} was taken over`);
    this.name = 'SagaLost';
  }
}

/** The rows of checkouts. Each step is saved on condition of the version before, so that only one process takes it. */
export class SagaStore {
  private readonly sagas: Model<SagaDocument>;

  constructor(connection: MongoConnection) {
    this.sagas = connection.model<SagaDocument>('Checkout', sagaSchema);
  }

  /** Claims the intention of a new saga; false when another saga has it. */
  async claim(saga: CheckoutSaga): Promise<boolean> {
    try {
      await this.sagas.insertMany([toStored(saga)]);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** The saga that has an intention: one under way, or the one that made the order. */
  async activeOf(intention: string): Promise<CheckoutSaga | null> {
    const found = await this.sagas.findOne({ intention, isActive: true }).lean<SagaDocument>();
    return found && fromStored<CheckoutSaga>(found);
  }

  async byId(id: string): Promise<CheckoutSaga | null> {
    const found = await this.sagas.findById(id).lean<SagaDocument>();
    return found && fromStored<CheckoutSaga>(found);
  }

  /** The sagas of a customer that are under way, or have made an order lately. */
  async activeOfCustomer(customerId: string): Promise<CheckoutSaga[]> {
    const found = await this.sagas.find({ ...activeOf(customerId) }).lean<SagaDocument[]>();
    return found.map(fromStored<CheckoutSaga>);
  }

  /** Forgets the sagas of a customer that have made an order; the others have yet to be undone, and are then forgotten. */
  async forgetCompletedOf(customerId: string): Promise<void> {
    await this.sagas.deleteMany({ ...activeOf(customerId), step: 'COMPLETED' });
  }

  /** Sagas whose lease has run out, the longest first. */
  async abandoned(now: Date, limit: number): Promise<CheckoutSaga[]> {
    const found = await this.sagas
      .find({ leaseUntil: trusted({ $lte: now }) })
      .sort({ leaseUntil: 1 })
      .limit(limit)
      .lean<SagaDocument[]>();
    return found.map(fromStored<CheckoutSaga>);
  }

  /**
   * Saves the next version of a saga.
   * @throws SagaLost when the stored version is not the one before.
   */
  async save(next: CheckoutSaga, tx?: Transaction): Promise<CheckoutSaga> {
    const previous = { _id: next.id, version: next.version - 1 };
    // The transaction of a process that is gone locks the row until MongoDB ends it: better to come again than to wait.
    const options = tx ? { session: tx } : { maxTimeMS: LONGEST_WAIT_MS };
    const { matchedCount } = await this.sagas.replaceOne(previous, toStored(next), options);
    if (matchedCount === 0) throw new SagaLost(next.id);
    return next;
  }
}

/** Those of a customer that have their intention taken: see `intentionOf`. */
function activeOf(customerId: string) {
  const prefix = `checkout:${customerId}`;
  return { intention: trusted({ $gte: `${prefix}:`, $lt: `${prefix};` }), isActive: true };
}
