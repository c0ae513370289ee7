import {
  type Connection,
  DomainError,
  fromStored,
  type MongoConnection,
  type PageArgs,
  paginate,
  type Stored,
  toStored,
  type Transaction,
  trusted,
} from '@shopgraph/kit';
import { type Model, type QueryFilter, Schema } from 'mongoose';
import { availableDelta, type LevelChange } from './movement';
import type { StockLevel } from './stock';

type LevelDocument = Stored<StockLevel>;

const levelSchema = new Schema<LevelDocument>(
  {
    _id: { type: String, required: true },
    itemId: { type: String, required: true },
    sku: { type: String, required: true },
    locationId: { type: String, required: true },
    onHand: { type: Number, required: true },
    allocated: { type: Number, required: true },
    reserved: { type: Number, required: true },
    available: { type: Number, required: true },
    lowStockThreshold: { type: Number, required: true },
    isLow: { type: Boolean, required: true },
    version: { type: Number, required: true },
  },
  { collection: 'stockLevels', versionKey: false },
);
levelSchema.index({ itemId: 1, available: 1, _id: 1 });
levelSchema.index({ sku: 1, locationId: 1 }, { unique: true });
levelSchema.index({ isLow: 1, available: 1, _id: 1 }, { partialFilterExpression: { isLow: true } });

const KEEP_IS_LOW = { $set: { isLow: { $lte: ['$available', '$lowStockThreshold'] } } };

/** Levels in MongoDB. Their figures change through `StockLedger` alone, which keeps the movements. */
export class LevelStore {
  private readonly levels: Model<LevelDocument>;

  constructor(connection: MongoConnection) {
    this.levels = connection.model<LevelDocument>('StockLevel', levelSchema);
  }

  /** One page of an item's levels, emptiest first. */
  ofItem(itemId: string, page: PageArgs): Promise<Connection<StockLevel>> {
    return this.pageBy({ itemId }, page);
  }

  /** One page of the levels that are at or below their threshold, emptiest first. */
  low(page: PageArgs): Promise<Connection<StockLevel>> {
    return this.pageBy({ isLow: true }, page);
  }

  /** The level of an item at a location, null when it has none there. */
  async at(sku: string, locationId: string, tx: Transaction): Promise<StockLevel | null> {
    const found = await this.levels.findOne({ sku, locationId }).session(tx).lean<LevelDocument>();
    return found && fromStored<StockLevel>(found);
  }

  /** The levels with these ids, in any order. */
  async byIds(ids: readonly string[], tx: Transaction): Promise<StockLevel[]> {
    const found = await this.levels
      .find({ _id: trusted({ $in: ids }) })
      .session(tx)
      .lean<LevelDocument[]>();
    return found.map(fromStored<StockLevel>);
  }

  /** All levels of a SKU, oldest first. */
  async bySku(sku: string, tx: Transaction): Promise<StockLevel[]> {
    const found = await this.levels.find({ sku }).sort({ _id: 1 }).session(tx).lean<LevelDocument[]>();
    return found.map(fromStored<StockLevel>);
  }

  async add(level: StockLevel, tx: Transaction): Promise<void> {
    await this.levels.insertMany([toStored(level)], { session: tx });
  }

  /**
   * Changes the figures of one level in one update, and answers how they are since.
   * @throws DomainError CONFLICT when that would leave less available than `floor`.
   */
  async apply(change: LevelChange, tx: Transaction): Promise<StockLevel> {
    const { levelId, onHand, allocated, reserved, floor } = change;
    const taken = availableDelta(change);
    const isEnough = floor === null ? {} : { available: trusted({ $gte: floor - taken }) };
    const figures = {
      onHand: { $add: ['$onHand', onHand] },
      allocated: { $add: ['$allocated', allocated] },
      reserved: { $add: ['$reserved', reserved] },
      available: { $add: ['$available', taken] },
      version: { $add: ['$version', 1] },
    };
    const changed = await this.levels
      .findOneAndUpdate({ _id: levelId, ...isEnough }, [{ $set: figures }, KEEP_IS_LOW], {
        session: tx,
        updatePipeline: true,
        returnDocument: 'after',
      })
      .lean<LevelDocument>();
    if (!changed) throw new DomainError('CONFLICT');
    return fromStored<StockLevel>(changed);
  }

  /** Sets when a level counts as low. */
  async setThreshold(id: string, lowStockThreshold: number, tx: Transaction): Promise<StockLevel> {
    const threshold = { lowStockThreshold, version: { $add: ['$version', 1] } };
    const changed = await this.levels
      .findOneAndUpdate({ _id: id }, [{ $set: threshold }, KEEP_IS_LOW], {
        session: tx,
        updatePipeline: true,
        returnDocument: 'after',
      })
      .lean<LevelDocument>();
    if (!changed) throw new DomainError('CONFLICT');
    return fromStored<StockLevel>(changed);
  }

  /**
   * Makes sure that a level has at least `floor` available, and keeps transactions that take from it at the same
   * time from going through.
   * @throws DomainError CONFLICT when it has less.
   */
  async guard(id: string, floor: number, tx: Transaction): Promise<void> {
    const enough = trusted({ $gte: floor });
    const change = { $inc: { version: 1 } };
    const { matchedCount } = await this.levels.updateOne({ _id: id, available: enough }, change, { session: tx });
    if (matchedCount === 0) throw new DomainError('CONFLICT');
  }

  private async pageBy(filter: QueryFilter<LevelDocument>, page: PageArgs): Promise<Connection<StockLevel>> {
    const { edges, pageInfo } = await paginate(this.levels, { filter, sort: { available: 1 }, page });
    return { edges: edges.map(({ cursor, node }) => ({ cursor, node: fromStored<StockLevel>(node) })), pageInfo };
  }
}
