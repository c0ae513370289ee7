import { createShopgraphClient } from '../src';
import { refusal } from './scripted-shop';
import { scriptedShops } from './shops';

const start = scriptedShops();
const me = { body: { data: { me: null } } };
const connect = (url: string) => createShopgraphClient({ url, retryDelayMs: 1 });
const badGateway = { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad Gateway</h1>' };
const input = { sku: 'MUG', delta: 1, reason: 'RECEIVED', idempotencyKey: 'count-2026-01' } as const;

describe('a query', () => {
  it.each([
    ['a cut connection', 'cut' as const],
    ['HTTP 502 from a proxy', badGateway],
    ['HTTP 503', refusal('UNAVAILABLE', 503)],
    ['HTTP 504', refusal('TIMEOUT', 504)],
  ])('is repeated after %s', async (_what, failure) => {
    const shop = await start(failure, failure, me);
    await expect(connect(shop.url).me()).resolves.toEqual({ me: null });
    expect(shop.requests).toHaveLength(3);
  });

  it('is given up after the last repetition', async () => {
    const shop = await start('cut');
    await expect(connect(shop.url).me()).rejects.toMatchObject({ code: 'NETWORK', status: null, errors: [] });
    expect(shop.requests).toHaveLength(3);
  });

  it('is repeated as often as the client wants', async () => {
    const shop = await start('cut');
    const client = createShopgraphClient({ url: shop.url, retries: 0 });
    await expect(client.me()).rejects.toMatchObject({ code: 'NETWORK' });
    expect(shop.requests).toHaveLength(1);
  });

  it.each([
    ['HTTP 500', refusal('INTERNAL', 500)],
    ['a refusal', refusal('FORBIDDEN')],
  ])('is not repeated after %s', async (_what, failure) => {
    const shop = await start(failure, me);
    await expect(connect(shop.url).me()).rejects.toThrow();
    expect(shop.requests).toHaveLength(1);
  });

  it('that comes too often is repeated when the shop asks for a short pause', async () => {
    const shop = await start({ ...refusal('RATE_LIMITED', 429), headers: { 'retry-after': '0' } }, me);
    await expect(connect(shop.url).me()).resolves.toEqual({ me: null });
  });

  it('that comes too often fails at once when the shop asks for a long pause', async () => {
    const shop = await start({ ...refusal('RATE_LIMITED', 429), headers: { 'retry-after': '600' } }, me);
    await expect(connect(shop.url).me()).rejects.toMatchObject({ code: 'RATE_LIMITED', status: 429 });
    expect(shop.requests).toHaveLength(1);
  });
});

describe('a mutation', () => {
  it.each([
    ['a cut connection', 'cut' as const, 'NETWORK'],
    ['HTTP 502 from a proxy', badGateway, 'UNAVAILABLE'],
    ['HTTP 503', refusal('UNAVAILABLE', 503), 'UNAVAILABLE'],
  ])('is not repeated after %s: it may have had its effect', async (_what, failure, code) => {
    const shop = await start(failure);
    await expect(connect(shop.url).cartCreate({ input: {} })).rejects.toMatchObject({ code });
    expect(shop.requests).toHaveLength(1);
  });

  it('is repeated when its input holds an idempotency key', async () => {
    const shop = await start('cut', badGateway, { body: { data: { stockAdjust: { level: null, userErrors: [] } } } });
    await expect(connect(shop.url).stockAdjust({ input })).resolves.toEqual({
      stockAdjust: { level: null, userErrors: [] },
    });
    expect(shop.requests.map(({ message }) => message.variables)).toEqual([{ input }, { input }, { input }]);
  });
});

describe('a call', () => {
  it('that gets no answer in time fails as TIMEOUT', async () => {
    const shop = await start('hang');
    const client = createShopgraphClient({ url: shop.url, timeoutMs: 50, retries: 0 });
    await expect(client.me()).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  it('ends with the reason of its signal, however often it could be repeated', async () => {
    const shop = await start('hang');
    const controller = new AbortController();
    const call = connect(shop.url).me({}, { signal: controller.signal });
    const reason = new Error('the page was left');
    setImmediate(() => controller.abort(reason));
    await expect(call).rejects.toBe(reason);
  });

  it('is not sent when its signal has ended before', async () => {
    const shop = await start(me);
    await expect(connect(shop.url).me({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(shop.requests).toHaveLength(0);
  });

  it('stops waiting for its repetition when its signal ends', async () => {
    const shop = await start({ ...refusal('RATE_LIMITED', 429), headers: { 'retry-after': '5' } }, me);
    const controller = new AbortController();
    const call = connect(shop.url).me({}, { signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(shop.requests.length).toBeLessThan(2);
  });
});
