import {
  type Call,
  type Clock,
  type IdGenerator,
  inTransaction,
  isApiKeyId,
  type MongoConnection,
  ok,
  refuse,
  type Result,
  type Transaction,
} from '@shopgraph/kit';
import type { User } from '../accounts/user';
import type { UserStore } from '../accounts/user-store';
import type { ChangedApiKeys } from '../api-keys/changed-api-keys';
import type { AuditTrail } from '../audit/audit-trail';
import type { MailQueue } from '../mail/mail-queue';
import { hashToken, newToken, successorOf } from '../opaque-token';
import type { AccessTokens } from './access-tokens';
import type { RevokedSessions } from './revoked-sessions';
import { decideRefresh, isSessionLive, placeOf, type RefreshToken, type Session } from './session';
import type { SessionStore } from './session-store';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly revoked: RevokedSessions;
  readonly changedApiKeys: ChangedApiKeys;
  readonly accessTokens: AccessTokens;
  readonly audit: AuditTrail;
  readonly mails: MailQueue;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  /** How long a session lives after its last refresh, in seconds. */
  readonly refreshTokenSeconds: number;
}

/** What somebody who is signed in gets. */
export interface SignedIn {
  readonly user: User;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds until the refresh token expires. */
  readonly refreshTokenSeconds: number;
  /** Seconds until the access token expires. */
  readonly expiresIn: number;
}

export type RefreshProblem = { readonly kind: 'invalid-token' };

type Refreshed =
  | { readonly kind: 'refreshed'; readonly signedIn: SignedIn }
  | { readonly kind: 'ended'; readonly sessionIds: readonly string[] }
  | { readonly kind: 'invalid' };

/** Keeps people signed in, and signs them out. */
export class SessionService {
  constructor(private readonly deps: Dependencies) {}

  /**
   * Begins a session of a user whose identity is proven. A change of the user at the same time, which ends sessions,
   * either comes before, and `tx` starts again, or ends this one too.
   */
  async start(user: User, call: Call, tx: Transaction): Promise<SignedIn> {
    const { users, sessions, audit, clock, ids } = this.deps;
    const now = clock.now();
    const refreshToken = newToken();
    const id = ids.next('sess');
    const expiresAt = this.expiryFrom(now);
    const times = { createdAt: now, lastUsedAt: now, expiresAt, endedAt: null };
    const session: Session = { id, userId: user.id, ...times, ...placeOf(call) };
    await users.lock(user.id, tx);
    await sessions.add(session, tokenOf(refreshToken, session), tx);
    await audit.record({ action: 'session.started', actor: user.id, subject: id }, call, tx);
    return this.signedIn(user, session, refreshToken, tx);
  }

  /**
   * Trades a refresh token for the next one and a new access token. Simultaneous uses of one token get
   * the same successor. A token that was used before ends its session, for the thief and the victim, who is told.
   */
  async refresh(refreshToken: string, call: Call): Promise<Result<SignedIn, RefreshProblem>> {
    const refreshed = await inTransaction(this.deps.connection, (tx) => this.tryRefresh(refreshToken, call, tx));
    switch (refreshed.kind) {
      case 'refreshed':
        return ok(refreshed.signedIn);
      case 'ended':
        await this.deps.revoked.add(refreshed.sessionIds);
        return refuse({ kind: 'invalid-token' });
      case 'invalid':
        return refuse({ kind: 'invalid-token' });
    }
  }

  /** Ends one session of a user; ending it again, or ending somebody else's, changes nothing. */
  async end(sessionId: string, userId: string, call: Call): Promise<void> {
    const { connection, sessions, audit, revoked, clock } = this.deps;
    const isOwn = await inTransaction(connection, async (tx) => {
      const session = await sessions.byId(sessionId, tx);
      if (session?.userId !== userId) return false;
      if (await sessions.end(sessionId, clock.now(), tx)) {
        await audit.record({ action: 'session.ended', subject: sessionId }, call, tx);
      }
      return true;
    });
    // Also when it had ended: the first time, Redis may have been away.
    if (isOwn) await revoked.add([sessionId]);
  }

  /** Ends all sessions of a user. */
  async endAll(userId: string, call: Call): Promise<void> {
    await this.revoke(await inTransaction(this.deps.connection, (tx) => this.endAllWithin(userId, call, tx)));
  }

  /**
   * Ends all sessions of a user as part of a transaction: give what it answers to `revoke` after the commit. Call it
   * whenever somebody may do less than before: the gateway then asks again what their API keys may do.
   */
  endAllWithin(userId: string, call: Call, tx: Transaction): Promise<readonly string[]> {
    return this.endAllOfEachWithin([userId], call, tx);
  }

  /** Ends all sessions of these users, as `endAllWithin` does for one. */
  async endAllOfEachWithin(userIds: readonly string[], call: Call, tx: Transaction): Promise<readonly string[]> {
    const { sessions, changedApiKeys, clock } = this.deps;
    const ended = await sessions.endAllOf(userIds, clock.now(), tx);
    await this.recordEnds(ended, call, tx);
    return [...ended, ...(await changedApiKeys.idsOf(userIds, tx))];
  }

  /** Ends all sessions of a user but one, as part of a transaction; give what it answers to `revoke` after the commit. */
  async endOthersWithin(userId: string, keptId: string, call: Call, tx: Transaction): Promise<readonly string[]> {
    const { sessions, clock } = this.deps;
    const ended = await sessions.endOthersOf(userId, keptId, clock.now(), tx);
    await this.recordEnds(ended, call, tx);
    return ended;
  }

  /** Whether a session is this user's and has not ended. */
  async isLive(sessionId: string, userId: string, tx: Transaction): Promise<boolean> {
    const session = await this.deps.sessions.byId(sessionId, tx);
    return session?.userId === userId && isSessionLive(session, this.deps.clock.now());
  }

  /** Voids the access tokens of sessions that have ended, and what the gateway remembers of API keys. */
  async revoke(ids: readonly string[]): Promise<void> {
    const { revoked, changedApiKeys } = this.deps;
    await revoked.add(ids.filter((id) => !isApiKeyId(id)));
    await changedApiKeys.add(ids.filter(isApiKeyId));
  }

  private async recordEnds(ended: readonly string[], call: Call, tx: Transaction): Promise<void> {
    const entries = ended.map((subject) => ({ action: 'session.ended' as const, subject }));
    if (entries.length > 0) await this.deps.audit.recordAll(entries, call, tx);
  }

  private async tryRefresh(refreshToken: string, call: Call, tx: Transaction): Promise<Refreshed> {
    const { users, sessions, audit, clock } = this.deps;
    const now = clock.now();
    const token = await sessions.token(hashToken(refreshToken), tx);
    if (!token) return { kind: 'invalid' };
    const session = await sessions.byId(token.sessionId, tx);
    const decision = decideRefresh(token, session, now);
    if (!session || decision.kind === 'invalid') return { kind: 'invalid' };

    const user = await users.byId(session.userId, tx);
    if (decision.kind === 'stolen' || user?.status !== 'ACTIVE') {
      await sessions.end(session.id, now, tx);
      const action = decision.kind === 'stolen' ? 'session.refresh-token-reused' : 'session.ended';
      await audit.record({ action, subject: session.id }, call, tx);
      if (decision.kind === 'stolen' && user?.status === 'ACTIVE') await this.warn(user, call, tx);
      return { kind: 'ended', sessionIds: [session.id] };
    }

    const salt = decision.kind === 'repeat' ? decision.salt : newToken();
    const successor = successorOf(refreshToken, salt);
    const expiresAt = decision.kind === 'repeat' ? session.expiresAt : this.expiryFrom(now);
    const refreshed = { ...session, expiresAt };
    if (decision.kind === 'rotate') {
      await sessions.rotate(token, tokenOf(successor, refreshed), { at: now, salt }, placeOf(call), tx);
    }
    return { kind: 'refreshed', signedIn: await this.signedIn(user, refreshed, successor, tx) };
  }

  /** Tells a user that one of their refresh tokens was used twice, and from where the second time. */
  private async warn(user: User, call: Call, tx: Transaction): Promise<void> {
    const { mails, clock } = this.deps;
    const occasion = { at: clock.now(), ...placeOf(call), newAddress: null };
    await mails.promise({ letter: 'session-stolen', user, token: null, occasion }, tx);
  }

  private async signedIn(
    user: User,
    { id, expiresAt }: Pick<Session, 'id' | 'expiresAt'>,
    refreshToken: string,
    tx: Transaction,
  ): Promise<SignedIn> {
    const { accessTokens, clock } = this.deps;
    const accessToken = await accessTokens.issue(user, id, tx);
    const refreshTokenSeconds = Math.floor((expiresAt.getTime() - clock.now().getTime()) / 1_000);
    return { user, accessToken, expiresIn: accessTokens.lifeSeconds, refreshToken, refreshTokenSeconds };
  }

  private expiryFrom(now: Date): Date {
    return new Date(now.getTime() + this.deps.refreshTokenSeconds * 1_000);
  }
}

function tokenOf(refreshToken: string, { id, expiresAt }: Pick<Session, 'id' | 'expiresAt'>): RefreshToken {
  return { id: hashToken(refreshToken), sessionId: id, expiresAt, spent: null };
}
