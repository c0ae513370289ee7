import { type Redis, RedisWithFallback } from '@shopgraph/kit';
import { eventually, FakeClock, startTestRedis } from '@shopgraph/kit/testing';
import { pino } from 'pino';
import { RevokedSessions } from '../../src/sessions/revoked-sessions';

let redis: Redis;
let clock: FakeClock;
let revoked: RevokedSessions;
let ended: { id: string; endedAt: Date }[];
beforeEach(async () => {
  redis = await startTestRedis();
  clock = new FakeClock();
  const withFallback = new RedisWithFallback(redis, pino({ level: 'silent' }));
  ended = [];
  const sessions = { endedSince: async (since: Date) => ended.filter(({ endedAt }) => endedAt > since) };
  revoked = new RevokedSessions({ redis: withFallback, clock, sessions, accessTokenSeconds: 900 });
});
afterEach(() => redis.disconnect());

/** Redis goes away, and stays away until it is connected again. */
async function disconnect(): Promise<void> {
  redis.disconnect();
  await eventually(() => expect(redis.ping()).rejects.toThrow());
}

const ttlOf = (id: string) => redis.ttl(`session:revoked:${id}`);

describe('a session that ended', () => {
  it('is known to be revoked for as long as its access tokens live, and a minute more', async () => {
    await revoked.add(['sess_1', 'sess_2']);
    for (const id of ['sess_1', 'sess_2']) {
      expect(await ttlOf(id)).toBeGreaterThan(950);
      expect(await ttlOf(id)).toBeLessThanOrEqual(960);
    }
    expect(await ttlOf('sess_3')).toBe(-2);
  });

  it('while Redis was away becomes known when it is back, for the time that is left', async () => {
    await disconnect();
    await revoked.add(['sess_4']);
    clock.advance(600_000);
    await eventually(() => redis.connect());
    await revoked.announce();
    expect(await ttlOf('sess_4')).toBeGreaterThan(350);
    expect(await ttlOf('sess_4')).toBeLessThanOrEqual(360);
  });

  it('long ago is not announced any more', async () => {
    await disconnect();
    await revoked.add(['sess_5']);
    clock.advance(960_000);
    await eventually(() => redis.connect());
    await revoked.announce();
    expect(await ttlOf('sess_5')).toBe(-2);
  });

  it('is announced again when Redis has lost its memory, for the time that is left', async () => {
    const now = clock.now().getTime();
    ended = [
      { id: 'sess_6', endedAt: new Date(now - 600_000) },
      { id: 'sess_7', endedAt: new Date(now - 960_000) },
    ];
    await revoked.keepAnnounced();
    await redis.flushdb();
    expect(await ttlOf('sess_6')).toBe(-2);
    await revoked.keepAnnounced();
    expect(await ttlOf('sess_6')).toBeGreaterThan(350);
    expect(await ttlOf('sess_6')).toBeLessThanOrEqual(360);
    expect(await ttlOf('sess_7')).toBe(-2);
  });

  it('is announced by the next process when one has died before it could', async () => {
    await revoked.keepAnnounced();
    ended = [{ id: 'sess_8', endedAt: clock.now() }];
    await revoked.keepAnnounced();
    expect(await ttlOf('sess_8')).toBe(-2);

    const next = new RevokedSessions({
      redis: new RedisWithFallback(redis, pino({ level: 'silent' })),
      clock,
      sessions: { endedSince: async () => ended },
      accessTokenSeconds: 900,
    });
    await next.keepAnnounced();
    expect(await ttlOf('sess_8')).toBeGreaterThan(950);
  });

  it('is looked for once only while Redis remembers, and not while it is away', async () => {
    const looked = jest.fn(async () => ended);
    const watching = new RevokedSessions({
      redis: new RedisWithFallback(redis, pino({ level: 'silent' })),
      clock,
      sessions: { endedSince: looked },
      accessTokenSeconds: 900,
    });
    for (const _look of [1, 2, 3]) await watching.keepAnnounced();
    expect(looked).toHaveBeenCalledTimes(1);
    await disconnect();
    await watching.keepAnnounced();
    expect(looked).toHaveBeenCalledTimes(1);
  });
});
