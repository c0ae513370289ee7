import {
  afterCommit,
  type Call,
  type Clock,
  type IdGenerator,
  inTransaction,
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
    const signedIn = await inTransaction(this.deps.connection, (tx) => this.tryRefresh(refreshToken, call, tx));
    return signedIn ? ok(signedIn) : refuse({ kind: 'invalid-token' });
  }

  /**
   * Ends one session, whose access tokens are void at once; ending it again changes nothing.
   * @param mayEnd Whether it may be ended by whoever makes the call.
   * @returns The session as it was; null for one that is unknown or may not be ended.
   */
  end(
    sessionId: string,
    mayEnd: (session: Session, tx: Transaction) => boolean | Promise<boolean>,
    call: Call,
  ): Promise<Session | null> {
    const { connection, sessions, audit, clock } = this.deps;
    return inTransaction(connection, async (tx) => {
      const session = await sessions.byId(sessionId, tx);
      if (!session || !(await mayEnd(session, tx))) return null;
      if (await sessions.end(sessionId, clock.now(), tx)) {
        await audit.record({ action: 'session.ended', subject: sessionId }, call, tx);
      }
      // Also when it had ended: the first time, Redis may have been away.
      this.voidTokensOf([sessionId], tx);
      return session;
    });
  }

  /** Ends all sessions of a user. */
  async endAll(userId: string, call: Call): Promise<void> {
    await inTransaction(this.deps.connection, (tx) => this.endAllWithin([userId], call, tx));
  }

  /**
   * Ends all sessions of these users as part of a transaction. Call it whenever somebody may do less than before: the
   * gateway then asks again what their API keys may do.
   */
  async endAllWithin(userIds: readonly string[], call: Call, tx: Transaction): Promise<void> {
    const { sessions, changedApiKeys, clock } = this.deps;
    await this.noteEnds(await sessions.endAllOf(userIds, clock.now(), tx), call, tx);
    const keyIds = await changedApiKeys.idsOf(userIds, tx);
    afterCommit(tx, () => changedApiKeys.add(keyIds));
  }

  /** Ends all sessions of a user but one, as part of a transaction. */
  async endOthersWithin(userId: string, keptId: string, call: Call, tx: Transaction): Promise<void> {
    const { sessions, clock } = this.deps;
    await this.noteEnds(await sessions.endOthersOf(userId, keptId, clock.now(), tx), call, tx);
  }

  /** Whether a session is this user's and has not ended. */
  async isLive(sessionId: string, userId: string, tx: Transaction): Promise<boolean> {
    const session = await this.deps.sessions.byId(sessionId, tx);
    return session?.userId === userId && isSessionLive(session, this.deps.clock.now());
  }

  private async noteEnds(ended: readonly string[], call: Call, tx: Transaction): Promise<void> {
    if (ended.length === 0) return;
    const entries = ended.map((subject) => ({ action: 'session.ended' as const, subject }));
    await this.deps.audit.recordAll(entries, call, tx);
    this.voidTokensOf(ended, tx);
  }

  /** Voids the access tokens of sessions that have ended, once that is committed. */
  private voidTokensOf(sessionIds: readonly string[], tx: Transaction): void {
    afterCommit(tx, () => this.deps.revoked.add(sessionIds));
  }

  /** Null for a token that is worth nothing, or has just ended its session. */
  private async tryRefresh(refreshToken: string, call: Call, tx: Transaction): Promise<SignedIn | null> {
    const { users, sessions, audit, clock } = this.deps;
    const now = clock.now();
    const token = await sessions.token(hashToken(refreshToken), tx);
    if (!token) return null;
    const session = await sessions.byId(token.sessionId, tx);
    const decision = decideRefresh(token, session, now);
    if (!session || decision.kind === 'invalid') return null;

    const user = await users.byId(session.userId, tx);
    if (decision.kind === 'stolen' || user?.status !== 'ACTIVE') {
      await sessions.end(session.id, now, tx);
      const action = decision.kind === 'stolen' ? 'session.refresh-token-reused' : 'session.ended';
      await audit.record({ action, subject: session.id }, call, tx);
      if (decision.kind === 'stolen' && user?.status === 'ACTIVE') await this.warn(user, call, tx);
      this.voidTokensOf([session.id], tx);
      return null;
    }

    const salt = decision.kind === 'repeat' ? decision.salt : newToken();
    const successor = successorOf(refreshToken, salt);
    const expiresAt = decision.kind === 'repeat' ? session.expiresAt : this.expiryFrom(now);
    const refreshed = { ...session, expiresAt };
    if (decision.kind === 'rotate') {
      await sessions.rotate(token, tokenOf(successor, refreshed), { at: now, salt }, placeOf(call), tx);
    }
    return this.signedIn(user, refreshed, successor, tx);
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
