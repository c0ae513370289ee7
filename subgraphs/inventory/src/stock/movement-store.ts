import {
  type Connection,
  fromStored,
  type MongoConnection,
  type PageArgs,
  paginate,
  type Stored,
  toStored,
  type Transaction,
} from '@shopgraph/kit';
import { type Model, Schema } from 'mongoose';
import { MOVEMENT_REASONS, type StockMovement } from './movement';
import type { MovementTotals } from './reconciliation';

type MovementDocument = Stored<StockMovement>;

const movementSchema = new Schema<MovementDocument>(
  {
    _id: { type: String, required: true },
    levelId: { type: String, required: true },
    sku: { type: String, required: true },
    locationId: { type: String, required: true },
    onHandDelta: { type: Number, required: true },
    allocatedDelta: { type: Number, required: true },
    reservedDelta: { type: Number, required: true },
    reason: { type: String, required: true, enum: MOVEMENT_REASONS },
    reference: { type: String, default: null },
    actor: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'stockMovements', versionKey: false },
);
movementSchema.index({ sku: 1, at: -1, _id: 1 });
movementSchema.index({ actor: 1, at: -1 });

/** Movements in MongoDB: added, never changed. */
export class MovementStore {
  private readonly movements: Model<MovementDocument>;

  constructor(connection: MongoConnection) {
    this.movements = connection.model<MovementDocument>('StockMovement', movementSchema);
  }

  async add(movements: readonly StockMovement[], tx: Transaction): Promise<void> {
    await this.movements.insertMany(movements.map(toStored), { session: tx });
  }

  /** One page of the movements of a SKU, newest first. */
  async ofSku(sku: string, page: PageArgs): Promise<Connection<StockMovement>> {
    const { edges, pageInfo } = await paginate(this.movements, { filter: { sku }, sort: { at: -1 }, page });
    return { edges: edges.map(({ cursor, node }) => ({ cursor, node: fromStored<StockMovement>(node) })), pageInfo };
  }

  /** All movements that somebody has made, newest first. */
  async byActor(actor: string): Promise<StockMovement[]> {
    const found = await this.movements.find({ actor }).sort({ at: -1 }).lean<MovementDocument[]>();
    return found.map(fromStored<StockMovement>);
  }

  /** What the movements of a SKU add up to, for each of its levels that has any. */
  async totalsOf(sku: string, tx: Transaction): Promise<MovementTotals[]> {
    const totals = {
      _id: '$levelId',
      onHand: { $sum: '$onHandDelta' },
      allocated: { $sum: '$allocatedDelta' },
      reserved: { $sum: '$reservedDelta' },
    };
    const found = await this.movements
      .aggregate<Omit<MovementTotals, 'levelId'> & { _id: string }>([{ $match: { sku } }, { $group: totals }])
      .session(tx);
    return found.map(({ _id, ...sums }) => ({ levelId: _id, ...sums }));
  }
}
