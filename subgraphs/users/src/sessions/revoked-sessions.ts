import type { Clock, RedisWithFallback } from '@shopgraph/kit';

interface Options {
  readonly redis: Pick<RedisWithFallback, 'run'>;
  readonly clock: Clock;
  /** How long the last access token of a session can live on, in seconds. */
  readonly accessTokenSeconds: number;
}

/**
 * Tells the gateway, through Redis, which sessions ended before their access tokens did. While Redis is
 * away those tokens stay good, for the minutes that they live; nothing renews them, because the sessions
 * have ended in the database.
 */
export class RevokedSessions {
  /** By session id, when in milliseconds since 1970 its last access token has expired. */
  private readonly unannounced = new Map<string, number>();

  constructor(private readonly options: Options) {}

  /** Announces that access tokens of these sessions are void; what Redis does not take is kept for `announce`. */
  async add(sessionIds: readonly string[]): Promise<void> {
    const { clock, accessTokenSeconds } = this.options;
    const expiry = clock.now().getTime() + accessTokenSeconds * 1_000;
    for (const id of sessionIds) this.unannounced.set(id, expiry);
    await this.announce();
  }

  /** Announces what Redis has not taken yet. */
  async announce(): Promise<void> {
    const now = this.options.clock.now().getTime();
    const waiting = [...this.unannounced].map(([id, expiry]) => ({ id, remainingMs: expiry - now }));
    if (waiting.length === 0) return;
    const isAnnounced = await this.options.redis.run(
      async (redis) => {
        const notes = redis.multi();
        for (const { id, remainingMs } of waiting) {
          if (remainingMs > 0) notes.set(`session:revoked:${id}`, '1', 'PX', remainingMs);
        }
        await notes.exec();
        return true;
      },
      () => false,
    );
    for (const { id, remainingMs } of waiting) {
      if (isAnnounced || remainingMs <= 0) this.unannounced.delete(id);
    }
  }
}
