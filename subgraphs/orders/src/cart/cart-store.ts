import {
  fromStored,
  type MongoConnection,
  replaceVersion,
  type Stored,
  toStored,
  type Transaction,
  trusted,
} from '@shopgraph/kit';
import { type Model, Schema } from 'mongoose';
import { moneySchema } from '../money-schema';
import { type Cart, CART_STATUSES } from './cart';

type CartDocument = Stored<Cart>;

const lineSchema = new Schema(
  {
    id: { type: String, required: true },
    variantId: { type: String, required: true },
    sku: { type: String, required: true },
    name: { type: String, required: true },
    quantity: { type: Number, required: true },
    unitPrice: { type: moneySchema, required: true },
  },
  { _id: false, id: false },
);

const cartSchema = new Schema<CartDocument>(
  {
    _id: { type: String, required: true },
    customerId: { type: String, default: null },
    tokenHash: { type: String, default: null },
    status: { type: String, required: true, enum: CART_STATUSES },
    currencyCode: { type: String, required: true },
    lines: { type: [lineSchema], required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true, expires: 0 },
    version: { type: Number, required: true },
  },
  { collection: 'carts', versionKey: false },
);
cartSchema.index({ customerId: 1, status: 1, createdAt: -1 });

/** Carts in MongoDB, which deletes them some time after they expire. */
export class CartStore {
  private readonly carts: Model<CartDocument>;

  constructor(connection: MongoConnection) {
    this.carts = connection.model<CartDocument>('Cart', cartSchema);
  }

  /** The carts of these ids, expired ones too, in any order. */
  async byIds(ids: readonly string[]): Promise<Cart[]> {
    const found = await this.carts.find({ _id: trusted({ $in: ids }) }).lean<CartDocument[]>();
    return found.map(fromStored<Cart>);
  }

  async byId(id: string, tx?: Transaction): Promise<Cart | null> {
    const found = await this.carts
      .findById(id)
      .session(tx ?? null)
      .lean<CartDocument>();
    return found && fromStored<Cart>(found);
  }

  /** The open carts of these customers that have not expired, newest first. */
  async openOf(customerIds: readonly string[], now: Date): Promise<Cart[]> {
    const found = await this.carts
      .find({ customerId: trusted({ $in: customerIds }), status: 'OPEN', expiresAt: trusted({ $gt: now }) })
      .sort({ createdAt: -1, _id: -1 })
      .lean<CartDocument[]>();
    return found.map(fromStored<Cart>);
  }

  /** Every cart of a customer that is still there, newest first. */
  async allOf(customerId: string): Promise<Cart[]> {
    const found = await this.carts.find({ customerId }).sort({ createdAt: -1 }).lean<CartDocument[]>();
    return found.map(fromStored<Cart>);
  }

  /** Forgets all carts of a customer. */
  async removeAllOf(customerId: string): Promise<void> {
    await this.carts.deleteMany({ customerId });
  }

  async add(cart: Cart): Promise<void> {
    await this.carts.insertMany([toStored(cart)]);
  }

  /** Saves a cart whose `version` was raised by one; CONFLICT as in `replaceVersion`. */
  update(cart: Cart, tx: Transaction): Promise<void> {
    return replaceVersion(this.carts, toStored(cart), tx);
  }

  /** Makes an open cart an ordered one; false when it is not as it was, so that a cart becomes one order at the most. */
  async close({ id, version }: Cart, tx: Transaction): Promise<boolean> {
    const { matchedCount } = await this.carts.updateOne(
      { _id: id, version, status: 'OPEN' },
      { $set: { status: 'ORDERED' }, $inc: { version: 1 } },
      { session: tx },
    );
    return matchedCount === 1;
  }
}
