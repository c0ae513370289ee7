import {
  type Connection,
  type MongoConnection,
  type PageArgs,
  paginate,
  type Transaction,
  trusted,
} from '@shopgraph/kit';
import { type Model, type QueryFilter, Schema } from 'mongoose';
import { applyCommit, fold } from './evolve';
import { FULFILLMENT_STATUSES, type Order, ORDER_STATUSES, type OrderStatus, PAYMENT_STATUSES } from './order';
import type { OrderCommit } from './order-events';

interface CommitDocument extends OrderCommit {
  _id: string;
}

const commitSchema = new Schema<CommitDocument>(
  {
    _id: { type: String, required: true },
    orderId: { type: String, required: true },
    version: { type: Number, required: true },
    events: { type: [Schema.Types.Mixed], required: true },
    at: { type: Date, required: true },
    actor: { type: String, required: true },
  },
  { collection: 'orderCommits', versionKey: false, minimize: false },
);
commitSchema.index({ orderId: 1, version: 1 }, { unique: true });

/** An order as lists and look-ups read it; can be made again from the commits at any time. */
interface ViewDocument {
  _id: string;
  number: string;
  customerId: string | null;
  status: OrderStatus;
  paymentStatus: Order['paymentStatus'];
  fulfillmentStatus: Order['fulfillmentStatus'];
  placedAt: Date;
  deliveryUntil: Date | null;
  order: Order;
}

const viewSchema = new Schema<ViewDocument>(
  {
    _id: { type: String, required: true },
    number: { type: String, required: true, unique: true },
    customerId: { type: String, default: null },
    status: { type: String, required: true, enum: ORDER_STATUSES },
    paymentStatus: { type: String, required: true, enum: PAYMENT_STATUSES },
    fulfillmentStatus: { type: String, required: true, enum: FULFILLMENT_STATUSES },
    placedAt: { type: Date, required: true },
    deliveryUntil: { type: Date, default: null },
    order: { type: Schema.Types.Mixed, required: true },
  },
  { collection: 'orderViews', versionKey: false, minimize: false },
);
viewSchema.index({ placedAt: -1, _id: 1 });
viewSchema.index({ placedAt: 1, _id: 1 });
viewSchema.index({ status: 1, placedAt: -1, _id: 1 });
viewSchema.index({ status: 1, placedAt: 1, _id: 1 });
viewSchema.index({ customerId: 1, placedAt: -1, _id: 1 });
viewSchema.index({ deliveryUntil: 1 });
viewSchema.index({ paymentStatus: 1, placedAt: 1 }, { partialFilterExpression: { paymentStatus: 'VOIDING' } });

/** Which orders a list holds, and in which order. */
export interface OrderListing {
  readonly customerId?: string;
  readonly status?: OrderStatus;
  readonly direction: 1 | -1;
  readonly page: PageArgs;
}

/** Orders in MongoDB: the commits are the truth, the views follow in the same transaction. */
export class OrderStore {
  private readonly commits: Model<CommitDocument>;
  private readonly views: Model<ViewDocument>;

  constructor(connection: MongoConnection) {
    this.commits = connection.model<CommitDocument>('OrderCommit', commitSchema);
    this.views = connection.model<ViewDocument>('OrderView', viewSchema);
  }

  /** The order that its commits make, up to and with `version` where one is given. */
  async load(id: string, { tx, version }: { tx?: Transaction; version?: number } = {}): Promise<Order | null> {
    const upTo = version === undefined ? {} : { version: trusted({ $lte: version }) };
    return fold(await this.find({ orderId: id, ...upTo }, tx));
  }

  /** All commits of one order, oldest first. */
  async history(id: string, tx: Transaction): Promise<OrderCommit[]> {
    const found = await this.find({ orderId: id }, tx);
    return found.map(({ _id, ...commit }) => commit);
  }

  /** Writes commits of one order again, all of them, and its view from them: only to take out what must not stay. */
  async rewrite(commits: readonly OrderCommit[], tx: Transaction): Promise<Order> {
    const order = fold(commits);
    if (!order) throw new Error('There is no order without commits');
    for (const { orderId, version, events } of commits) {
      await this.commits.updateOne({ orderId, version }, { $set: { events } }, { session: tx });
    }
    await this.saveView(order, tx);
    return order;
  }

  /** Ids of orders that said for long enough where their goods go. */
  async idsWithDeliveryUntil(time: Date, limit: number): Promise<string[]> {
    const found = await this.views
      .find({ deliveryUntil: trusted({ $lte: time }) }, { _id: 1 })
      .limit(limit)
      .lean<Pick<ViewDocument, '_id'>[]>();
    return found.map(({ _id }) => _id);
  }

  /** The commits of these orders, each order's oldest first. */
  async commitsOf(orderIds: readonly string[]): Promise<OrderCommit[]> {
    return this.commits
      .find({ orderId: trusted({ $in: orderIds }) })
      .sort({ orderId: 1, version: 1 })
      .lean<CommitDocument[]>();
  }

  /** Adds a commit to the order that it was decided on, and brings the view up to date; answers the order after it. */
  async append(before: Order | null, commit: OrderCommit, tx: Transaction): Promise<Order> {
    const order = applyCommit(before, commit);
    if (!order) throw new Error(`Commit ${commit.version} of ${commit.orderId} holds no event`);
    await this.commits.insertMany([{ _id: `${commit.orderId}:${commit.version}`, ...commit }], { session: tx });
    await this.saveView(order, tx);
    return order;
  }

  /** Makes the view of an order again from its commits. */
  async rebuildView(id: string, tx: Transaction): Promise<void> {
    const order = await this.load(id, { tx });
    if (order) await this.saveView(order, tx);
  }

  /** The ids of all orders, one after the other. */
  async *allIds(): AsyncGenerator<string> {
    for (let last = ''; ;) {
      const batch = await this.commits
        .find({ orderId: trusted({ $gt: last }), version: 1 }, { orderId: 1 })
        .sort({ orderId: 1, version: 1 })
        .limit(500)
        .lean<Pick<CommitDocument, 'orderId'>[]>();
      for (const { orderId } of batch) yield orderId;
      const final = batch.at(-1);
      if (!final) return;
      last = final.orderId;
    }
  }

  /** The orders whose id or number is one of `values`, in any order. */
  async by(key: 'id' | 'number', values: readonly string[]): Promise<Order[]> {
    const found = await this.views
      .find({ [key === 'id' ? '_id' : key]: trusted({ $in: values }) })
      .lean<ViewDocument[]>();
    return found.map(({ order }) => order);
  }

  /** Orders whose payment has yet to be voided, oldest first. */
  async awaitingVoid(limit: number): Promise<Order[]> {
    const found = await this.views
      .find({ paymentStatus: 'VOIDING' })
      .sort({ placedAt: 1 })
      .limit(limit)
      .lean<ViewDocument[]>();
    return found.map(({ order }) => order);
  }

  /** One page of orders. */
  async list({ customerId, status, direction, page }: OrderListing): Promise<Connection<Order>> {
    const filter: QueryFilter<ViewDocument> = {
      ...(customerId !== undefined && { customerId }),
      ...(status !== undefined && { status }),
    };
    const { edges, pageInfo } = await paginate(this.views, { filter, sort: { placedAt: direction }, page });
    return { edges: edges.map(({ cursor, node }) => ({ cursor, node: node.order })), pageInfo };
  }

  private find(filter: QueryFilter<CommitDocument>, tx?: Transaction): Promise<CommitDocument[]> {
    return this.commits
      .find(filter)
      .sort({ version: 1 })
      .session(tx ?? null)
      .lean<CommitDocument[]>()
      .exec();
  }

  private async saveView(order: Order, tx: Transaction): Promise<void> {
    const { id, number, customerId, status, paymentStatus, fulfillmentStatus, placedAt } = order;
    const deliveryUntil = order.erasure?.deliveryUntil ?? null;
    const view = { number, customerId, status, paymentStatus, fulfillmentStatus, placedAt, deliveryUntil, order };
    await this.views.replaceOne({ _id: id }, view, { session: tx, upsert: true });
  }
}
