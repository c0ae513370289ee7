import { createSession, createShopgraphClient, memoryTokenStore, type ShopgraphClient } from '@shopgraph/client';
import { eventually } from '@shopgraph/kit/testing';
import { aSku, itemOf, receive } from '../../tests/support/shop-builders';
import { PASSWORD, startTestShop, type TestShop } from '../../tests/support/start-test-shop';

let shop: TestShop;
let methods: string[];
const recordingFetch: typeof fetch = (input, init) => {
  methods.push(init?.method ?? 'GET');
  return fetch(input, init);
};
beforeAll(async () => {
  shop = await startTestShop({ environment: { PERSISTED_QUERIES: 'safelist' } });
});
beforeEach(() => {
  methods = [];
});
afterAll(() => shop.close());

describe('the client at a shop that serves listed operations only', () => {
  it('is served, by hash alone and with GET', async () => {
    const client = createShopgraphClient({ url: shop.url, fetch: recordingFetch, useGetForQueries: true });
    await expect(client.products({ first: 1 })).resolves.toMatchObject({ products: { edges: [] } });
    await expect(client.me()).resolves.toEqual({ me: null });
    expect(methods).toEqual(['GET', 'GET']);
  });

  it('follows levels, with a token that its session renews', async () => {
    const { client: staff } = await shop.signedIn('ADMIN');
    const [followed, other] = [aSku(), aSku()];
    await anItem(staff, followed);
    await anItem(staff, other);

    const { email } = await shop.signedIn('ADMIN');
    const store = memoryTokenStore();
    const { client } = createSession({ url: shop.url, store });
    await client.login({ input: { email, password: PASSWORD } });
    const tokens = await store.read();
    await store.write(tokens && { ...tokens, accessToken: `${tokens.accessToken}x` });

    const seen: string[] = [];
    const following = (async () => {
      for await (const { stockChanged } of client.stockChanged({ sku: followed })) {
        seen.push(stockChanged.id);
        break;
      }
    })();
    // Nobody tells when a subscription has begun.
    await eventually(async () => {
      await receive(staff, other, 1);
      await receive(staff, followed, 1);
      expect(seen).toHaveLength(1);
    });
    await following;
    const { levels } = await itemOf(staff, followed);
    expect(seen).toEqual(levels.edges.map(({ node }) => node.id));
  });

  it('cannot ask anything of its own', async () => {
    const client = createShopgraphClient({ url: shop.url });
    const { errors } = await client.raw('{ me { email } }');
    expect(errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_IN_LIST' } }]);
  });
});

describe('a session at a shop', () => {
  it('signs in, outlives its access token and ends with logout', async () => {
    const { email } = await shop.signedIn();
    const store = memoryTokenStore();
    const { client } = createSession({ url: shop.url, store });
    await client.login({ input: { email, password: PASSWORD } });
    await expect(client.me()).resolves.toMatchObject({ me: { email } });

    const first = await store.read();
    await store.write(first && { ...first, accessToken: `${first.accessToken}x` });
    await expect(client.me()).resolves.toMatchObject({ me: { email } });
    const second = await store.read();
    expect(second?.refreshToken).not.toBe(first?.refreshToken);

    await expect(client.logout()).resolves.toMatchObject({ logout: { loggedOut: true } });
    await expect(client.me()).resolves.toEqual({ me: null });

    await store.write(second);
    await expect(client.me()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(client.me()).resolves.toEqual({ me: null });
  });

  it('says why it cannot begin', async () => {
    const session = createSession({ url: shop.url });
    const { login } = await session.client.login({ input: { email: 'nobody@shopgraph.test', password: PASSWORD } });
    expect(login.userErrors).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
    expect(await session.isSignedIn()).toBe(false);
  });
});

/** A variant whose stock can change. */
async function anItem(staff: ShopgraphClient, sku: string): Promise<void> {
  const { productCreate } = await staff.productCreate({
    input: { name: sku, slug: null, description: '', options: [] },
  });
  const line = { sku, name: sku, options: [], price: { amount: '1.00', currencyCode: 'EUR' } };
  const { variantsCreate } = await staff.variantsCreate({ productId: productCreate.product?.id ?? '', input: [line] });
  expect([...productCreate.userErrors, ...variantsCreate.userErrors]).toEqual([]);
  await receive(staff, sku, 1);
}
