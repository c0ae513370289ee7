import {
  fromStored,
  type MongoConnection,
  replaceVersion,
  type Stored,
  toStored,
  type Transaction,
} from '@shopgraph/kit';
import { type Model, Schema } from 'mongoose';
import type { StockItem, StockLevel } from './stock';

/** An item without its levels, which are documents of their own. */
export type ItemFields = Omit<StockItem, 'levels'>;

type ItemDocument = Stored<ItemFields>;
type LevelDocument = Stored<StockLevel>;

const itemSchema = new Schema<ItemDocument>(
  {
    _id: { type: String, required: true },
    sku: { type: String, required: true, unique: true },
    variantId: { type: String, required: true, unique: true },
    tracked: { type: Boolean, required: true },
    backorderLimit: { type: Number, required: true },
    version: { type: Number, required: true },
  },
  { collection: 'stockItems', versionKey: false },
);

const LEVELS_OLDEST_FIRST = {
  from: 'stockLevels',
  localField: '_id',
  foreignField: 'itemId',
  pipeline: [{ $sort: { _id: 1 as const } }],
  as: 'levels',
};

/** Items in MongoDB. */
export class ItemStore {
  private readonly items: Model<ItemDocument>;

  constructor(connection: MongoConnection) {
    this.items = connection.model<ItemDocument>('StockItem', itemSchema);
  }

  /** The items whose `key` is one of `values`, with their levels, in one query and any order. */
  async itemsBy(key: 'id' | 'sku' | 'variantId', values: readonly string[], tx?: Transaction): Promise<StockItem[]> {
    const isWanted = { [key === 'id' ? '_id' : key]: { $in: values } };
    const found = await this.items
      .aggregate<ItemDocument & { levels: LevelDocument[] }>([{ $match: isWanted }, { $lookup: LEVELS_OLDEST_FIRST }])
      .session(tx ?? null);
    return found.map(({ levels, ...item }) => ({
      ...fromStored<ItemFields>(item),
      levels: levels.map(fromStored<StockLevel>),
    }));
  }

  /** The item of a SKU or of a variant, without its levels; null when there is none. */
  async find(key: { sku: string } | { variantId: string }, tx: Transaction): Promise<ItemFields | null> {
    const found = await this.items.findOne(key).session(tx).lean<ItemDocument>();
    return found && fromStored<ItemFields>(found);
  }

  async add(item: ItemFields, tx: Transaction): Promise<void> {
    await this.items.insertMany([toStored(item)], { session: tx });
  }

  /** Saves an item whose `version` was raised by one; CONFLICT as in `replaceVersion`. */
  update(item: ItemFields, tx: Transaction): Promise<void> {
    return replaceVersion(this.items, toStored(item), tx);
  }
}
