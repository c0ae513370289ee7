import type { BusEvent } from '@shopgraph/kit';
import { anonymous, eventually } from '@shopgraph/kit/testing';
import { catalogOf, unique } from './catalog';
import { manager, type Products, startProducts } from './start-products';

let products: Products;
let catalog: ReturnType<typeof catalogOf>;
const published: BusEvent[] = [];
beforeAll(async () => {
  products = await startProducts();
  catalog = catalogOf(products);
  const types = ['created', 'updated', 'published', 'archived'].map((what) => `products.product-${what}`);
  await products.bus.subscribe({ consumer: 'test', types, handle: async (event) => void published.push(event) });
});
afterAll(() => products.stop());

const eventsOf = (id: string) => published.filter(({ aggregateId }) => aggregateId === id);

describe('productCreate', () => {
  it('adds a draft with its options', async () => {
    const { product, userErrors } = await catalog.create({
      name: '  Linen Shirt  ',
      options: [{ name: ' Size ', values: [' S', 'M '] }],
    });
    expect(userErrors).toEqual([]);
    expect(product).toMatchObject({
      slug: 'linen-shirt',
      name: 'Linen Shirt',
      description: '',
      status: 'DRAFT',
      options: [{ name: 'Size', values: ['S', 'M'] }],
      version: 1,
      createdAt: products.clock.now().toISOString(),
    });
    expect(product?.id).toMatch(/^prod_/);
  });

  it('keeps of a description only what is safe to show', async () => {
    const { product } = await catalog.create({
      name: unique('Safe '),
      description:
        '<p onclick="x()">Soft<script>steal()</script> <a href="javascript:x()">a</a> <a href="https://a.example">b</a></p><img src=x onerror=y>',
    });
    expect(product?.description).toBe(
      '<p>Soft <a rel="nofollow noopener">a</a> <a href="https://a.example" rel="nofollow noopener">b</a></p>',
    );
  });

  it('makes slugs of equal names unique, also of ten at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => catalog.create({ name: 'Twin' })));
    const slugs = answers.map(({ product }) => product?.slug);
    expect(new Set(slugs)).toEqual(new Set(['twin', ...[2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => `twin-${n}`)]));
  });

  it('refuses a slug that is taken, and gives it to one of ten at once', async () => {
    const slug = unique('wanted-');
    const answers = await Promise.all(Array.from({ length: 10 }, () => catalog.create({ name: 'Any', slug })));
    expect(answers.filter(({ product }) => product !== null)).toHaveLength(1);
    const refusals = answers.flatMap(({ userErrors }) => userErrors);
    expect(refusals).toHaveLength(9);
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'SLUG_TAKEN', field: ['input', 'slug'] });
  });

  it.each([
    ['an empty name', { name: '  ' }, ['input', 'name']],
    ['a slug with capitals', { name: 'A', slug: 'A' }, ['input', 'slug']],
    ['two options of one name', { name: 'A', options: [option('S', 'x'), option(' S', 'y')] }, ['input', 'options']],
    ['two equal values', { name: 'A', options: [option('S', 'x', ' x ')] }, ['input', 'options', '0', 'values']],
    ['an empty value', { name: 'A', options: [option('S', ' ')] }, ['input', 'options', '0', 'values']],
    ['an option without values', { name: 'A', options: [option('S')] }, ['input', 'options', '0', 'values']],
    ['a description that is too long', { name: 'A', description: 'x'.repeat(20_001) }, ['input', 'description']],
  ])('refuses %s with its path', async (_what, input, path) => {
    await expect(catalog.create(input)).rejects.toThrow(JSON.stringify({ path }).slice(1, -1));
  });

  function option(name: string, ...values: string[]) {
    return { name, values };
  }
});

describe('productUpdate', () => {
  it('changes what is given, leaves the rest, and raises the version', async () => {
    const { product } = await catalog.create({ name: unique('Before '), description: '<p>Old</p>' });
    products.clock.advance(1_000);
    const slug = unique('after-');
    const updated = await catalog.update(product!.id, 1, { name: 'After', slug, description: null });
    expect(updated).toMatchObject({
      product: { name: 'After', slug, description: '<p>Old</p>', version: 2, createdAt: product!.createdAt },
      userErrors: [],
    });
    expect(Date.parse(updated.product!.updatedAt)).toBe(Date.parse(product!.updatedAt) + 1_000);
  });

  it('lets one of ten simultaneous changes of one version win', async () => {
    const { product } = await catalog.create({ name: unique('Raced ') });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => catalog.update(product!.id, 1, { name: `Winner ${index}` })),
    );
    expect(answers.filter((answer) => answer.product !== null)).toHaveLength(1);
    const refusals = answers.flatMap(({ userErrors }) => userErrors);
    expect(refusals).toHaveLength(9);
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'CONFLICT', field: ['expectedVersion'] });
  });

  it('refuses the slug of another product', async () => {
    const taken = unique('taken-');
    await catalog.create({ name: 'Other', slug: taken });
    const { product } = await catalog.create({ name: unique('Renamed ') });
    const { userErrors } = await catalog.update(product!.id, 1, { slug: taken });
    expect(userErrors).toMatchObject([{ code: 'SLUG_TAKEN', field: ['input', 'slug'] }]);
  });

  it('lets options grow, but never leave a variant behind', async () => {
    const { id } = await catalog.stocked({ count: 2 });
    const grown = [{ name: 'Size', values: ['0', '1', '2'] }];
    expect(await catalog.update(id, 2, { options: grown })).toMatchObject({ product: { options: grown, version: 3 } });
    for (const options of [[], [{ name: 'Size', values: ['1'] }], [...grown, { name: 'Colour', values: ['Red'] }]]) {
      const { userErrors } = await catalog.update(id, 3, { options });
      expect(userErrors).toMatchObject([{ code: 'CONFLICT', field: ['input', 'options'] }]);
    }
  });

  it('never leaves a variant behind when both happen at once', async () => {
    const { product } = await catalog.create({
      name: unique('Both '),
      options: [{ name: 'Size', values: ['S', 'M'] }],
    });
    const [added, updated] = await Promise.all([
      catalog.addVariants(product!.id, [{ sku: unique('BOTH-'), options: [{ name: 'Size', value: 'S' }] }]),
      catalog.update(product!.id, 1, { options: [{ name: 'Size', values: ['M'] }] }),
    ]);
    expect([added.variants.length, updated.product === null ? 0 : 1].sort()).toEqual([0, 1]);
  });

  it('finds a product by its new words and not by its old ones', async () => {
    const [before, after] = [unique('formerword'), unique('laterword')];
    const { id } = await catalog.stocked({ name: before });
    await catalog.update(id, 2, { name: after, slug: after });
    const search = async (text: string) => {
      const query = 'query ($text: String!) { products(filter: { search: $text }) { edges { node { id } } } }';
      const { data } = await products.send<{ products: { edges: { node: { id: string } }[] } }>(anonymous, query, {
        text,
      });
      return data.products.edges.map(({ node }) => node.id);
    };
    expect(await search(after)).toEqual([id]);
    expect(await search(before)).toEqual([]);
  });
});

describe('publishing and archiving', () => {
  it('needs a variant', async () => {
    const { product } = await catalog.create({ name: unique('Bare ') });
    const { product: published, userErrors } = await catalog.publish(product!.id);
    expect(published).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'INVALID_TRANSITION', field: ['id'] }]);
  });

  it('changes the status once, however often it is repeated', async () => {
    const { id } = await catalog.stocked({ status: 'DRAFT' });
    for (const _repetition of [1, 2]) {
      expect(await catalog.publish(id)).toMatchObject({ product: { status: 'ACTIVE', version: 2 }, userErrors: [] });
    }
    for (const _repetition of [1, 2]) {
      expect(await catalog.archive(id)).toMatchObject({ product: { status: 'ARCHIVED', version: 3 }, userErrors: [] });
    }
    expect(await catalog.publish(id)).toMatchObject({ product: { status: 'ACTIVE', version: 4 } });
  });

  it('is refused for another version than the one that is there', async () => {
    const { id } = await catalog.stocked({ status: 'DRAFT' });
    for (const change of [catalog.publish, catalog.archive]) {
      const { product, userErrors } = await change(id, 7);
      expect(product).toBeNull();
      expect(userErrors).toMatchObject([{ code: 'CONFLICT', field: ['expectedVersion'] }]);
    }
  });

  it('says that there is no such product', async () => {
    const none = 'prod_00000000000000000000000000';
    for (const answer of [catalog.publish(none), catalog.archive(none), catalog.update(none, 1, { name: 'x' })]) {
      expect(await answer).toMatchObject({ product: null, userErrors: [{ code: 'NOT_FOUND', field: ['id'] }] });
    }
  });

  it('shows later fields of the same request what earlier ones changed', async () => {
    const { id, variants } = await catalog.stocked({ status: 'DRAFT' });
    const query = `mutation ($id: ID!, $variant: ID!) {
      before: variantUpdate(id: $variant, input: { name: "A" }) { variant { product { status } } }
      productPublish(id: $id) { product { variants { edges { node { product { status } } } } } }
    }`;
    const { data } = await products.send(manager, query, { id, variant: variants[0]!.id });
    expect(data).toEqual({
      before: { variant: { product: { status: 'DRAFT' } } },
      productPublish: { product: { variants: { edges: [{ node: { product: { status: 'ACTIVE' } } }] } } },
    });
  });
});

describe('the events of a product', () => {
  it('reach the bus once each, in order, with nothing but the id', async () => {
    const { id } = await catalog.stocked();
    await catalog.update(id, 2, { name: 'New' });
    await catalog.update(id, 3, { name: 'New' });
    await catalog.archive(id);
    await catalog.archive(id);
    await eventually(() => {
      expect(eventsOf(id).map(({ type, sequence, data }) => [type, sequence, data])).toEqual([
        ['products.product-created', 1, { productId: id }],
        ['products.product-published', 2, { productId: id }],
        ['products.product-updated', 3, { productId: id }],
        ['products.product-archived', 4, { productId: id }],
      ]);
    });
    expect(new Set(eventsOf(id).map(({ actor }) => actor))).toEqual(new Set(['user_manager']));
  });

  it('are not told of what was refused or stayed as it was', async () => {
    const { product } = await catalog.create({ name: unique('Quiet ') });
    const id = product!.id;
    await catalog.publish(id);
    await catalog.update(id, 9, { name: 'x' });
    await catalog.update(id, 1, { name: product!.name });
    const stored = await products.connection.collection('outbox').find({ aggregateId: id }).toArray();
    expect(stored.map(({ type }) => type as string)).toEqual(['products.product-created']);
  });
});
