import { catalogOf } from './catalog';
import { type Products, startProducts } from './start-products';

let products: Products;
beforeAll(async () => {
  products = await startProducts();
});
afterAll(() => products.stop());

it('products holds nothing of people, not even of those who write them', async () => {
  await catalogOf(products).create({ name: 'Twin' });
  expect(JSON.parse(await products.users.ask(products.bus, 'export', 'user_manager'))).toEqual({});
  expect(await products.users.ask(products.bus, 'anonymisation', 'user_manager')).toBe('');
  for (const name of ['products', 'variants']) {
    const documents = await products.connection.collection(name).find().toArray();
    expect(JSON.stringify(documents)).not.toContain('user_manager');
  }
});
