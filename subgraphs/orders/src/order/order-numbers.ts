import { isDuplicateKey, type MongoConnection, type Transaction } from '@shopgraph/kit';
import { type Model, Schema } from 'mongoose';

/** The first order is SG-100001. */
const BEFORE_THE_FIRST = 100_000;

interface CounterDocument {
  _id: string;
  value: number;
}

const counterSchema = new Schema<CounterDocument>(
  { _id: { type: String, required: true }, value: { type: Number, required: true } },
  { collection: 'counters', versionKey: false },
);

/** Numbers that people read out to each other: SG-100001, SG-100002 … */
export class OrderNumbers {
  private readonly counters: Model<CounterDocument>;

  constructor(connection: MongoConnection) {
    this.counters = connection.model<CounterDocument>('Counter', counterSchema);
  }

  /** Makes the counter, so that two processes do not both make it when the first orders come. */
  async prepare(): Promise<void> {
    // Read first: the transaction of a process that died may hold it, and a write would wait for that to end.
    if (await this.counters.exists({ _id: 'orderNumber' })) return;
    try {
      await this.counters.updateOne({ _id: 'orderNumber' }, { $setOnInsert: { value: 0 } }, { upsert: true });
    } catch (error) {
      // Another process was faster.
      if (!isDuplicateKey(error)) throw error;
    }
  }

  /** The next number. It counts only when `tx` commits, so that an order which is not placed burns none. */
  async next(tx: Transaction): Promise<string> {
    const { value } = await this.counters
      .findOneAndUpdate(
        { _id: 'orderNumber' },
        { $inc: { value: 1 } },
        { upsert: true, returnDocument: 'after', session: tx },
      )
      .orFail()
      .lean<CounterDocument>();
    return `SG-${BEFORE_THE_FIRST + value}`;
  }
}
