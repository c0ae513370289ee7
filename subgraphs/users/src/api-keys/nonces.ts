import { type Clock, NonceMemory, type RedisWithFallback } from '@shopgraph/kit';
import { MAX_SKEW_SECONDS } from './request-signature';

/** A request is good from one skew before its timestamp to the end of the second that is one after it. */
const WINDOW_MS = (2 * MAX_SKEW_SECONDS + 1) * 1_000;

/**
 * Remembers the nonces of signed requests: in Redis, where all processes see them, and in this one, which goes on
 * alone while Redis is away and forgets nothing when it comes back empty.
 */
export class Nonces {
  private readonly local: NonceMemory;

  constructor(
    private readonly redis: Pick<RedisWithFallback, 'run'>,
    clock: Clock,
  ) {
    this.local = new NonceMemory(WINDOW_MS, clock);
  }

  /** False when a request with this key had the nonce before. Call it for requests whose signature is right. */
  async remember(keyId: string, nonce: string): Promise<boolean> {
    const name = `${keyId}:${nonce}`;
    if (!this.local.remember(name)) return false;
    return this.redis.run(
      async (redis) => (await redis.set(`apikey:nonce:${name}`, '1', 'PX', WINDOW_MS, 'NX')) === 'OK',
      () => true,
    );
  }
}
