import type { Clock, RedisWithFallback } from '@shopgraph/kit';
import { RevocationNotes } from '../revocation-notes';
import type { SessionStore } from './session-store';

const PREFIX = 'session:revoked:';
/** Stands in Redis for as long as Redis remembers everything that it was told. */
const COMPLETE = 'sessions-revoked:complete';
/** Gateways believe an access token for some seconds longer, and their clocks may be late. */
const MARGIN_SECONDS = 60;

interface Options {
  readonly redis: Pick<RedisWithFallback, 'run'>;
  readonly clock: Clock;
  readonly sessions: Pick<SessionStore, 'endedSince'>;
  /** How long the last access token of a session can live on, in seconds. */
  readonly accessTokenSeconds: number;
}

/**
 * Tells the gateway which sessions ended before their access tokens did. While Redis is away those tokens stay good,
 * for the minutes that they live; nothing renews them, because the sessions have ended in the database. When Redis
 * has lost its memory it is told again.
 */
export class RevokedSessions extends RevocationNotes {
  private readonly seconds: number;
  /** What an earlier process has not announced before it died, this one does. */
  private isComplete = false;

  constructor(private readonly own: Options) {
    const seconds = own.accessTokenSeconds + MARGIN_SECONDS;
    super({ redis: own.redis, clock: own.clock, prefix: PREFIX, seconds });
    this.seconds = seconds;
  }

  /** Announces what Redis has not taken yet, and everything that still matters when Redis has lost its memory. */
  async keepAnnounced(): Promise<void> {
    await this.announce();
    const remembers = await this.own.redis.run<boolean | null>(
      async (connection) => (await connection.exists(COMPLETE)) === 1,
      () => null,
    );
    if (remembers === null || (remembers && this.isComplete)) return;
    this.isComplete = await this.announceAll();
  }

  private async announceAll(): Promise<boolean> {
    const { redis, clock, sessions } = this.own;
    const lifeMs = this.seconds * 1_000;
    const ended = await sessions.endedSince(new Date(clock.now().getTime() - lifeMs));
    return redis.run(
      async (connection) => {
        const notes = connection.multi();
        for (const { id, endedAt } of ended) {
          const remainingMs = endedAt.getTime() + lifeMs - clock.now().getTime();
          if (remainingMs > 0) notes.set(PREFIX + id, '1', 'PX', remainingMs);
        }
        notes.set(COMPLETE, '1');
        await notes.exec();
        return true;
      },
      () => false,
    );
  }
}
