import { fromStored, type MongoConnection, type Stored, toStored, type Transaction, trusted } from '@shopgraph/kit';
import { type Model, type QueryFilter, Schema } from 'mongoose';
import type { RefreshToken, Session, SessionPlace } from './session';

const LISTED_PER_USER = 100;

type SessionDocument = Stored<Session>;
type TokenDocument = Stored<RefreshToken>;

const sessionSchema = new Schema<SessionDocument>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    createdAt: { type: Date, required: true },
    lastUsedAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true, expires: 0 },
    endedAt: { type: Date, default: null, index: true },
    ip: { type: String, default: null },
    userAgent: { type: String, default: null },
  },
  { collection: 'sessions', versionKey: false },
);
sessionSchema.index({ userId: 1, endedAt: 1, lastUsedAt: -1 });

const spentSchema = new Schema<NonNullable<RefreshToken['spent']>>(
  { at: { type: Date, required: true }, salt: { type: String, required: true } },
  { _id: false },
);

const tokenSchema = new Schema<TokenDocument>(
  {
    _id: { type: String, required: true },
    sessionId: { type: String, required: true, index: true },
    expiresAt: { type: Date, required: true, expires: 0 },
    spent: { type: spentSchema, default: null },
  },
  { collection: 'refreshTokens', versionKey: false },
);

/** Sessions and their refresh tokens in MongoDB, which forgets both when they expire. */
export class SessionStore {
  private readonly sessions: Model<SessionDocument>;
  private readonly tokens: Model<TokenDocument>;

  constructor(connection: MongoConnection) {
    this.sessions = connection.model<SessionDocument>('Session', sessionSchema);
    this.tokens = connection.model<TokenDocument>('RefreshToken', tokenSchema);
  }

  async add(session: Session, token: RefreshToken, tx: Transaction): Promise<void> {
    await this.sessions.insertMany([toStored(session)], { session: tx });
    await this.tokens.insertMany([toStored(token)], { session: tx });
  }

  async byId(id: string, tx: Transaction): Promise<Session | null> {
    const found = await this.sessions.findById(id).session(tx).lean<SessionDocument>();
    return found && sessionOf(found);
  }

  async token(hash: string, tx: Transaction): Promise<RefreshToken | null> {
    const found = await this.tokens.findById(hash).session(tx).lean<TokenDocument>();
    return found && fromStored<RefreshToken>(found);
  }

  /** The live sessions of these users, last used first; at the most 100 for each user, on average. */
  async liveOf(userIds: readonly string[], now: Date): Promise<Session[]> {
    const found = await this.sessions
      .find({ userId: trusted({ $in: userIds }), endedAt: null, expiresAt: trusted({ $gt: now }) })
      .sort({ lastUsedAt: -1, _id: 1 })
      .limit(LISTED_PER_USER * userIds.length)
      .lean<SessionDocument[]>();
    return found.map(sessionOf);
  }

  /** All sessions of a user that are still known of, also those that have ended; oldest first. */
  async allOf(userId: string): Promise<Session[]> {
    const found = await this.sessions.find({ userId }).sort({ createdAt: 1 }).lean<SessionDocument[]>();
    return found.map(sessionOf);
  }

  /** Forgets all sessions of a user, and their tokens; answers their ids. */
  async removeAllOf(userId: string, tx: Transaction): Promise<string[]> {
    const found = await this.sessions.find({ userId }, { _id: 1 }).session(tx).lean<Pick<SessionDocument, '_id'>[]>();
    const ids = found.map(({ _id }) => _id);
    await this.tokens.deleteMany({ sessionId: trusted({ $in: ids }) }, { session: tx });
    await this.sessions.deleteMany({ userId }, { session: tx });
    return ids;
  }

  /** Which sessions were ended after `since`, and when. */
  async endedSince(since: Date): Promise<{ readonly id: string; readonly endedAt: Date }[]> {
    const found = await this.sessions
      .find({ endedAt: trusted({ $gt: since }) }, { _id: 1, endedAt: 1 })
      .lean<{ _id: string; endedAt: Date }[]>();
    return found.map(({ _id, endedAt }) => ({ id: _id, endedAt }));
  }

  /** Spends a token, which touches its session from a place, and adds its successor. */
  async rotate(
    { id, sessionId }: RefreshToken,
    successor: RefreshToken,
    spent: NonNullable<RefreshToken['spent']>,
    place: SessionPlace,
    tx: Transaction,
  ): Promise<void> {
    await this.tokens.updateOne({ _id: id, spent: null }, { $set: { spent } }, { session: tx });
    await this.tokens.insertMany([toStored(successor)], { session: tx });
    const use = { lastUsedAt: spent.at, expiresAt: successor.expiresAt, ...place };
    await this.sessions.updateOne({ _id: sessionId }, { $set: use }, { session: tx });
  }

  /** Ends a session; false when it had ended or never was. */
  async end(id: string, at: Date, tx: Transaction): Promise<boolean> {
    const change = { $set: { endedAt: at } };
    const { modifiedCount } = await this.sessions.updateOne({ _id: id, endedAt: null }, change, {
      session: tx,
    });
    return modifiedCount === 1;
  }

  /** Ends all sessions of these users; answers the ids of those that had not ended. */
  endAllOf(userIds: readonly string[], at: Date, tx: Transaction): Promise<string[]> {
    return this.endThose({ userId: trusted({ $in: userIds }), endedAt: null }, at, tx);
  }

  /** Ends all sessions of a user but one; answers the ids of those that had not ended. */
  endOthersOf(userId: string, keptId: string, at: Date, tx: Transaction): Promise<string[]> {
    return this.endThose({ userId, endedAt: null, _id: trusted({ $ne: keptId }) }, at, tx);
  }

  private async endThose(ofThem: QueryFilter<SessionDocument>, at: Date, tx: Transaction): Promise<string[]> {
    const live = await this.sessions.find(ofThem, { _id: 1 }).session(tx).lean<Pick<SessionDocument, '_id'>[]>();
    await this.sessions.updateMany(ofThem, { $set: { endedAt: at } }, { session: tx });
    return live.map(({ _id }) => _id);
  }
}

/** Sessions that began before it was noted where have no place. */
function sessionOf(document: SessionDocument): Session {
  return { ...fromStored<Session>(document), ip: document.ip ?? null, userAgent: document.userAgent ?? null };
}
