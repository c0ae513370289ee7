import { createShopgraphClient, operations } from '../src';
import { refusal } from './scripted-shop';
import { scriptedShops } from './shops';

const start = scriptedShops();
const me = { body: { data: { me: null } } };
const product = { body: { data: { product: null } } };

describe('an operation', () => {
  it('is sent as its hash, and gives its data', async () => {
    const shop = await start({ body: { data: { product: { id: 'prod_1' } } } });
    const client = createShopgraphClient({ url: shop.url });

    const data = await client.product({ slug: 'mug' });

    expect(data.product?.id).toBe('prod_1');
    expect(shop.requests).toHaveLength(1);
    expect(shop.requests[0]).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
    });
    expect(shop.requests[0]?.message).toEqual({
      operationName: 'product',
      variables: { slug: 'mug' },
      extensions: { persistedQuery: { version: 1, sha256Hash: operations.product.hash } },
    });
  });

  it('is sent in full, with its hash, where the shop does not know it yet', async () => {
    const shop = await start(refusal('PERSISTED_QUERY_NOT_FOUND'), me);
    await expect(createShopgraphClient({ url: shop.url }).me()).resolves.toEqual({ me: null });
    expect(shop.requests.map(({ message }) => message.query)).toEqual([undefined, String(operations.me.document)]);
    expect(shop.requests[1]?.message.extensions?.persistedQuery?.sha256Hash).toBe(operations.me.hash);
  });

  it('is always sent in full to a shop without persisted queries', async () => {
    const shop = await start(me);
    await createShopgraphClient({ url: shop.url, persistedQueries: false }).me();
    expect(shop.requests[0]?.message).toEqual({ operationName: 'me', query: String(operations.me.document) });
  });

  it('carries the headers of the client and of the call', async () => {
    const shop = await start(me);
    const client = createShopgraphClient({ url: shop.url, headers: { 'x-shop': 'eu', 'x-page': 'any' } });
    await client.me({}, { headers: { 'x-page': 'home' } });
    expect(shop.requests[0]?.headers).toMatchObject({ 'x-shop': 'eu', 'x-page': 'home' });
  });
});

describe('with GET for queries', () => {
  const connect = (url: string) => createShopgraphClient({ url, useGetForQueries: true });

  it('a query is asked by an address that caches can keep', async () => {
    const shop = await start(product);
    await connect(shop.url).product({ slug: 'mug & cup' });
    expect(shop.requests[0]).toMatchObject({
      method: 'GET',
      headers: { 'apollo-require-preflight': 'true' },
      message: {
        operationName: 'product',
        variables: { slug: 'mug & cup' },
        extensions: { persistedQuery: { sha256Hash: operations.product.hash } },
      },
    });
    expect(shop.requests[0]?.message).not.toHaveProperty('query');
  });

  it('a query that the shop does not know is sent in full with POST', async () => {
    const shop = await start(refusal('PERSISTED_QUERY_NOT_FOUND'), product);
    await connect(shop.url).product({ slug: 'mug' });
    expect(shop.requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
  });

  it('a mutation is still sent with POST', async () => {
    const shop = await start({ body: { data: { logout: { loggedOut: true, userErrors: [] } } } });
    await connect(shop.url).logout();
    expect(shop.requests[0]?.method).toBe('POST');
  });

  it('a query whose address would be too long is sent with POST', async () => {
    const shop = await start({ body: { data: { products: { edges: [] } } } });
    await connect(shop.url).products({ filter: { search: 'x'.repeat(2_000) } });
    expect(shop.requests[0]?.method).toBe('POST');
  });
});
