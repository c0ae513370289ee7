import { fromStored, type MongoConnection, type Stored, toStored, type Transaction } from '@shopgraph/kit';
import { type Model, Schema } from 'mongoose';
import type { OneTimeToken } from './one-time-token';

type TokenDocument = Stored<OneTimeToken>;

function tokenSchema(collection: string): Schema<TokenDocument> {
  return new Schema<TokenDocument>(
    {
      _id: { type: String, required: true },
      tokenHash: { type: String, required: true, unique: true },
      about: { type: String, default: null },
      createdAt: { type: Date, required: true },
      expiresAt: { type: Date, required: true, expires: 0 },
    },
    { collection, versionKey: false },
  );
}

/** The tokens for one purpose in MongoDB: one of a user at the most; they are forgotten when they expire. */
export class OneTimeTokenStore {
  private readonly tokens: Model<TokenDocument>;

  /** @param purpose Names the model, such as `PasswordReset`. */
  constructor(connection: MongoConnection, purpose: string, collection: string) {
    this.tokens = connection.model<TokenDocument>(purpose, tokenSchema(collection));
  }

  /** Keeps a token in the place of the user's present one, if there is one, which is void then. */
  async replace(token: OneTimeToken, tx: Transaction): Promise<void> {
    await this.tokens.replaceOne({ _id: token.id }, toStored(token), { upsert: true, session: tx });
  }

  async byTokenHash(tokenHash: string, tx?: Transaction): Promise<OneTimeToken | null> {
    const found = await this.tokens
      .findOne({ tokenHash })
      .session(tx ?? null)
      .lean<TokenDocument>();
    return found && fromStored<OneTimeToken>(found);
  }

  async byUserId(userId: string): Promise<OneTimeToken | null> {
    const found = await this.tokens.findById(userId).lean<TokenDocument>();
    return found && fromStored<OneTimeToken>(found);
  }

  /** Voids the user's token, if there is one. */
  async remove(userId: string, tx: Transaction): Promise<void> {
    await this.tokens.deleteOne({ _id: userId }, { session: tx });
  }
}
