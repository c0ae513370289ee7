import {
  type Connection,
  fromStored,
  type MongoConnection,
  type PageArgs,
  paginate,
  type Permission,
  PERMISSIONS,
  replaceVersion,
  type Stored,
  toStored,
  type Transaction,
  trusted,
} from '@shopgraph/kit';
import { type Model, Schema } from 'mongoose';
import type { ApiKey, KeptSecret, KeyManager } from './api-key';

/** The name of keys whose owner was erased. */
const ERASED = 'Erased';

type ApiKeyDocument = Stored<ApiKey>;

const secretSchema = new Schema<KeptSecret>(
  {
    hash: { type: String, required: true },
    sealed: { type: String, default: null },
    expiresAt: { type: Date, default: null },
  },
  { _id: false },
);

const apiKeySchema = new Schema<ApiKeyDocument>(
  {
    _id: { type: String, required: true },
    ownerId: { type: String, required: true, index: true },
    name: { type: String, required: true },
    scopes: { type: [String], required: true },
    allowedIps: { type: [String], required: true },
    allowSignature: { type: Boolean, required: true },
    requireSignature: { type: Boolean, required: true },
    hint: { type: String, required: true },
    secrets: { type: [secretSchema], required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, default: null },
    revokedAt: { type: Date, default: null },
    lastUsedAt: { type: Date, default: null },
    lastUsedIp: { type: String, default: null },
    version: { type: Number, required: true },
  },
  { collection: 'apiKeys', versionKey: false },
);
apiKeySchema.index({ createdAt: -1, _id: 1 });

/** API keys in MongoDB, also those that have ended: what they did stays in the records under their ids. */
export class ApiKeyStore {
  private readonly keys: Model<ApiKeyDocument>;

  constructor(connection: MongoConnection) {
    this.keys = connection.model<ApiKeyDocument>('ApiKey', apiKeySchema);
  }

  /** As it is now, whichever member answers other reads. */
  async byId(id: string, tx?: Transaction): Promise<ApiKey | null> {
    const found = await this.keys
      .findById(id)
      .session(tx ?? null)
      .read('primary')
      .lean<ApiKeyDocument>();
    return found && fromStored<ApiKey>(found);
  }

  /** A page of the keys that somebody may manage, the newest first. */
  async pageFor({ id, permissions }: KeyManager, page: PageArgs): Promise<Connection<ApiKey>> {
    const beyond = (Object.keys(PERMISSIONS) as Permission[]).filter((permission) => !permissions.includes(permission));
    const filter = { $or: [{ ownerId: id }, { scopes: trusted({ $nin: beyond }) }] };
    const { edges, pageInfo } = await paginate(this.keys, { filter, sort: { createdAt: -1 }, page });
    return { edges: edges.map(({ cursor, node }) => ({ cursor, node: fromStored<ApiKey>(node) })), pageInfo };
  }

  /** The ids of the keys of these users that were not revoked. */
  async idsInUseOf(ownerIds: readonly string[], tx: Transaction): Promise<string[]> {
    const found = await this.keys
      .find({ ownerId: trusted({ $in: ownerIds }), revokedAt: null }, { _id: 1 })
      .session(tx)
      .lean<Pick<ApiKeyDocument, '_id'>[]>();
    return found.map(({ _id }) => _id);
  }

  /** The keys of a user, the oldest first. */
  async allOf(ownerId: string): Promise<ApiKey[]> {
    const found = await this.keys.find({ ownerId }).sort({ _id: 1 }).lean<ApiKeyDocument[]>();
    return found.map(fromStored<ApiKey>);
  }

  /** Ends the keys of a user and forgets what could be personal of them; answers their ids. */
  async eraseAllOf(ownerId: string, at: Date, tx: Transaction): Promise<string[]> {
    const found = await this.keys.find({ ownerId }, { _id: 1 }).session(tx).lean<Pick<ApiKeyDocument, '_id'>[]>();
    await this.keys.updateMany({ ownerId, revokedAt: null }, { $set: { revokedAt: at } }, { session: tx });
    const erased = { name: ERASED, secrets: [], allowedIps: [], lastUsedIp: null };
    await this.keys.updateMany({ ownerId }, { $set: erased, $inc: { version: 1 } }, { session: tx });
    return found.map(({ _id }) => _id);
  }

  async add(key: ApiKey, tx: Transaction): Promise<void> {
    await this.keys.insertMany([toStored(key)], { session: tx });
  }

  /** Saves a key whose `version` was raised by one; CONFLICT as in `replaceVersion`. */
  update(key: ApiKey, tx: Transaction): Promise<void> {
    return replaceVersion(this.keys, toStored(key), tx);
  }

  /** Notes a use, unless one was noted since `threshold`; the version stays. */
  async noteUse(id: string, use: { readonly at: Date; readonly ip: string }, threshold: Date): Promise<void> {
    const isDue = [{ lastUsedAt: null }, { lastUsedAt: trusted({ $lte: threshold }) }];
    await this.keys.updateOne({ _id: id, $or: isDue }, { $set: { lastUsedAt: use.at, lastUsedIp: use.ip } });
  }
}
