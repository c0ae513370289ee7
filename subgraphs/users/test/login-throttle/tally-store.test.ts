import { type Redis, RedisWithFallback } from '@shopgraph/kit';
import { connectTestRedis, eventually, startTestRedis } from '@shopgraph/kit/testing';
import { pino } from 'pino';
import type { Tally } from '../../src/login-throttle/back-off';
import { TallyMemory } from '../../src/login-throttle/tally-memory';
import { type TallyKey, TallyStore } from '../../src/login-throttle/tally-store';

let redis: Redis;
let other: Redis;
beforeEach(async () => {
  redis = await startTestRedis();
  other = await connectTestRedis();
});
afterEach(() => {
  redis.disconnect();
  other.disconnect();
});

const storeOn = (connection: Redis) => new TallyStore(new RedisWithFallback(connection, pino({ level: 'silent' })));
const keys = (...names: string[]): TallyKey[] => names.map((name) => ({ name, memoryMs: 60_000 }));
const read = (store: TallyStore, ...names: string[]) =>
  store.update(keys(...names), (tallies) => ({ answer: tallies, next: null }));
const increase = (store: TallyStore, ...names: string[]) =>
  store.update(keys(...names), (tallies) => ({ answer: null, next: tallies.map(oneMore) }));
const oneMore = (tally: Tally | null): Tally => ({ failures: (tally?.failures ?? 0) + 1, at: 1_767_225_600_123 });

describe('tallies', () => {
  it('are what was written, fractions and all, and null where nothing was', async () => {
    const store = storeOn(redis);
    const tally = { failures: 2.999_722_222_3, at: 1_767_225_600_123 };
    await store.update(keys('a', 'b'), () => ({ answer: null, next: [tally, null] }));
    expect(await read(store, 'b', 'a')).toEqual([null, tally]);
  });

  it('lose none of 24 simultaneous changes by two replicas', async () => {
    const replicas = [storeOn(redis), storeOn(other)];
    await Promise.all(
      Array.from({ length: 24 }, (_, index) =>
        increase(replicas[index % 2] ?? storeOn(redis), 'shared', `own${index}`),
      ),
    );
    expect(await read(storeOn(redis), 'shared', 'own7')).toMatchObject([{ failures: 24 }, { failures: 1 }]);
  });

  it('are removed where a change says so, and kept for as long as they matter otherwise', async () => {
    const store = storeOn(redis);
    await increase(store, 'a', 'b');
    await store.update(keys('a', 'b'), ([, b = null]) => ({ answer: null, next: [null, b] }));
    expect(await redis.exists('a')).toBe(0);
    expect(await redis.pttl('b')).toBeGreaterThan(55_000);
    expect(await redis.pttl('b')).toBeLessThanOrEqual(60_000);
  });

  it('are counted in the process while Redis is away', async () => {
    const store = storeOn(redis);
    redis.disconnect();
    await eventually(() => expect(redis.ping()).rejects.toThrow());
    await Promise.all(Array.from({ length: 5 }, () => increase(store, 'a')));
    expect(await read(store, 'a')).toMatchObject([{ failures: 5 }]);
  });
});

describe('tallies in memory', () => {
  it('are so many at the most: the ones that changed last', () => {
    const memory = new TallyMemory(3);
    for (const key of ['a', 'b', 'c', 'a', 'd']) memory.set(key, oneMore(memory.get(key)));
    expect(['a', 'b', 'c', 'd'].map((key) => memory.get(key)?.failures)).toEqual([2, undefined, 1, 1]);
    memory.set('a', null);
    expect(memory.get('a')).toBeNull();
  });
});
