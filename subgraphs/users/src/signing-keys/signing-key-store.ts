import { fromStored, type MongoConnection, type Stored, toStored, type Transaction, trusted } from '@shopgraph/kit';
import { type Model, Schema } from 'mongoose';
import type { KeyTerms } from './signing-key';

/** A key pair as it is kept. */
export interface StoredKey extends KeyTerms {
  /** The `kid` of tokens. */
  readonly id: string;
  /** A JWK in JSON. */
  readonly publicKey: string;
  /** A JWK in JSON, in a `SecretBox`. */
  readonly sealedPrivateKey: string;
}

type KeyDocument = Stored<StoredKey>;

const keySchema = new Schema<KeyDocument>(
  {
    _id: { type: String, required: true },
    sequence: { type: Number, required: true, unique: true },
    signsFrom: { type: Date, required: true },
    publicKey: { type: String, required: true },
    sealedPrivateKey: { type: String, required: true },
  },
  { collection: 'signingKeys', versionKey: false },
);

/** Signing keys in MongoDB, where every replica finds the same ones. */
export class SigningKeyStore {
  private readonly keys: Model<KeyDocument>;

  constructor(connection: MongoConnection) {
    this.keys = connection.model<KeyDocument>('SigningKey', keySchema);
  }

  /** The few that there are, oldest first. */
  async all(): Promise<StoredKey[]> {
    const found = await this.keys
      .find({ sequence: trusted({ $gte: 1 }) })
      .sort({ sequence: 1 })
      .lean<KeyDocument[]>();
    return found.map(fromStored<StoredKey>);
  }

  /** Adds a key. Rejects with MongoDB's duplicate key error when another replica has added one of this sequence. */
  async add(key: StoredKey, tx: Transaction): Promise<void> {
    await this.keys.insertMany([toStored(key)], { session: tx });
  }

  /** Forgets the keys before `sequence`. */
  async removeBefore(sequence: number, tx: Transaction): Promise<void> {
    await this.keys.deleteMany({ sequence: trusted({ $lt: sequence }) }, { session: tx });
  }
}
