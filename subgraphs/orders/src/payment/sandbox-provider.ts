import { DomainError, type IdGenerator, isDuplicateKey, type MongoConnection, type Money } from '@shopgraph/kit';
import { type Model, Schema } from 'mongoose';
import {
  DECLINE_REASONS,
  type DeclineReason,
  type PaymentProvider,
  type PaymentRequest,
  PROVIDER_STATUSES,
  type ProviderPayment,
} from './payment-provider';

/** What becomes of each token; every other one is unknown to the sandbox. */
const DECLINES: Readonly<Record<string, DeclineReason | null>> = {
  tok_ok: null,
  // Authorises, and then never answers.
  tok_timeout: null,
  tok_declined: 'DECLINED',
  tok_insufficient_funds: 'INSUFFICIENT_FUNDS',
  tok_3ds: 'ACTION_REQUIRED',
};

interface SandboxDocument {
  /** The key of the payment. */
  _id: string;
  id: string;
  status: ProviderPayment['status'];
  /** Null for a payment that was voided before it was asked for. */
  amount: Money | null;
  declineReason: DeclineReason | null;
}

const sandboxSchema = new Schema<SandboxDocument>(
  {
    _id: { type: String, required: true },
    id: { type: String, required: true },
    status: { type: String, required: true, enum: PROVIDER_STATUSES },
    amount: { _id: false, type: { minorUnits: Number, currencyCode: String }, default: null },
    declineReason: { type: String, enum: [...DECLINE_REASONS, null], default: null },
  },
  { collection: 'sandboxPayments', versionKey: false, id: false },
);

/**
 * A payment provider without money, for development and tests: what happens is decided by the token alone.
 * It keeps its payments in a collection of its own, and never takes part in a transaction of ours.
 */
export class SandboxProvider implements PaymentProvider {
  private readonly payments: Model<SandboxDocument>;

  constructor(
    connection: MongoConnection,
    private readonly ids: IdGenerator,
  ) {
    this.payments = connection.model<SandboxDocument>('SandboxPayment', sandboxSchema);
  }

  async authorize({ key, amount, token }: PaymentRequest): Promise<ProviderPayment> {
    const declineReason = Object.hasOwn(DECLINES, token) ? (DECLINES[token] ?? null) : 'UNKNOWN_TOKEN';
    const status = declineReason === null ? 'AUTHORIZED' : 'DECLINED';
    const payment = await this.addOnce({ _id: key, id: this.ids.next('pay'), status, amount, declineReason });
    if (token === 'tok_timeout') throw new DomainError('TIMEOUT');
    if (payment.status === 'VOIDED') return { ...paymentOf(payment), status: 'DECLINED', declineReason: 'CANCELLED' };
    return paymentOf(payment);
  }

  async capture(key: string): Promise<ProviderPayment> {
    await this.payments.updateOne({ _id: key, status: 'AUTHORIZED' }, { status: 'CAPTURED' });
    const payment = await this.payments.findById(key).lean<SandboxDocument>();
    if (payment?.status !== 'CAPTURED') throw new Error(`There is nothing to capture under ${key}`);
    return paymentOf(payment);
  }

  async void(key: string): Promise<void> {
    // A stone in the place of a payment that never came, so that it cannot come late.
    const stone = { _id: key, id: this.ids.next('pay'), status: 'VOIDED', amount: null, declineReason: null } as const;
    const payment = await this.addOnce(stone);
    if (payment.status === 'AUTHORIZED') {
      await this.payments.updateOne({ _id: key, status: 'AUTHORIZED' }, { status: 'VOIDED' });
    }
    const after = await this.payments.findById(key).lean<SandboxDocument>();
    if (after?.status === 'CAPTURED') throw new Error(`The payment of ${key} is captured and cannot be voided`);
  }

  async find(key: string): Promise<ProviderPayment | null> {
    const found = await this.payments.findById(key).lean<SandboxDocument>();
    return found && paymentOf(found);
  }

  /** The payment under this key: the one that is there, otherwise `payment`. */
  private async addOnce(payment: SandboxDocument): Promise<SandboxDocument> {
    try {
      await this.payments.insertMany([payment]);
      return payment;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      const earlier = await this.payments.findById(payment._id).lean<SandboxDocument>();
      if (!earlier) throw error;
      return earlier;
    }
  }
}

function paymentOf({ _id, id, status, declineReason }: SandboxDocument): ProviderPayment {
  return { key: _id, id, status, declineReason };
}
