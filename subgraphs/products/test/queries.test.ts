import { anonymous, aService } from '@shopgraph/kit/testing';
import { catalogOf, unique } from './catalog';
import { customer, manager, type Products, reader, startProducts } from './start-products';

let products: Products;
let catalog: ReturnType<typeof catalogOf>;
beforeAll(async () => {
  products = await startProducts();
  catalog = catalogOf(products);
});
afterAll(() => products.stop());

const ENTITIES = 'query ($representations: [_Any!]!) { _entities(representations: $representations)';

/** What the service has asked of its catalog since `since`, as `command collection`. */
const lookupsSince = (since: number) =>
  products.commands
    .slice(since)
    .map(({ name, command }) => `${name} ${String(command[name])}`)
    .filter((lookup) => /products|variants/.test(lookup));

const publicViewers = [
  ['nobody known', anonymous],
  ['a customer', customer],
  ['a sibling service', aService('orders')],
] as const;

describe('a product', () => {
  const query = 'query ($id: ID, $slug: String) { product(id: $id, slug: $slug) { id status } }';

  it('is found by its id and by its slug', async () => {
    const { id, slug } = await catalog.stocked();
    for (const key of [{ id }, { slug }]) {
      const { data } = await products.send(anonymous, query, key);
      expect(data).toEqual({ product: { id, status: 'ACTIVE' } });
    }
  });

  it.each([
    ['both keys', { id: 'prod_00000000000000000000000000', slug: 'x' }],
    ['no key', {}],
    ['an id of something else', { id: 'var_00000000000000000000000000' }],
  ])('refuses %s', async (_what, key) => {
    const { errors } = await products.send(anonymous, query, key);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it.each(publicViewers)('that is not on sale does not exist for %s, by any way', async (_who, viewer) => {
    for (const status of ['DRAFT', 'ARCHIVED'] as const) {
      const { id, slug, variants } = await catalog.stocked({ status });
      const [{ id: variantId, sku } = { id: '', sku: '' }] = variants;
      const { data } = await products.send(
        viewer,
        `query ($id: ID!, $slug: String!, $slugs: [String!]!, $variantId: ID!, $sku: String!, $representations: [_Any!]!) {
          byId: product(id: $id) { id } bySlug: product(slug: $slug) { id }
          list: products(filter: { slugs: $slugs }) { edges { node { id } } }
          variantById: variant(id: $variantId) { product { id } } variantBySku: variant(sku: $sku) { product { id } }
          _entities(representations: $representations) { __typename }
        }`,
        {
          ...{ id, slug, slugs: [slug], variantId, sku },
          representations: [
            { __typename: 'Product', id },
            { __typename: 'Product', slug },
            { __typename: 'ProductVariant', id: variantId },
            { __typename: 'ProductVariant', sku },
          ],
        },
      );
      const nothing = { byId: null, bySlug: null, variantById: null, variantBySku: null };
      expect(data).toEqual({ ...nothing, list: { edges: [] }, _entities: [null, null, null, null] });
    }
  });

  it('that is not on sale exists for those who may see it', async () => {
    const { id, slug, variants } = await catalog.stocked({ status: 'DRAFT' });
    const { data } = await products.send(
      reader,
      `query ($id: ID!, $sku: String!, $slugs: [String!]!, $representations: [_Any!]!) {
        product(id: $id) { status } variant(sku: $sku) { product { status } }
        products(filter: { slugs: $slugs }) { edges { node { status } } }
        _entities(representations: $representations) { ... on Product { status } }
      }`,
      { id, sku: variants[0]!.sku, slugs: [slug], representations: [{ __typename: 'Product', slug }] },
    );
    const draft = { status: 'DRAFT' };
    expect(data).toEqual({
      product: draft,
      variant: { product: draft },
      products: { edges: [{ node: draft }] },
      _entities: [draft],
    });
  });
});

describe('a variant', () => {
  it('that is not offered exists for those who may see it only', async () => {
    const { id, variants } = await catalog.stocked({ count: 2 });
    const [{ id: variantId } = { id: '' }] = variants;
    await catalog.updateVariant(variantId, { active: false });
    const query = `query ($id: ID!, $variantId: ID!, $representations: [_Any!]!) {
      variant(id: $variantId) { id } product(id: $id) { variants { edges { node { id } } } }
      _entities(representations: $representations) { ... on ProductVariant { id } }
    }`;
    const variables = { id, variantId, representations: [{ __typename: 'ProductVariant', id: variantId }] };
    const [hidden, offered] = variants.map((variant) => ({ id: variant.id }));
    expect((await products.send(customer, query, variables)).data).toEqual({
      variant: null,
      product: { variants: { edges: [{ node: offered }] } },
      _entities: [null],
    });
    expect((await products.send(reader, query, variables)).data).toEqual({
      variant: hidden,
      product: { variants: { edges: [{ node: hidden }, { node: offered }] } },
      _entities: [hidden],
    });
  });

  it('refuses a currency that there is not', async () => {
    const { variants } = await catalog.stocked();
    const query = 'query ($sku: String!) { variant(sku: $sku) { price(currency: "ZZZ") { amount } } }';
    const { errors } = await products.send(anonymous, query, { sku: variants[0]!.sku });
    expect(errors).toMatchObject([
      { path: ['variant', 'price'], extensions: { code: 'BAD_USER_INPUT', fields: [{ path: ['currency'] }] } },
    ]);
  });
});

describe('references', () => {
  it('to 50 variants and 50 products cost one query per collection and key', async () => {
    const { id, slug, variants } = await catalog.stocked({ count: 25 });
    const representations = [
      ...variants.map(({ sku }) => ({ __typename: 'ProductVariant', sku })),
      ...variants.map((_, index) => ({ __typename: 'ProductVariant', sku: `unknown ${index}` })),
    ];
    const since = products.commands.length;
    const { data } = await products.send<{ _entities: ({ sku: string } | null)[] }>(
      aService('orders'),
      `${ENTITIES} { ... on ProductVariant {
        id sku name active options { name value } price(currency: "EUR") { minorUnits currencyCode } product { id name status }
      } } }`,
      { representations },
    );
    expect(lookupsSince(since)).toEqual(['find variants', 'find products']);
    expect(data._entities.map((variant) => variant?.sku)).toEqual([
      ...variants.map(({ sku }) => sku),
      ...variants.map(() => undefined),
    ]);
    expect(data._entities[0]).toMatchObject({ price: { minorUnits: 1250, currencyCode: 'EUR' }, product: { id } });

    const before = products.commands.length;
    await products.send(anonymous, `${ENTITIES} { ... on Product { name } } }`, {
      representations: Array.from({ length: 50 }, (_, index) => ({
        __typename: 'Product',
        slug: index === 0 ? slug : `unknown-${index}`,
      })),
    });
    expect(lookupsSince(before)).toEqual(['find products']);
  });

  it('that hold something else than text are refused', async () => {
    const { data, errors } = await products.send(anonymous, `${ENTITIES} { ... on Product { id } } }`, {
      representations: [
        { __typename: 'Product', id: { $gt: '' } },
        { __typename: 'Product', slug: ['x'] },
      ],
    });
    expect(data).toEqual({ _entities: [null, null] });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT']);
  });
});

describe('the variants of a product', () => {
  const page = async (id: string, args: string) => {
    const query = `query ($id: ID!) { product(id: $id) { variants(${args}) {
      edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    } } }`;
    type Page = {
      edges: { cursor: string; node: { name: string } }[];
      pageInfo: {
        hasNextPage: boolean;
        hasPreviousPage: boolean;
        startCursor: string | null;
        endCursor: string | null;
      };
    };
    const { data } = await products.send<{ product: { variants: Page } }>(anonymous, query, { id });
    const { edges, pageInfo } = data.product.variants;
    return { names: edges.map(({ node }) => node.name), pageInfo };
  };

  it('are read on from the cursor of a first page, to the end and back', async () => {
    const { id } = await catalog.stocked({ count: 5 });
    const first = await page(id, 'first: 2');
    expect(first).toMatchObject({ names: ['1', '2'], pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    const second = await page(id, `first: 2, after: "${first.pageInfo.endCursor}"`);
    expect(second).toMatchObject({ names: ['3', '4'], pageInfo: { hasNextPage: true, hasPreviousPage: true } });
    const third = await page(id, `first: 2, after: "${second.pageInfo.endCursor}"`);
    expect(third).toMatchObject({ names: ['5'], pageInfo: { hasNextPage: false } });
    const back = await page(id, `last: 2, before: "${second.pageInfo.startCursor}"`);
    expect(back).toEqual({ names: ['1', '2'], pageInfo: expect.objectContaining(cursorsOf(first.pageInfo)) });
  });

  it('are twenty unless asked otherwise', async () => {
    const { id } = await catalog.stocked({ count: 21 });
    const { data } = await products.send<{ product: { variants: { edges: unknown[]; pageInfo: object } } }>(
      anonymous,
      'query ($id: ID!) { product(id: $id) { variants { edges { cursor } pageInfo { hasNextPage } } } }',
      { id },
    );
    expect(data.product.variants.edges).toHaveLength(20);
    expect(data.product.variants.pageInfo).toEqual({ hasNextPage: true });
  });

  it('of 50 products on a page cost one query for all', async () => {
    const word = unique('pageword');
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => catalog.stocked({ name: `${word} ${index}`, count: 2 })),
    );
    const since = products.commands.length;
    const { data } = await products.send<{ products: { edges: { node: { variants: { edges: object[] } } }[] } }>(
      anonymous,
      `query ($word: String!) { products(first: 50, filter: { search: $word }) { edges { node { id
        variants(first: 10) { edges { node { sku price { amount } product { name } } } }
      } } } }`,
      { word },
    );
    expect(lookupsSince(since)).toEqual(['find products', 'aggregate products']);
    expect(data.products.edges).toHaveLength(50);
    for (const { node } of data.products.edges) expect(node.variants.edges).toHaveLength(2);
  });

  function cursorsOf({ startCursor, endCursor }: { startCursor: string | null; endCursor: string | null }) {
    return { startCursor, endCursor };
  }
});

describe('the list of products', () => {
  type List = {
    products: {
      edges: { node: { name: string; id: string } }[];
      pageInfo: { endCursor: string; hasNextPage: boolean };
    };
  };
  const LIST = `query ($filter: ProductFilterInput, $sort: ProductSort, $first: Int, $after: String) {
    products(filter: $filter, sort: $sort, first: $first, after: $after) {
      edges { node { id name } } pageInfo { endCursor hasNextPage }
    }
  }`;
  const names = async (variables: object, viewer: typeof customer = anonymous) => {
    const { data } = await products.send<List>(viewer, LIST, variables);
    return data.products.edges.map(({ node }) => node.name);
  };

  it.each([
    ['CREATED_AT_DESC', ['cherry', 'Banana', 'Éclair', 'apple']],
    ['CREATED_AT_ASC', ['apple', 'Éclair', 'Banana', 'cherry']],
    ['NAME_ASC', ['apple', 'Banana', 'cherry', 'Éclair']],
    ['NAME_DESC', ['Éclair', 'cherry', 'Banana', 'apple']],
    ['UPDATED_AT_DESC', ['Banana', 'cherry', 'Éclair', 'apple']],
  ])('is sorted by %s', async (sort, expected) => {
    const word = unique('sortword').toLowerCase();
    const made = [];
    for (const name of ['apple', 'Éclair', 'Banana', 'cherry']) {
      made.push(await catalog.stocked({ name, description: word }));
      products.clock.advance(1_000);
    }
    await catalog.update(made[2]!.id, 2, { description: `${word} again` });
    products.clock.advance(1_000);
    expect(await names({ filter: { search: word }, sort })).toEqual(expected);
  });

  it.each(['CREATED_AT_DESC', 'CREATED_AT_ASC', 'NAME_ASC', 'NAME_DESC', 'UPDATED_AT_DESC'])(
    'sorted by %s and read in small pages holds every product once, though all are equal',
    async (sort) => {
      const word = unique('equalword').toLowerCase();
      const made = await Promise.all(Array.from({ length: 7 }, () => catalog.stocked({ name: word })));
      const read: string[] = [];
      for (let after: string | null = null, more = true; more;) {
        const { data }: { data: List } = await products.send<List>(anonymous, LIST, {
          ...{ filter: { search: word }, sort, first: 2, after },
        });
        read.push(...data.products.edges.map(({ node }) => node.id));
        [after, more] = [data.products.pageInfo.endCursor, data.products.pageInfo.hasNextPage];
      }
      expect(read).toEqual(made.map(({ id }) => id).sort());
    },
  );

  it.each([
    ['the beginning of a word', 'wint', true],
    ['words in any order and case, without their accents', 'COAT winter crème', true],
    ['a word of the description', 'waterproof', true],
    ['the inside of a word', 'inter', false],
    ['words of which one is missing', 'winter umbrella', false],
    ['what means something to a regular expression', '.*', false],
    ['what stands in the markup only', 'strong', false],
  ])('searched for %s', async (_what, search, isFound) => {
    const { id, slug } = await catalog.stocked({
      name: 'Winter Coat Creme',
      description: '<strong>Waterproof</strong>',
    });
    const { data } = await products.send<List>(anonymous, LIST, { filter: { search, slugs: [slug] } });
    expect(data.products.edges.map(({ node }) => node.id)).toEqual(isFound ? [id] : []);
  });

  it('holds those with the ids and the slugs that are given', async () => {
    const [one, two] = [await catalog.stocked(), await catalog.stocked()];
    expect(await names({ filter: { ids: [one.id, two.id] }, sort: 'CREATED_AT_ASC' })).toEqual([one.name, two.name]);
    expect(await names({ filter: { ids: [one.id, two.id], slugs: [two.slug] } })).toEqual([two.name]);
    const { errors } = await products.send(anonymous, LIST, { filter: { ids: ['x'] } });
    expect(errors).toMatchObject([{ extensions: { fields: [{ path: ['filter', 'ids'] }] } }]);
  });

  it('can be asked for one status by those who may see all', async () => {
    const { id, name } = await catalog.stocked({ status: 'ARCHIVED' });
    const filter = { ids: [id] };
    expect(await names({ filter: { ...filter, status: 'ARCHIVED' } }, manager)).toEqual([name]);
    expect(await names({ filter: { ...filter, status: 'DRAFT' } }, manager)).toEqual([]);
    for (const [viewer, code] of [
      [anonymous, 'UNAUTHENTICATED'],
      [customer, 'FORBIDDEN'],
    ] as const) {
      const { errors } = await products.send(viewer, LIST, { filter: { status: 'ACTIVE' } });
      expect(errors).toMatchObject([{ extensions: { code } }]);
    }
  });
});
