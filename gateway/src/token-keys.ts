import type { Clock } from '@shopgraph/kit';
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import type { Logger } from 'pino';

/** After so long keys that were withdrawn are no longer believed. */
const MAX_AGE_MS = 5 * 60_000;

const FETCH_TIMEOUT_MS = 3_000;

interface TokenKeysOptions {
  readonly url: string;
  /** Milliseconds between two look-ups for the sake of an unknown key. */
  readonly cooldownMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The keys that are published at a URL (RFC 7517). A token that names an unknown key has them fetched again, but
 * not more often than the cooldown allows. They are renewed while requests go on, and when the publisher is away
 * for a while the ones at hand stay good.
 */
export function publishedKeys({ url, cooldownMs, clock, logger }: TokenKeysOptions): JWTVerifyGetKey {
  const published = createRemoteJWKSet(new URL(url), {
    cooldownDuration: cooldownMs,
    timeoutDuration: FETCH_TIMEOUT_MS,
    // Renewed below, without making requests wait.
    cacheMaxAge: Infinity,
  });
  let renewedAt = clock.now().getTime();

  async function renew(): Promise<void> {
    try {
      await published.reload();
    } catch (err) {
      logger.error({ err }, 'the keys of access tokens cannot be fetched: going on with those at hand');
    }
  }

  return async (header, token) => {
    const now = clock.now().getTime();
    if (now - renewedAt > MAX_AGE_MS) {
      renewedAt = now;
      void renew();
    }
    return published(header, token);
  };
}
