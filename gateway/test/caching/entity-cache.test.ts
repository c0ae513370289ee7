import { type CachedShop, startCachedShop } from './cached-shop';

let shop: CachedShop;
beforeEach(async () => {
  shop = await startCachedShop({ RESPONSE_CACHE: 'off' });
});
afterEach(() => shop.stop());

const QUANTITIES = '{ products(first: 3) { id quantity } }';

/** Of entities in inventory, by what came of them. */
async function lookups(): Promise<Record<string, number>> {
  const lines = await shop.metric('gateway_cache_lookups_total{cache="entity",subgraph="inventory"');
  return Object.fromEntries(
    lines.map((line) => [/result="(\w+)"/.exec(line)?.[1] ?? '', Number(line.split(' ').at(-1))]),
  );
}

describe('an entity', () => {
  it('that was answered is not asked for again, nor are root fields', async () => {
    const first = await shop.send(QUANTITIES);
    expect(shop.calls()).toEqual([1, 1]);
    const second = await shop.send(QUANTITIES);
    expect(shop.calls()).toEqual([0, 0]);
    expect(first.data).toEqual({
      products: [
        { id: 'prod_1', quantity: 10 },
        { id: 'prod_2', quantity: 20 },
        { id: 'prod_3', quantity: 30 },
      ],
    });
    expect(second.text).toBe(first.text);
    expect(await lookups()).toEqual({ miss: 3, hit: 3 });
  });

  it('that is not kept yet is asked for alone, and put in order with the others', async () => {
    await shop.send('{ product(id: "prod_2") { quantity } }');
    shop.calls();
    const { data } = await shop.send('{ products { id quantity } }');
    const variables = shop.inventory.calls[0]?.variables;
    expect(variables?.representations).toEqual(
      ['prod_1', 'prod_3', 'prod_4'].map((id) => ({ __typename: 'Product', id })),
    );
    expect(data).toEqual({
      products: [1, 2, 3, 4].map((number) => ({ id: `prod_${number}`, quantity: number * 10 })),
    });
  });

  it('whose field fails has the error at its own place, and is not kept', async () => {
    await shop.send('{ product(id: "prod_1") { quantity } }');
    shop.stock.broken.add('prod_3');
    const { data, errors } = await shop.send(QUANTITIES);
    expect(data).toEqual({
      products: [
        { id: 'prod_1', quantity: 10 },
        { id: 'prod_2', quantity: 20 },
        { id: 'prod_3', quantity: null },
      ],
    });
    expect(errors).toMatchObject([{ path: ['products', 2, 'quantity'], extensions: { code: 'UNAVAILABLE' } }]);

    shop.stock.broken.clear();
    shop.calls();
    expect((await shop.send(QUANTITIES)).data).toMatchObject({ products: [{}, {}, { quantity: 30 }] });
    expect(shop.calls()).toEqual([0, 1]);
  });

  it('keeps what is there when its subgraph fails for the rest, with an error for each that is missing', async () => {
    await shop.send('{ product(id: "prod_2") { quantity } }');
    await shop.inventory.stop();
    const { data, errors } = await shop.send(QUANTITIES);
    expect(data).toMatchObject({ products: [{ quantity: null }, { quantity: 20 }, { quantity: null }] });
    expect(errors?.map(({ path }) => path)).toEqual([
      ['products', 0, 'quantity'],
      ['products', 2, 'quantity'],
    ]);
  });

  it('is another one for other variables', async () => {
    const query = 'query ($unit: String) { product(id: "prod_1") { quantity(unit: $unit) } }';
    await shop.send(query, { unit: 'box' });
    shop.calls();
    await shop.send(query, { unit: 'pair' });
    expect(shop.calls()).toEqual([0, 1]);
    await shop.send(query, { unit: 'box' });
    expect(shop.calls()).toEqual([0, 0]);
  });

  it('is asked for again when its time is up', async () => {
    await shop.send(QUANTITIES);
    shop.clock.advance(59_000);
    shop.calls();
    expect((await shop.send(QUANTITIES)).headers).toMatchObject({ 'cache-control': 'max-age=60, public', age: '59' });
    expect(shop.calls()).toEqual([0, 0]);
    shop.clock.advance(1_000);
    await shop.send(QUANTITIES);
    expect(shop.calls()).toEqual([1, 1]);
  });

  it('of which the subgraph does not say that it may be kept is not looked for twice', async () => {
    shop.stock.hint = null;
    await shop.send(QUANTITIES);
    await shop.send(QUANTITIES);
    shop.calls();
    await shop.send(QUANTITIES);
    expect(shop.calls()).toEqual([0, 1]);
    expect(await lookups()).toEqual({ miss: 3 });
    // Until it says so.
    shop.stock.hint = { maxAge: 60, scope: 'PUBLIC' };
    for (let round = 0; round < 3; round += 1) await shop.send(QUANTITIES);
    expect(shop.calls()).toEqual([0, 2]);
  });

  it('that is larger than the limit is not kept', async () => {
    shop.stock.names.set('prod_1', 'x'.repeat(2_000));
    const small = await startCachedShop({ RESPONSE_CACHE: 'off', CACHE_MAX_VALUE_KIB: '1' });
    small.stock.names.set('prod_1', 'x'.repeat(2_000));
    const query = '{ product(id: "prod_1") { name quantity } }';
    await small.send(query);
    small.calls();
    await small.send(query);
    expect(small.calls()).toEqual([1, 0]);
    await small.stop();
  });
});

describe('a mutation', () => {
  it('neither reads nor writes a cache', async () => {
    const mutation = 'mutation { rename(id: "prod_1", name: "Mug") { name quantity } }';
    await shop.send('{ product(id: "prod_1") { quantity } }');
    await shop.send(mutation);
    shop.calls();
    expect((await shop.send(mutation)).data).toEqual({ rename: { name: 'Mug', quantity: 10 } });
    expect(shop.products.calls).toHaveLength(1);
  });
});

describe('many who miss the same at once', () => {
  it('cause one call', async () => {
    shop.inventory.behaviour.delayMs = 50;
    shop.products.behaviour.delayMs = 50;
    const answers = await Promise.all(Array.from({ length: 50 }, () => shop.send(QUANTITIES)));
    expect(shop.calls()).toEqual([1, 1]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.data).toMatchObject({ products: [{ quantity: 10 }, { quantity: 20 }, { quantity: 30 }] });
  });

  it('all get their answers when the one who asks gets none', async () => {
    shop.inventory.behaviour.delayMs = 50;
    shop.stock.broken.add('prod_1');
    const answers = await Promise.all(Array.from({ length: 10 }, () => shop.send(QUANTITIES)));
    for (const { data, errors } of answers) {
      expect(data).toMatchObject({ products: [{ quantity: null }, { quantity: 20 }, { quantity: 30 }] });
      expect(errors).toHaveLength(1);
    }
  });
});
