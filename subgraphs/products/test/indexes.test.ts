import { anonymous, expectIndexed, unaskedFields } from '@shopgraph/kit/testing';
import { productsSchema } from '../src';
import { catalogOf } from './catalog';
import { manager, type Products, reader, startProducts } from './start-products';

let products: Products;
beforeAll(async () => {
  products = await startProducts();
});
afterAll(() => products.stop());

const SORTS = ['CREATED_AT_DESC', 'CREATED_AT_ASC', 'NAME_ASC', 'NAME_DESC', 'UPDATED_AT_DESC'];

describe('every query and every write', () => {
  it('finds its documents through an index', async () => {
    const catalog = catalogOf(products);
    await catalog.create({ name: 'Twin' });
    const { id, slug, variants } = await catalog.stocked({ name: 'Twin', count: 3 });
    const [{ id: variantId, sku } = { id: '', sku: '' }] = variants;
    await catalog.update(id, 2, { slug: 'other-slug', options: [{ name: 'Size', values: ['1', '2', '3', '4'] }] });
    await catalog.setPrice(variantId, '1', 'USD');
    await catalog.updateVariant(variantId, { name: 'New' });
    await catalog.archive(id);

    const query = `query ($id: ID!, $slug: String!, $variantId: ID!, $sku: String!) {
      a: product(id: $id) { variants(first: 2) { edges { node { product { id } } } } last: variants(last: 1) { edges { cursor } } }
      b: product(slug: $slug) { id } c: variant(id: $variantId) { id } d: variant(sku: $sku) { id }
    }`;
    for (const viewer of [anonymous, reader]) {
      await products.send(viewer, query, { id, slug, variantId, sku });
      for (const sort of SORTS) {
        for (const filter of [{}, { search: 'twin shirt' }, { search: '?' }, { slugs: [slug] }, { ids: [id] }]) {
          await listTwoPages(viewer, { sort, filter });
        }
      }
    }
    await listTwoPages(manager, { sort: 'NAME_ASC', filter: { status: 'DRAFT' } });

    expect(unaskedFields(productsSchema(), products.send.queries)).toEqual([]);
    const queried = products.commands.map(({ name, command }) => `${name} ${String(command[name])}`);
    for (const used of ['find products', 'find variants', 'aggregate products', 'update products', 'update variants']) {
      expect(queried).toContain(used);
    }
    await expectIndexed(products.connection, products.commands);
  });

  async function listTwoPages(viewer: typeof manager, variables: object): Promise<void> {
    const query = `query ($filter: ProductFilterInput, $sort: ProductSort, $after: String) {
      products(first: 1, filter: $filter, sort: $sort, after: $after) { pageInfo { endCursor } }
    }`;
    type List = { products: { pageInfo: { endCursor: string | null } } };
    const { data } = await products.send<List>(viewer, query, variables);
    await products.send(viewer, query, { ...variables, after: data.products.pageInfo.endCursor });
  }
});
