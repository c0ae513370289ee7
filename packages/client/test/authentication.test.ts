import { createShopgraphClient, isUnauthenticated } from '../src';
import { type ReceivedRequest, refusal } from './scripted-shop';
import { scriptedShops } from './shops';

const start = scriptedShops();
const me = { body: { data: { me: { id: 'user_1' } } } };

/** A shop that accepts one token. */
const accepting = (token: string) => (request: ReceivedRequest) =>
  request.headers.authorization === `Bearer ${token}` ? me : refusal('UNAUTHENTICATED', 401);

function rotatingToken({ works = true } = {}) {
  const state = { token: 'old', refreshes: 0 };
  return {
    state,
    getToken: async () => state.token,
    refresh: async () => {
      state.refreshes += 1;
      await new Promise((resolve) => setImmediate(resolve));
      if (works) state.token = 'new';
      return works;
    },
  };
}

describe('a token', () => {
  it('is asked for before each request, and sent', async () => {
    const shop = await start(me);
    const tokens = ['a', 'b'];
    const client = createShopgraphClient({ url: shop.url, getToken: async () => tokens.shift() ?? null });
    for (const _call of [1, 2, 3]) await client.me();
    expect(shop.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer a', 'Bearer b', undefined]);
  });

  it('that is refused is refreshed, and the request repeated', async () => {
    const shop = await start(accepting('new'));
    const { state, ...options } = rotatingToken();
    await expect(createShopgraphClient({ url: shop.url, ...options }).me()).resolves.toEqual(me.body.data);
    expect(shop.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
  });

  it('that is refused is refreshed when only the code says so', async () => {
    const shop = await start(refusal('UNAUTHENTICATED'), me);
    const { state, ...options } = rotatingToken();
    await expect(createShopgraphClient({ url: shop.url, ...options }).me()).resolves.toEqual(me.body.data);
    expect(state.refreshes).toBe(1);
  });

  it('is refreshed once for all calls that it fails', async () => {
    const shop = await start(accepting('new'));
    const { state, ...options } = rotatingToken();
    const client = createShopgraphClient({ url: shop.url, ...options });
    const answers = await Promise.all(Array.from({ length: 10 }, () => client.me()));
    expect(answers).toEqual(Array.from({ length: 10 }, () => me.body.data));
    expect(state.refreshes).toBe(1);
  });

  it('that another call has replaced meanwhile is not refreshed again', async () => {
    const { state, ...options } = rotatingToken();
    const shop = await start((request) => {
      state.token = 'new';
      return accepting('new')(request);
    });
    await expect(createShopgraphClient({ url: shop.url, ...options }).me()).resolves.toEqual(me.body.data);
    expect(state.refreshes).toBe(0);
  });

  it('that cannot be refreshed fails the call as UNAUTHENTICATED', async () => {
    const shop = await start(accepting('new'));
    const { state, ...options } = rotatingToken({ works: false });
    const error = await createShopgraphClient({ url: shop.url, ...options })
      .me()
      .catch((thrown: unknown) => thrown);
    expect(isUnauthenticated(error)).toBe(true);
    expect(shop.requests).toHaveLength(1);
  });

  it('that is refused although it is new is not refreshed for ever', async () => {
    const shop = await start(refusal('UNAUTHENTICATED', 401));
    const { state, ...options } = rotatingToken();
    await expect(createShopgraphClient({ url: shop.url, ...options }).me()).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect(shop.requests).toHaveLength(2);
  });
});

describe('a mutation whose token is refused', () => {
  it('is repeated when it was refused as a whole', async () => {
    const done = { body: { data: { logout: { loggedOut: true, userErrors: [] } } } };
    const shop = await start(refusal('UNAUTHENTICATED', 401), done);
    const { state, ...options } = rotatingToken();
    await expect(createShopgraphClient({ url: shop.url, ...options }).logout()).resolves.toEqual(done.body.data);
  });

  it('is not repeated when a part of it was done', async () => {
    const shop = await start({
      body: {
        data: { a: { id: 1 }, b: null },
        errors: [{ message: 'no', path: ['b'], extensions: { code: 'UNAUTHENTICATED' } }],
      },
    });
    const { state, ...options } = rotatingToken();
    const { data } = await createShopgraphClient({ url: shop.url, ...options }).raw('mutation { a b }');
    expect(data).toEqual({ a: { id: 1 }, b: null });
    expect(shop.requests).toHaveLength(1);
  });
});
