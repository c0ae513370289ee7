import { anonymous, aService } from '@shopgraph/kit/testing';
import { catalogOf } from './catalog';
import { customer, manager, type Products, reader, startProducts } from './start-products';

let products: Products;
let catalog: ReturnType<typeof catalogOf>;
beforeAll(async () => {
  products = await startProducts();
  catalog = catalogOf(products);
});
afterAll(() => products.stop());

const LIST = `{ products(first: 2) { edges { node { id options { name } variants(first: 1) { edges { node {
  price { amount } product { name }
} } pageInfo { hasNextPage } } } } pageInfo { hasNextPage } } }`;
const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on ProductVariant { price { amount } product { name } } }
}`;

describe('an answer', () => {
  it.each([
    ['nobody known', anonymous],
    ['a customer', customer],
    ['a sibling service', aService('orders')],
  ])('for %s may be kept by every cache for a minute', async (_who, viewer) => {
    const { variants } = await catalog.stocked();
    const representations = variants.map(({ id }) => ({ __typename: 'ProductVariant', id }));
    expect(await products.cacheControl(viewer, LIST)).toBe('max-age=60, public');
    expect(await products.cacheControl(viewer, ENTITIES, { representations })).toBe('max-age=60, public');
  });

  it('for those who see more is not kept', async () => {
    expect(await products.cacheControl(reader, LIST)).toBe('no-store');
  });

  it('to a mutation is not kept', async () => {
    const { product } = await catalog.create({ name: 'Kept' });
    const archive = 'mutation ($id: ID!) { productArchive(id: $id) { product { id } } }';
    expect(await products.cacheControl(manager, archive, { id: product!.id })).toBe('no-store');
  });

  it('with an error is not kept', async () => {
    expect(await products.cacheControl(anonymous, '{ product { id } }')).toBe('no-store');
  });
});
