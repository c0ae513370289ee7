import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Authenticator, publishedKeys } from '@shopgraph/gateway';
import { connectRedis, RedisWithFallback, systemClock } from '@shopgraph/kit';
import { pino } from 'pino';

const ISSUER = 'https://users.example';
const AUDIENCE = 'bench';
const KEY_ID = 'key_1';
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
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publisher = await publish(publicKey);
  const redis = await connectRedis(undefined);
  const logger = pino({ enabled: false });
  try {
    const authenticator = new Authenticator({
      issuer: ISSUER,
      audience: AUDIENCE,
      keys: publishedKeys({ url: publisher.url, cooldownMs: 1_000, clock: systemClock, logger }),
      redis: new RedisWithFallback(redis, logger),
      clock: systemClock,
    });
    const headers = Array.from({ length: TOKENS }, (_, index) => `Bearer ${tokenOf(index, privateKey)}`);
    await perSecond(authenticator, headers.slice(0, WARM_UP));
    const fresh = headers.slice(WARM_UP);
    const uncachedPerSecond = await perSecond(authenticator, fresh);
    const again = Array.from({ length: CACHED_ROUNDS }, () => fresh).flat();
    return { uncachedPerSecond, cachedPerSecond: await perSecond(authenticator, again) };
  } finally {
    redis.disconnect();
    await publisher.stop();
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

/** As the users subgraph makes them (RFC 7515, RFC 9068). */
function tokenOf(index: number, key: KeyObject): string {
  const iat = Math.floor(Date.now() / 1_000);
  const claims = { iss: ISSUER, aud: AUDIENCE, sub: `user_${index}`, sid: `sess_${index}`, permissions: [], iat };
  const parts = [
    { alg: 'ES256', typ: 'at+jwt', kid: KEY_ID },
    { ...claims, exp: iat + 900 },
  ];
  const content = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' });
  return `${content}.${signature.toString('base64url')}`;
}

async function publish(key: KeyObject) {
  const keys = [{ ...key.export({ format: 'jwk' }), kid: KEY_ID, alg: 'ES256', use: 'sig' }];
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
