import type { Redis } from '@shopgraph/kit';
import { FakeClock } from '@shopgraph/kit/testing';
import { pino } from 'pino';
import type { CacheEntry } from '../../src/caching/cache-entry';
import { entryKey } from '../../src/caching/cache-keys';
import { CacheStore } from '../../src/caching/cache-store';
import { type CachedShop, startCachedShop } from './cached-shop';

const QUERY = '{ products(first: 2) { id quantity } }';

describe('without Redis', () => {
  let shop: CachedShop;
  beforeEach(async () => {
    shop = await startCachedShop();
  });
  afterEach(() => shop.stop());

  it('everything is answered as if there were no cache, and that is logged once', async () => {
    await shop.send(QUERY);
    shop.redis.mget = () => Promise.reject(new Error('gone'));
    shop.calls();
    for (let round = 0; round < 3; round += 1) {
      const { data, errors } = await shop.send(QUERY);
      expect(errors).toBeUndefined();
      expect(data).toMatchObject({ products: [{ quantity: 10 }, { quantity: 20 }] });
    }
    expect(shop.calls()).toEqual([3, 3]);
    expect(shop.logged.filter(({ msg }) => msg.includes('falling back'))).toHaveLength(1);
  });

  it('and with rubbish in it, too', async () => {
    await shop.send(QUERY);
    for (const rubbish of [
      '',
      'x',
      '[]\n{}',
      '[1,2,3]\n{',
      '{"a":1}\nnull',
      `[9e15,${Date.now()},9e9,1,"PUBLIC",[]]\n{`,
    ]) {
      for (const key of await shop.redis.keys('cache:*')) await shop.redis.set(key, rubbish);
      expect((await shop.send(QUERY)).data).toMatchObject({ products: [{ quantity: 10 }, { quantity: 20 }] });
    }
  });

  it('that has lost everything, invalidations still take effect', async () => {
    await shop.send(QUERY);
    await shop.redis.flushdb();
    await shop.send('{ product(id: "prod_1") { id name } }');
    shop.stock.names.set('prod_1', 'Mug');
    await shop.announce('products.product-updated', { productId: 'prod_1' });
    expect((await shop.send('{ product(id: "prod_1") { id name } }')).data).toMatchObject({ product: { name: 'Mug' } });
  });
});

describe('a store of entries', () => {
  const clock = new FakeClock('2026-01-01T00:00:00Z');
  const storeOn = (redis: object) =>
    new CacheStore({
      redis: redis as Redis,
      ...{ near: null, timeoutMs: 10, maxAgeSeconds: 60, maxValueBytes: 1_000, onNearLookup: () => undefined },
      ...{ clock, logger: pino({ level: 'silent' }) },
    });

  it('waits for a Redis that does not answer no longer than it may, and then leaves it alone for a while', async () => {
    let asked = 0;
    const store = storeOn({ mget: () => ((asked += 1), new Promise(() => undefined)) });
    const start = performance.now();
    expect(await store.find([['a']], () => [])).toBeNull();
    expect(performance.now() - start).toBeLessThan(400);
    expect(await store.find([['a']], () => [])).toBeNull();
    expect(asked).toBe(1);
    const entry: CacheEntry = {
      ...{ asOf: 1, storedAt: clock.now().getTime(), maxAge: 60, tookMs: 1, scope: 'PUBLIC' },
      ...{ tags: [], etag: null, text: '1' },
    };
    expect(store.write([['a', entry]]).count).toBe(0);
  });

  it('reads what is asked for in one tick by one command', async () => {
    const commands: string[][] = [];
    const mget = async (keys: string[]) => {
      commands.push(keys);
      return keys.map((key) => (key === 'cache:clock' ? '7' : null));
    };
    const store = storeOn({ mget });
    expect(await Promise.all([store.find([['a']], () => ['t']), store.find([['b']], () => ['t'])])).toEqual([
      { asOf: 7, entries: [null] },
      { asOf: 7, entries: [null] },
    ]);
    expect(commands).toEqual([['cache:clock', entryKey('a'), 'cache:tag:t', entryKey('b')]]);
  });
});
