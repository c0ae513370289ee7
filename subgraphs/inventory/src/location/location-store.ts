import {
  type Connection,
  DomainError,
  fromStored,
  isDuplicateKey,
  type MongoConnection,
  type PageArgs,
  paginate,
  replaceVersion,
  type Stored,
  toStored,
  type Transaction,
  trusted,
} from '@shopgraph/kit';
import { type Model, Schema } from 'mongoose';
import { DEFAULT_LOCATION, type StockLocation } from './location';

type LocationDocument = Stored<StockLocation>;

const locationSchema = new Schema<LocationDocument>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true, unique: true },
    countries: { type: [String], required: true },
    version: { type: Number, required: true },
  },
  { collection: 'stockLocations', versionKey: false },
);
locationSchema.index({ name: 1, _id: 1 });

/** Locations in MongoDB. */
export class LocationStore {
  private readonly locations: Model<LocationDocument>;

  constructor(connection: MongoConnection) {
    this.locations = connection.model<LocationDocument>('StockLocation', locationSchema);
  }

  /** Adds the default location unless it is there; what was changed about it stays. */
  async ensureDefault(): Promise<void> {
    const { _id, ...fields } = toStored(DEFAULT_LOCATION);
    try {
      await this.locations.updateOne({ _id }, { $setOnInsert: fields }, { upsert: true });
    } catch (error) {
      // Another replica that starts at the same time was faster.
      if (!isDuplicateKey(error)) throw error;
    }
  }

  /** The locations with these ids, in one query and any order. */
  async byIds(ids: readonly string[], tx?: Transaction): Promise<StockLocation[]> {
    const found = await this.locations
      .find({ _id: trusted({ $in: ids }) })
      .session(tx ?? null)
      .lean<LocationDocument[]>();
    return found.map(fromStored<StockLocation>);
  }

  /** The location with this name, null when there is none. */
  async byName(name: string, tx: Transaction): Promise<StockLocation | null> {
    const found = await this.locations.findOne({ name }).session(tx).lean<LocationDocument>();
    return found && fromStored<StockLocation>(found);
  }

  /** One page of all locations, by name. */
  async page(page: PageArgs): Promise<Connection<StockLocation>> {
    const { edges, pageInfo } = await paginate(this.locations, { filter: {}, sort: { name: 1 }, page });
    return { edges: edges.map(({ cursor, node }) => ({ cursor, node: fromStored<StockLocation>(node) })), pageInfo };
  }

  /** Adds a location; CONFLICT when its id or name was taken meanwhile. */
  async add(location: StockLocation, tx: Transaction): Promise<void> {
    await conflictWhenTaken(this.locations.insertMany([toStored(location)], { session: tx }));
  }

  /** Saves a location whose `version` was raised by one; CONFLICT as in `replaceVersion`, or when its name was taken. */
  async update(location: StockLocation, tx: Transaction): Promise<void> {
    await conflictWhenTaken(replaceVersion(this.locations, toStored(location), tx));
  }
}

async function conflictWhenTaken(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (cause) {
    if (isDuplicateKey(cause)) throw new DomainError('CONFLICT', { cause });
    throw cause;
  }
}
