import { RedisWithFallback } from '@shopgraph/kit';
import { FakeClock, startTestRedis } from '@shopgraph/kit/testing';
import { pino } from 'pino';
import { LeakyBuckets } from '../../src/demand/leaky-bucket';

const logger = pino({ level: 'silent' });

/** The same buckets as two gateways see them, or one that is alone. */
const places = [
  {
    place: 'in memory',
    open: async (clock: FakeClock) => {
      const buckets = new LeakyBuckets(BUDGET, { redis: null, clock });
      return { gateways: [buckets, buckets] as const, keys: async () => [], close: () => undefined };
    },
  },
  {
    place: 'in Redis',
    open: async (clock: FakeClock) => {
      const redis = await startTestRedis();
      const gateway = () => new LeakyBuckets(BUDGET, { redis: new RedisWithFallback(redis, logger), clock });
      const keys = async () => {
        const names = await redis.keys('*');
        return Promise.all(names.map(async (name) => [name, await redis.pttl(name)] as const));
      };
      return { gateways: [gateway(), gateway()] as const, keys, close: () => redis.disconnect() };
    },
  },
] as const;

const BUDGET = { size: 100, restoreRate: 10 };

describe.each(places)('a budget $place', ({ place, open }) => {
  const clock = new FakeClock('2026-01-01T00:00:00Z');
  let opened: Awaited<ReturnType<typeof open>>;
  beforeEach(async () => {
    opened = await open(clock);
  });
  afterEach(() => opened.close());

  it('is never overspent, however many spend at once, by whichever gateway', async () => {
    const { gateways } = opened;
    const spendings = await Promise.all(
      Array.from({ length: 50 }, (_, index) => gateways[index % 2 === 0 ? 0 : 1].spend('a', 10)),
    );
    expect(spendings.filter(({ isAdmitted }) => isAdmitted)).toHaveLength(10);
    expect(await gateways[0].spend('a', 1)).toEqual({ isAdmitted: false, remaining: 0 });
    expect(await gateways[1].spend('b', 60)).toEqual({ isAdmitted: true, remaining: 40 });
  });

  it('comes back by the second, to its size and no further', async () => {
    const [buckets] = opened.gateways;
    await buckets.spend('a', 100);
    clock.advance(1_250);
    expect(await buckets.spend('a', 13)).toEqual({ isAdmitted: false, remaining: 12.5 });
    expect(await buckets.spend('a', 12)).toEqual({ isAdmitted: true, remaining: 0.5 });
    clock.advance(60_000);
    expect(await buckets.spend('a', 1)).toEqual({ isAdmitted: true, remaining: 99 });
  });

  it('gets nothing by a clock that goes back', async () => {
    const [buckets] = opened.gateways;
    await buckets.spend('a', 90);
    clock.advance(-5_000);
    expect(await buckets.spend('a', 20)).toEqual({ isAdmitted: false, remaining: 10 });
    expect(await buckets.spend('a', 10)).toEqual({ isAdmitted: true, remaining: 0 });
    clock.advance(6_000);
    expect(await buckets.spend('a', 0)).toEqual({ isAdmitted: true, remaining: 10 });
  });

  it('says after how many seconds there is enough', () => {
    const [buckets] = opened.gateways;
    expect([buckets.secondsUntil(50, 0), buckets.secondsUntil(51, 50), buckets.secondsUntil(5, 5)]).toEqual([5, 1, 0]);
  });

  if (place === 'in Redis') {
    it('is forgotten a minute after all of it has come back', async () => {
      await opened.gateways[0].spend('a', 50);
      const [[name, lifetimeMs] = ['', 0]] = await opened.keys();
      expect(name).toBe('a');
      expect(lifetimeMs).toBeGreaterThan(60_000);
      expect(lifetimeMs).toBeLessThanOrEqual(65_000);
    });
  }
});
