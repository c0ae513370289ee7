import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@shopgraph/kit/testing';
import { parse } from 'graphql';
import { anOffer } from './support/shop-builders';
import { startTestShop, type TestShop } from './support/start-test-shop';

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop();
  const { client } = await shop.signedIn('ADMIN');
  for (let group = 0; group < 10; group += 1) await Promise.all(Array.from({ length: 5 }, () => anOffer(client)));
});
afterAll(() => shop.close());

const PAGE = parse(`{ products(first: 50) { edges { node {
  name variants(first: 5) { edges { node { sku price { amount } availability { quantity } } } } } } } }`);

describe('a page of 50 products with their variants and availability', () => {
  it('costs one database query for each collection', async () => {
    const seen: string[] = [];
    for (const service of ['products', 'inventory'] as const) {
      shop.stores.connections
        .get(service)
        ?.getClient()
        .on('commandStarted', ({ commandName, command }) => {
          if (commandName === 'find' || commandName === 'aggregate') seen.push(String(command[commandName]));
        });
    }
    // The outbox and expired reservations are looked at now and then, whoever asks for what.
    const reads = () => seen.filter((collection) => !['outbox', 'reservations'].includes(collection));
    // What consumers still do about the offers is not the page's.
    await eventually(async () => {
      const before = reads().length;
      await pause(500);
      expect(reads()).toHaveLength(before);
    });
    seen.length = 0;

    const { data, errors } = await shop.anonymous.raw<{ products: { edges: unknown[] } }, object>(PAGE);
    expect(errors).toEqual([]);
    expect(data?.products.edges).toHaveLength(50);
    expect(reads()).toHaveLength(3);
  });
});
