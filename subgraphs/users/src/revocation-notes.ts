import type { Clock, RedisWithFallback } from '@shopgraph/kit';

interface Options {
  readonly redis: Pick<RedisWithFallback, 'run'>;
  readonly clock: Clock;
  /** What stands before the id in Redis. */
  readonly prefix: string;
  /** How long the gateway may go on believing what is no longer so, in seconds. */
  readonly seconds: number;
}

/**
 * Tells the gateway, through Redis, of what it must no longer believe although it could. While Redis is away it goes
 * on, for the time that a note would have lived; what is left of that is announced when Redis is back.
 */
export class RevocationNotes {
  /** By id, when in milliseconds since 1970 nothing is left to believe. */
  private readonly unannounced = new Map<string, number>();

  constructor(private readonly options: Options) {}

  /** Announces these ids; what Redis does not take is kept for `announce`. */
  async add(ids: readonly string[]): Promise<void> {
    const { clock, seconds } = this.options;
    const expiry = clock.now().getTime() + seconds * 1_000;
    for (const id of ids) this.unannounced.set(id, expiry);
    await this.announce();
  }

  /** Announces what Redis has not taken yet. */
  async announce(): Promise<void> {
    const { redis, clock, prefix } = this.options;
    const now = clock.now().getTime();
    const waiting = [...this.unannounced].map(([id, expiry]) => ({ id, remainingMs: expiry - now }));
    if (waiting.length === 0) return;
    const isAnnounced = await redis.run(
      async (connection) => {
        const notes = connection.multi();
        for (const { id, remainingMs } of waiting) {
          if (remainingMs > 0) notes.set(prefix + id, '1', 'PX', remainingMs);
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
