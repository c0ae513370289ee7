import { Authenticator, publishedKeys } from '@shopgraph/gateway';
import { connectRedis, RedisWithFallback, systemClock } from '@shopgraph/kit';
import { pino } from 'pino';
import { startIssuer } from './token-issuer';

const TOKENS = 6_000;
/** So many that a third of them warms up. */
const WARM_UP = TOKENS / 3;
/** Requests under way at once. */
const AT_ONCE = 50;
const CACHED_ROUNDS = 15;

/** Access tokens per second of one core's time, whose signatures are checked, or which are known already. */
export interface TokenMeasurement {
  readonly uncachedPerSecond: number;
  readonly cachedPerSecond: number;
}

/** Has the gateway's authenticator look at different access tokens, and then at the same ones again. */
export async function benchTokens(): Promise<TokenMeasurement> {
  const issuer = await startIssuer();
  const redis = await connectRedis(undefined);
  const logger = pino({ enabled: false });
  try {
    const authenticator = new Authenticator({
      issuer: issuer.name,
      audience: issuer.audience,
      keys: publishedKeys({ url: issuer.jwksUrl, cooldownMs: 1_000, clock: systemClock, logger }),
      redis: new RedisWithFallback(redis, logger),
      clock: systemClock,
    });
    const headers = Array.from({ length: TOKENS }, (_, index) => `Bearer ${issuer.tokenOf(index)}`);
    await perSecond(authenticator, headers.slice(0, WARM_UP));
    const fresh = headers.slice(WARM_UP);
    const uncachedPerSecond = await perSecond(authenticator, fresh);
    const again = Array.from({ length: CACHED_ROUNDS }, () => fresh).flat();
    return { uncachedPerSecond, cachedPerSecond: await perSecond(authenticator, again) };
  } finally {
    redis.disconnect();
    await issuer.stop();
  }
}

/** In time of the processor, all threads together: what one core could do if it did nothing else. */
async function perSecond(authenticator: Authenticator, headers: readonly string[]): Promise<number> {
  const before = process.cpuUsage();
  let next = 0;
  const client = async (): Promise<void> => {
    for (let header = headers[next++]; header !== undefined; header = headers[next++]) {
      const viewer = await authenticator.viewerOf(header);
      if (viewer.kind !== 'user') throw new Error('a token was not believed');
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  const { user, system } = process.cpuUsage(before);
  return headers.length / ((user + system) / 1_000_000);
}
