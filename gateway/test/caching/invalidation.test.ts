import { writeFile } from 'node:fs/promises';
import { signingKeysSchema } from '@shopgraph/kit';
import { aGate, eventually } from '@shopgraph/kit/testing';
import { compose, SIGNING_KEYS } from '../start-gateway';
import { startSubgraph } from '../start-subgraph';
import { type CachedShop, startCachedShop, subgraphsOf } from './cached-shop';

describe.each([
  ['entities', { RESPONSE_CACHE: 'off' }],
  ['whole answers', { ENTITY_CACHE: 'off' }],
  ['both', {}],
])('a cache of %s', (_what, environment) => {
  let shop: CachedShop;
  beforeEach(async () => {
    shop = await startCachedShop(environment);
  });
  afterEach(() => shop.stop());

  const one = (id: string, fields = 'id name quantity') => `{ product(id: "${id}") { ${fields} } }`;

  it('forgets an entity of which an event says that it has changed, and no other', async () => {
    await shop.send(one('prod_1'));
    await shop.send(one('prod_2'));
    shop.stock.names.set('prod_1', 'Mug');
    await shop.announce('products.product-updated', { productId: 'prod_1' });
    shop.calls();
    expect((await shop.send(one('prod_1'))).data).toMatchObject({ product: { name: 'Mug' } });
    expect(shop.calls()[0]).toBe(1);
    await shop.send(one('prod_2'));
    expect(shop.calls()).toEqual([0, 0]);
  });

  it('forgets lists when anything has changed that may be in them', async () => {
    const list = '{ products { id name } }';
    await shop.send(list);
    shop.stock.names.set('prod_5', 'New');
    await shop.announce('products.product-created', { productId: 'prod_5' });
    shop.stock.names.delete('prod_1');
    expect((await shop.send(list)).data).toMatchObject({ products: [{}, {}, {}, { id: 'prod_5' }] });
  });

  it('forgets that there was nothing', async () => {
    expect((await shop.send(one('prod_9'))).data).toEqual({ product: null });
    shop.stock.names.set('prod_9', 'Late');
    await shop.announce('products.product-published', { productId: 'prod_9' });
    expect((await shop.send(one('prod_9'))).data).toMatchObject({ product: { name: 'Late' } });
  });

  it.each([
    ['without its id', 'name'],
    ['with something else under the name of its id', 'id: name'],
  ])('forgets an entity that was asked for %s', async (_how, fields) => {
    await shop.send(one('prod_1', fields));
    shop.stock.names.set('prod_1', 'Mug');
    await shop.announce('products.product-updated', { productId: 'prod_1' });
    expect(JSON.stringify((await shop.send(one('prod_1', fields))).data)).toContain('Mug');
  });

  it('does not bring back what was answered before the event and arrives after it', async () => {
    const gate = aGate();
    const original = shop.stock.names.get.bind(shop.stock.names);
    shop.stock.names.get = (id) => {
      const name = original(id);
      // The subgraph has read; its answer is on its way until the gate opens.
      return gate.passed.then(() => name) as unknown as string;
    };
    const overtaken = shop.send(one('prod_1'));
    await eventually(() => expect(shop.products.calls).toHaveLength(1));
    shop.stock.names.set('prod_1', 'Mug');
    await shop.announce('products.product-updated', { productId: 'prod_1' });
    // Who asks now does not wait for the one who asked before.
    shop.stock.names.get = original;
    expect((await shop.send(one('prod_1'))).data).toMatchObject({ product: { name: 'Mug' } });
    gate.open();
    expect((await overtaken).data).toMatchObject({ product: { name: 'Thing 1' } });
    for (let round = 0; round < 2; round += 1) {
      expect((await shop.send(one('prod_1'))).data).toMatchObject({ product: { name: 'Mug' } });
    }
  });

  it('keeps up with events while many ask', async () => {
    let isOver = false;
    const readers = Array.from({ length: 5 }, async () => {
      while (!isOver) await shop.send(one('prod_1'));
    });
    for (let round = 0; round < 10; round += 1) {
      shop.stock.names.set('prod_1', `Round ${round}`);
      await shop.announce('products.product-updated', { productId: 'prod_1' });
      expect((await shop.send(one('prod_1'))).data).toMatchObject({ product: { name: `Round ${round}` } });
    }
    isOver = true;
    await Promise.all(readers);
  });

  it('forgets everything of another supergraph, and shows no old shape', async () => {
    const query = '{ product(id: "prod_1") { quantity } }';
    expect((await shop.send(query)).data).toEqual({ product: { quantity: 10 } });
    const [, inventory] = subgraphsOf(shop.stock);
    if (!inventory) throw new Error('no inventory');
    const typeDefs = inventory.typeDefs.replace('"piece"): Int', '"piece"): String');
    const keys = signingKeysSchema.parse(SIGNING_KEYS);
    const changed = await startSubgraph({ ...inventory, typeDefs }, keys, shop.clock);
    await writeFile(shop.supergraphPath, compose([shop.products, changed]));
    await eventually(async () => expect((await shop.send(query)).data).toEqual({ product: { quantity: '10' } }));
    await changed.stop();
  });
});

describe('an event', () => {
  let shop: CachedShop;
  beforeEach(async () => {
    shop = await startCachedShop();
  });
  afterEach(() => shop.stop());

  it('that does not look as agreed is laid aside, and the next one is handled', async () => {
    await shop.send('{ product(id: "prod_1") { id name } }');
    await shop.publish('products.product-updated', { nothing: true });
    shop.stock.names.set('prod_1', 'Mug');
    await shop.announce('products.product-updated', { productId: 'prod_1' });
    expect((await shop.send('{ product(id: "prod_1") { id name } }')).data).toMatchObject({ product: { name: 'Mug' } });
  });
});
