import { createHash } from 'node:crypto';
import { allow } from '@shopgraph/kit';
import { request } from 'undici';
import { open } from '../shop';
import { startShop } from '../start-gateway';
import type { SubgraphDefinition } from '../start-subgraph';

interface Hint {
  readonly maxAge: number;
  readonly scope: 'PUBLIC' | 'PRIVATE';
}

/** A resolver, of fields or of references, that says how long its value may be kept. */
const keep =
  (maxAge: number, scope: Hint['scope'], value: unknown) =>
  (parent: unknown, ...rest: unknown[]): unknown => {
    const { cacheControl } = rest.at(-1) as { cacheControl: { setCacheHint: (hint: Hint) => void } };
    cacheControl.setCacheHint({ maxAge, scope });
    return value ?? parent;
  };

const catalog: SubgraphDefinition = {
  name: 'catalog',
  typeDefs: /* GraphQL */ `
    type Product @key(fields: "id") {
      id: ID!
      name: String
    }
    type Query {
      product: Product
      draft: String
      news: String
      failing: String
    }
    type Mutation {
      rename: String
    }
  `,
  resolvers: {
    Query: {
      product: keep(60, 'PUBLIC', { id: '1', name: 'Mug' }),
      draft: keep(60, 'PRIVATE', 'draft'),
      news: () => 'today',
      failing: () => {
        throw new Error('broken');
      },
    },
    Product: { name: keep(60, 'PUBLIC', 'Mug') },
    Mutation: { rename: keep(60, 'PUBLIC', 'Cup') },
  },
};

const stock: SubgraphDefinition = {
  name: 'stock',
  typeDefs: /* GraphQL */ `
    type Product @key(fields: "id") {
      id: ID!
      quantity: Int
    }
  `,
  resolvers: {
    Product: {
      __resolveReference: keep(5, 'PUBLIC', undefined),
      quantity: keep(5, 'PUBLIC', 3),
    },
  },
};

let shop: Awaited<ReturnType<typeof startShop>>;
beforeAll(async () => {
  const table = { Query: open('product', 'draft', 'news', 'failing'), Mutation: open('rename'), Product: allow };
  shop = await startShop({}, [catalog, stock], () => table);
});
afterAll(() => shop.stop());

describe('an answer', () => {
  it.each([
    ['of public data may be kept as long as its subgraph allows', '{ product { name } }', 'max-age=60, public'],
    ['of two subgraphs as long as both allow', '{ product { name quantity } }', 'max-age=5, public'],
    ['of private data may not be kept', '{ product { name } draft }', 'no-store'],
    ['of data whose subgraph does not say anything may not be kept', '{ product { name } news }', 'no-store'],
    ['with an error may not be kept', '{ product { name } failing }', 'no-store'],
    ['of a mutation may not be kept', 'mutation { rename }', 'no-store'],
    ['about the schema may not be kept', '{ __schema { queryType { name } } }', 'no-store'],
    ['to what is no query may not be kept', '{ prodct }', 'no-store'],
  ])('%s', async (_what, query, cacheControl) => {
    expect((await shop.send(query)).headers['cache-control']).toBe(cacheControl);
  });

  it('to a signed-in user stays with that user', async () => {
    const { headers } = await shop.sendAs([], '{ product { name } }');
    expect(headers['cache-control']).toBe('max-age=60, private');
    expect(headers.vary).toMatch(/\bAuthorization\b/);
  });

  it('that is refused before GraphQL may not be kept', async () => {
    const { status, headers } = await shop.post({ query: '{ news }' }, { authorization: 'Bearer x' });
    expect([status, headers['cache-control']]).toEqual([401, 'no-store']);
  });

  it('that is refused for coming too often may not be kept', async () => {
    const strict = await startShop({ RATE_LIMIT_ANONYMOUS: '1/60' }, [catalog, stock]);
    await strict.send('{ news }');
    const { status, headers } = await strict.send('{ news }');
    await strict.stop();
    expect([status, headers['cache-control']]).toEqual([429, 'no-store']);
  });

  it('to a persisted query by GET may be kept by a CDN, once the query is known', async () => {
    const query = '{ product { id name } }';
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const url = `${shop.url}?extensions=${encodeURIComponent(JSON.stringify(extensions))}`;
    const get = async () => {
      const { headers, body } = await request(url, { headers: { 'apollo-require-preflight': 'true' } });
      return { cacheControl: headers['cache-control'], answer: await body.json() };
    };

    expect((await get()).cacheControl).toBe('private, no-cache, must-revalidate');
    await shop.post({ query, extensions });
    expect(await get()).toEqual({
      cacheControl: 'max-age=60, public',
      answer: { data: { product: { id: '1', name: 'Mug' } } },
    });
  });
});
