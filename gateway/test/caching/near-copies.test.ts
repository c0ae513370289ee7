import { connectRedis, type Redis } from '@shopgraph/kit';
import { cuttableProxy, eventually, startTestRedis, testRedisUrl } from '@shopgraph/kit/testing';
import pino from 'pino';
import { request } from 'undici';
import { followInvalidations, invalidationChannel } from '../../src/caching/invalidation-feed';
import { NearCache } from '../../src/caching/near-cache';
import { type CachedShop, startCachedShop } from './cached-shop';

const QUERY = '{ product(id: "prod_1") { id name quantity } }';

describe.each([
  ['entities', { RESPONSE_CACHE: 'off' }],
  ['whole answers', { ENTITY_CACHE: 'off' }],
])('a gateway with copies of %s', (_what, environment) => {
  let shop: CachedShop;
  let replica: Awaited<ReturnType<CachedShop['startReplica']>>;
  beforeEach(async () => {
    shop = await startCachedShop(environment);
    replica = await shop.startReplica();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await replica.stop();
    await shop.stop();
  });

  /** Asks until the answer comes without a look into Redis. */
  async function warm(gateway: Pick<CachedShop, 'send'>): Promise<void> {
    await eventually(async () => {
      const reads = jest.spyOn(shop.redis, 'mget');
      await gateway.send(QUERY);
      const count = reads.mock.calls.length;
      reads.mockRestore();
      expect(count).toBe(0);
    });
  }
  const nameAt = async (gateway: Pick<CachedShop, 'send'>) =>
    ((await gateway.send(QUERY)).data?.product as { name: string }).name;

  it('asks neither subgraphs nor Redis for what it has', async () => {
    await warm(shop);
    shop.calls();
    expect(await nameAt(shop)).toBe('Thing 1');
    expect(shop.calls()).toEqual([0, 0]);
    expect((await shop.metric('gateway_cache_near_lookups_total')).join()).toContain('result="hit"');
  });

  it('forgets them at once when it hears of the event', async () => {
    await warm(shop);
    shop.stock.names.set('prod_1', 'Mug');
    await shop.announce('products.product-updated', { productId: 'prod_1' });
    expect(await nameAt(shop)).toBe('Mug');
  });

  it('forgets them when another gateway hears of the event', async () => {
    await Promise.all([warm(shop), warm(replica)]);
    shop.stock.names.set('prod_1', 'Mug');
    // One of them gets it.
    await shop.publish('products.product-updated', { productId: 'prod_1' });
    await eventually(async () => {
      expect(await nameAt(shop)).toBe('Mug');
      expect(await nameAt(replica)).toBe('Mug');
    });
  });

  it('keeps anew what is asked for after the event', async () => {
    await warm(shop);
    shop.stock.names.set('prod_1', 'Mug');
    await shop.announce('products.product-updated', { productId: 'prod_1' });
    await warm(shop);
    expect(await nameAt(shop)).toBe('Mug');
  });

  it('counts the time that they may be kept', async () => {
    await warm(shop);
    shop.stock.names.set('prod_1', 'Mug');
    shop.clock.advance(61_000);
    expect(await nameAt(shop)).toBe('Mug');
  });
});

it('a gateway without room for copies looks into Redis', async () => {
  const shop = await startCachedShop({ CACHE_NEAR_MIB: '0' });
  for (let round = 0; round < 3; round += 1) await shop.send(QUERY);
  const reads = jest.spyOn(shop.redis, 'mget');
  await shop.send(QUERY);
  expect(reads.mock.calls.length).toBeGreaterThan(0);
  await shop.stop();
});

const redisUrl = testRedisUrl();
/** Needs a real Redis. */
const describeOnRedis = redisUrl === undefined ? describe.skip : describe;
const itOnRedis = redisUrl === undefined ? it.skip : it;

itOnRedis('a gateway with a Redis for its caches keeps nothing in the other', async () => {
  const cacheRedis = (await startTestRedis()).duplicate({ db: 15, lazyConnect: true });
  await cacheRedis.connect();
  await cacheRedis.flushdb();
  const shop = await startCachedShop({}, undefined, undefined, cacheRedis);
  for (let round = 0; round < 3; round += 1) await shop.send(QUERY);
  expect(shop.calls()).toEqual([1, 1]);
  expect(await shop.redis.keys('cache:*')).toEqual([]);
  expect(await cacheRedis.keys('cache:*')).not.toEqual([]);
  const { body } = await request(`${shop.operationsOrigin}/health/ready`);
  expect(await body.json()).toMatchObject({ dependencies: { redis: 'ok', cacheRedis: 'ok' } });
  await shop.stop();
  cacheRedis.disconnect();
});

describeOnRedis('what follows invalidations', () => {
  let channel: string;
  const NOW = Date.now();
  let direct: Redis;
  let proxied: Redis;
  let proxy: Awaited<ReturnType<typeof cuttableProxy>>;
  let near: NearCache;
  let feed: ReturnType<typeof followInvalidations>;
  beforeEach(async () => {
    direct = await startTestRedis();
    channel = invalidationChannel(direct);
    proxy = await cuttableProxy(redisUrl ?? '');
    proxied = await connectRedis(proxy.url);
    near = new NearCache(100_000);
    feed = followInvalidations({ redis: proxied, near, logger: pino({ level: 'silent' }) });
    await feed.start();
  });
  afterEach(async () => {
    await feed.stop();
    proxied.disconnect();
    direct.disconnect();
    await proxy.stop();
  });

  function keep(): void {
    near.keep({
      ...{ reading: near.beginReading(), asOf: 5, stampOf: () => 0 },
      entries: [
        [
          'a',
          {
            ...{ asOf: 5, storedAt: NOW, maxAge: 600, tookMs: 1, scope: 'PUBLIC' },
            ...{ tags: ['t'], etag: null, text: '1' },
          },
        ],
      ],
    });
  }
  const isKept = () => near.find('a', NOW) !== null;
  const untilKept = () =>
    eventually(() => {
      keep();
      expect(isKept()).toBe(true);
    });

  it('tells of those that others make', async () => {
    await untilKept();
    await direct.publish(channel, '[6,["u"]]');
    await direct.publish(channel, '[7,["t"]]');
    await eventually(() => expect(near.asOf).toBe(7));
    expect(isKept()).toBe(false);
  });

  it('forgets all when the connection breaks, and begins anew when it is back', async () => {
    await untilKept();
    proxy.cut();
    await eventually(() => expect(isKept()).toBe(false));
    // Nobody can be told of it.
    await direct.publish(channel, '[7,["t"]]');
    keep();
    expect(isKept()).toBe(false);
    proxy.mend();
    await untilKept();
  });

  it('forgets all for what it does not understand', async () => {
    await untilKept();
    await direct.publish(channel, 'flush!');
    await eventually(() => expect(isKept()).toBe(false));
  });

  it('does not believe a connection that is silent', async () => {
    await untilKept();
    proxy.silence();
    await direct.publish(channel, '[7,["t"]]');
    await eventually(() => expect(isKept()).toBe(false), 10_000);
    proxy.mend();
    await eventually(() => expect(near.asOf).toBe(7));
    expect(isKept()).toBe(false);
  }, 30_000);
});
