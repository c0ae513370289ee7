import type { RedisWithFallback } from '@shopgraph/kit';

/** Tells the gateway which sessions ended before their access tokens did. */
export class RevokedSessions {
  constructor(
    private readonly redis: Pick<RedisWithFallback, 'run'>,
    private readonly accessTokenSeconds: number,
  ) {}

  /**
   * Notes that access tokens of these sessions are void. While Redis is away they stay good until they
   * expire: the sessions themselves have ended in the database, so nothing renews them.
   */
  async add(sessionIds: readonly string[]): Promise<void> {
    if (sessionIds.length === 0) return;
    await this.redis.run(
      async (redis) => {
        const notes = redis.multi();
        for (const id of sessionIds) notes.set(`session:revoked:${id}`, '1', 'EX', this.accessTokenSeconds);
        await notes.exec();
      },
      () => undefined,
    );
  }
}
