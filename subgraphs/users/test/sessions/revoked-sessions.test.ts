import { type Redis, RedisWithFallback } from '@shopgraph/kit';
import { eventually, FakeClock, startTestRedis } from '@shopgraph/kit/testing';
import { pino } from 'pino';
import { RevokedSessions } from '../../src/sessions/revoked-sessions';

let redis: Redis;
let clock: FakeClock;
let revoked: RevokedSessions;
beforeEach(async () => {
  redis = await startTestRedis();
  clock = new FakeClock();
  const withFallback = new RedisWithFallback(redis, pino({ level: 'silent' }));
  revoked = new RevokedSessions({ redis: withFallback, clock, accessTokenSeconds: 900 });
});
afterEach(() => redis.disconnect());

/** Redis goes away, and stays away until it is connected again. */
async function disconnect(): Promise<void> {
  redis.disconnect();
  await eventually(() => expect(redis.ping()).rejects.toThrow());
}

const ttlOf = (id: string) => redis.ttl(`session:revoked:${id}`);

describe('a session that ended', () => {
  it('is known to be revoked for as long as its access tokens live', async () => {
    await revoked.add(['sess_1', 'sess_2']);
    for (const id of ['sess_1', 'sess_2']) {
      expect(await ttlOf(id)).toBeGreaterThan(890);
      expect(await ttlOf(id)).toBeLessThanOrEqual(900);
    }
    expect(await ttlOf('sess_3')).toBe(-2);
  });

  it('while Redis was away becomes known when it is back, for the time that is left', async () => {
    await disconnect();
    await revoked.add(['sess_4']);
    clock.advance(600_000);
    await eventually(() => redis.connect());
    await revoked.announce();
    expect(await ttlOf('sess_4')).toBeGreaterThan(290);
    expect(await ttlOf('sess_4')).toBeLessThanOrEqual(300);
  });

  it('long ago is not announced any more', async () => {
    await disconnect();
    await revoked.add(['sess_5']);
    clock.advance(900_000);
    await eventually(() => redis.connect());
    await revoked.announce();
    expect(await ttlOf('sess_5')).toBe(-2);
  });
});
