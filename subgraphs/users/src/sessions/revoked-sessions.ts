import type { Clock, RedisWithFallback } from '@shopgraph/kit';
import { RevocationNotes } from '../revocation-notes';

interface Options {
  readonly redis: Pick<RedisWithFallback, 'run'>;
  readonly clock: Clock;
  /** How long the last access token of a session can live on, in seconds. */
  readonly accessTokenSeconds: number;
}

/**
 * Tells the gateway which sessions ended before their access tokens did. While Redis is away those tokens stay good,
 * for the minutes that they live; nothing renews them, because the sessions have ended in the database.
 */
export class RevokedSessions extends RevocationNotes {
  constructor({ redis, clock, accessTokenSeconds }: Options) {
    super({ redis, clock, prefix: 'session:revoked:', seconds: accessTokenSeconds });
  }
}
