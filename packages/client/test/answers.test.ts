import { parse } from 'graphql';
import { createShopgraphClient, MeDocument, operations, ShopgraphError } from '../src';
import { refusal } from './scripted-shop';
import { scriptedShops } from './shops';

const start = scriptedShops();
const connect = (url: string) => createShopgraphClient({ url, retryDelayMs: 1 });

const partial = {
  body: {
    data: { me: { id: 'user_1' }, product: null },
    errors: [{ message: 'This took too long.', path: ['product'], extensions: { code: 'TIMEOUT' } }],
    extensions: { cost: 3 },
  },
};

describe('an error in the answer', () => {
  it('is thrown with its code, its status and the id that logs know the request by', async () => {
    const shop = await start(refusal('BAD_USER_INPUT', 400));
    const error: unknown = await connect(shop.url)
      .me()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ShopgraphError);
    expect(error).toMatchObject({
      name: 'ShopgraphError',
      message: 'BAD_USER_INPUT it is',
      code: 'BAD_USER_INPUT',
      status: 400,
      requestId: 'req-1',
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });

  it('is thrown in spite of partial data', async () => {
    const shop = await start(partial);
    await expect(connect(shop.url).me()).rejects.toMatchObject({ code: 'TIMEOUT', status: 200 });
  });

  it('without a code counts as a fault of the shop', async () => {
    const shop = await start({ body: { errors: [{ message: 'odd' }] } });
    await expect(connect(shop.url).me()).rejects.toMatchObject({ code: 'INTERNAL', message: 'odd' });
  });

  it.each([
    [401, 'UNAUTHENTICATED'],
    [413, 'PAYLOAD_TOO_LARGE'],
    [500, 'INTERNAL'],
    [200, 'INTERNAL'],
  ])('of a proxy, HTTP %d, has the code %s', async (status, code) => {
    const shop = await start({ status, body: '<html>' });
    await expect(connect(shop.url).logout()).rejects.toMatchObject({ code, status });
  });

  it('is the network, when there is no shop', async () => {
    const shop = await start();
    await shop.stop();
    const error = await connect(shop.url)
      .logout()
      .catch((thrown: unknown) => thrown as ShopgraphError);
    expect(error).toMatchObject({ code: 'NETWORK', requestId: null });
    expect((error as ShopgraphError).cause).toMatchObject({ message: 'fetch failed' });
  });
});

describe('raw', () => {
  it('gives partial data, errors and extensions', async () => {
    const shop = await start(partial);
    await expect(connect(shop.url).raw(MeDocument)).resolves.toEqual(partial.body);
  });

  it('sends a document of the client by its hash', async () => {
    const shop = await start({ body: { data: { me: null } } });
    const { data } = await connect(shop.url).raw(MeDocument, {});
    expect(data?.me).toBeNull();
    expect(shop.requests[0]?.message).toMatchObject({
      extensions: { persistedQuery: { sha256Hash: operations.me.hash } },
    });
    expect(shop.requests[0]?.message.query).toBeUndefined();
  });

  it.each([
    ['text', '{ __typename }', '{ __typename }'],
    ['a parsed document', parse('{ __typename }'), '{\n  __typename\n}'],
  ])('sends %s as it is', async (_what, document, query) => {
    const shop = await start({ body: { data: { __typename: 'Query' } } });
    const { data } = await connect(shop.url).raw<{ __typename: string }, object>(document, { a: 1 });
    expect(data?.__typename).toBe('Query');
    expect(shop.requests[0]?.message).toEqual({ query, variables: { a: 1 } });
  });

  it('repeats a document of the caller only when told that it may', async () => {
    const answer = { body: { data: { __typename: 'Query' } } };
    const shop = await start('cut', 'cut', answer);
    const client = connect(shop.url);
    await expect(client.raw('{ __typename }')).rejects.toMatchObject({ code: 'NETWORK' });
    await expect(client.raw('{ __typename }', {}, { repeatable: true })).resolves.toMatchObject(answer.body);
  });

  it('throws when the answer is not GraphQL', async () => {
    const shop = await start({ status: 500, body: 'oops' });
    await expect(connect(shop.url).raw('{ __typename }')).rejects.toMatchObject({ code: 'INTERNAL', status: 500 });
  });
});
