import { allow, hasPermission } from '@shopgraph/kit';
import { open } from '../shop';
import { type CachedShop, startCachedShop } from './cached-shop';

let shop: CachedShop;
beforeEach(async () => {
  shop = await startCachedShop({ ENTITY_CACHE: 'off' });
});
afterEach(() => shop.stop());

const QUERY = '{ products(first: 2) { id name quantity } }';

describe('a whole answer', () => {
  it('of which every part may be kept is served without any call, as the same text, with its age', async () => {
    const first = await shop.send(QUERY);
    expect(first.headers.age).toBeUndefined();
    shop.clock.advance(20_000);
    shop.calls();
    const second = await shop.send(QUERY);
    expect(shop.calls()).toEqual([0, 0]);
    expect(second.text).toBe(first.text);
    expect(second.headers).toMatchObject({
      'cache-control': 'max-age=60, public',
      age: '20',
    });
    // It is of use with a GET only, and takes long to make of a long answer.
    expect([first.headers.etag, second.headers.etag]).toEqual([undefined, undefined]);
    shop.clock.advance(40_000);
    expect((await shop.send(QUERY)).headers.age).toBeUndefined();
    expect(shop.calls()).toEqual([1, 1]);
  });

  it('is kept no longer than any part, and not at all with one that may not be', async () => {
    shop.stock.hint = { maxAge: 5, scope: 'PUBLIC' };
    expect((await shop.send(QUERY)).headers['cache-control']).toBe('max-age=5, public');
    shop.clock.advance(5_000);
    shop.stock.hint = null;
    shop.calls();
    for (let round = 0; round < 2; round += 1) {
      expect((await shop.send(QUERY)).headers).toMatchObject({ 'cache-control': 'no-store' });
    }
    expect(shop.calls()).toEqual([2, 2]);
  });

  it('is another one for other variables, and the same for a default that is sent', async () => {
    const query = 'query ($first: Int = 2) { products(first: $first) { id } }';
    const answers = [
      await shop.send(query),
      await shop.send(query, { first: 1 }),
      await shop.send(query, { first: 2 }),
    ];
    expect(answers.map(({ data }) => (data?.products as unknown[]).length)).toEqual([2, 1, 2]);
    expect(shop.calls()[0]).toBe(2);
  });

  it('with an error is not kept', async () => {
    shop.stock.broken.add('prod_1');
    expect((await shop.send(QUERY)).errors).toHaveLength(1);
    shop.stock.broken.clear();
    expect((await shop.send(QUERY)).errors).toBeUndefined();
    expect(shop.calls()).toEqual([2, 2]);
  });

  it('is made once for fifty who ask at once', async () => {
    shop.products.behaviour.delayMs = 50;
    const answers = await Promise.all(Array.from({ length: 50 }, () => shop.send(QUERY)));
    expect(shop.calls()).toEqual([1, 1]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  it('is served by another gateway beside it', async () => {
    const { text } = await shop.send(QUERY);
    shop.calls();
    const replica = await shop.startReplica();
    expect((await replica.send(QUERY)).text).toBe(text);
    expect(shop.calls()).toEqual([0, 0]);
    await replica.stop();
  });

  it('is as old as its oldest part', async () => {
    const both = await startCachedShop();
    await both.send('{ product(id: "prod_1") { quantity } }');
    both.clock.advance(50_000);
    const query = '{ products(first: 1) { quantity } }';
    const expected = { 'cache-control': 'max-age=60, public', age: '50' };
    expect((await both.send(query)).headers).toMatchObject(expected);
    expect((await both.send(query)).headers).toMatchObject(expected);
    both.clock.advance(10_000);
    both.calls();
    expect((await both.send(query)).headers.age).toBe('10');
    expect(both.calls()).toEqual([0, 1]);
    await both.stop();
  });
});

describe('a field that is refused', () => {
  it('never comes from the answer of somebody who may see it', async () => {
    const guarded = await startCachedShop({}, () => ({
      Query: open('product'),
      Product: { '*': allow, name: hasPermission('product:read') },
    }));
    const query = '{ product(id: "prod_1") { id name } }';
    for (let round = 0; round < 2; round += 1) {
      expect((await guarded.sendAs(['product:read'], query)).data).toMatchObject({ product: { name: 'Thing 1' } });
      const refused = await guarded.send(query);
      expect(refused.data).toEqual({ product: { id: 'prod_1', name: null } });
      expect(refused.errors).toMatchObject([{ path: ['product', 'name'] }]);
      expect(refused.headers['cache-control']).toBe('no-store');
    }
    await guarded.stop();
  });
});

describe('a client that has the answer to a GET already', () => {
  it('is told so, without a body', async () => {
    const { status, headers, text } = await shop.get(QUERY);
    expect([status, JSON.parse(text)]).toMatchObject([200, { data: {} }]);
    const again = await shop.get(QUERY, { 'if-none-match': `"other", ${String(headers.etag)}` });
    expect([again.status, again.text]).toEqual([304, '']);
    expect(again.headers).toMatchObject({ etag: headers.etag, 'cache-control': 'max-age=60, public' });
    expect(again.headers['content-type']).toBeUndefined();
  });

  it('gets it anew when it has changed', async () => {
    const { headers } = await shop.get(QUERY);
    shop.stock.names.set('prod_1', 'Mug');
    shop.clock.advance(60_000);
    const again = await shop.get(QUERY, { 'if-none-match': String(headers.etag) });
    expect([again.status, JSON.parse(again.text)]).toMatchObject([200, { data: { products: [{ name: 'Mug' }, {}] } }]);
  });

  it('is told so for large answers, which are compressed otherwise', async () => {
    shop.stock.names.set('prod_1', 'x'.repeat(5_000));
    const { headers } = await shop.get(QUERY, { 'accept-encoding': 'gzip' });
    expect(headers['content-encoding']).toBe('gzip');
    const again = await shop.get(QUERY, { 'accept-encoding': 'gzip', 'if-none-match': String(headers.etag) });
    expect([again.status, again.text]).toEqual([304, '']);
    expect(again.headers['content-encoding']).toBeUndefined();
  });
});
