import { anonymous, aService } from '@shopgraph/kit/testing';
import { request } from 'undici';
import { customer, type Products, reader, startProducts } from './start-products';

let products: Products;
beforeAll(async () => {
  products = await startProducts();
});
afterAll(() => products.stop());

const PRODUCT_ID = 'prod_00000000000000000000000000';
const VARIANT_ID = 'var_00000000000000000000000000';
const mutations = [
  'productCreate(input: { name: "A" }) { product { id } }',
  `productUpdate(id: "${PRODUCT_ID}", expectedVersion: 1, input: {}) { product { id } }`,
  `productPublish(id: "${PRODUCT_ID}") { product { id } }`,
  `productArchive(id: "${PRODUCT_ID}") { product { id } }`,
  `variantsCreate(productId: "${PRODUCT_ID}", input: [{ sku: "A" }]) { variants { id } }`,
  `variantUpdate(id: "${VARIANT_ID}", input: {}) { variant { id } }`,
  `priceSet(variantId: "${VARIANT_ID}", price: { amount: "1", currencyCode: "EUR" }) { variant { id } }`,
];

describe('the subgraph', () => {
  it('refuses a call without a signature', async () => {
    const response = await request(`${products.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    });
    expect(response.statusCode).toBe(401);
    await response.body.dump();
  });

  it('shows its schema to the gateway, with both keys of both entities', async () => {
    const { data } = await products.send<{ _service: { sdl: string } }>(anonymous, '{ _service { sdl } }');
    expect(data._service.sdl).toContain('type Product\n  @key(fields: "id")\n  @key(fields: "slug")');
    expect(data._service.sdl).toContain('type ProductVariant\n  @key(fields: "id")\n  @key(fields: "sku")');
  });

  it('describes every type, field and argument of its own', async () => {
    type Described = { name: string; description: string | null };
    type Type = Described & {
      fields: (Described & { args: Described[] })[] | null;
      inputFields: Described[] | null;
    };
    const { data } = await products.send<{ __schema: { types: Type[] } }>(
      anonymous,
      `{ __schema { types { name description inputFields { name description }
        fields { name description args { name description } } } } }`,
    );
    const own = data.__schema.types.filter(
      ({ name }) => !/^(_|link__|Query$|Mutation$|Subscription$|federation__)/.test(name),
    );
    const undescribed = own.flatMap(({ name, description, fields, inputFields }) => [
      ...(description ? [] : [name]),
      ...[...(fields ?? []), ...(inputFields ?? [])]
        .filter((field) => !field.description)
        .map((f) => `${name}.${f.name}`),
      ...(fields ?? []).flatMap((field) =>
        field.args.filter((arg) => !arg.description).map((arg) => `${name}.${field.name}(${arg.name})`),
      ),
    ]);
    expect(undescribed).toEqual([]);
  });

  it.each([
    ['nobody known', anonymous, 'UNAUTHENTICATED'],
    ['a customer', customer, 'FORBIDDEN'],
    ['staff who may only look', reader, 'FORBIDDEN'],
    ['a service', aService('orders'), 'FORBIDDEN'],
  ])('lets %s change nothing', async (_who, viewer, code) => {
    for (const mutation of mutations) {
      const { errors } = await products.send(viewer, `mutation { ${mutation} }`);
      expect(errors).toMatchObject([{ extensions: { code } }]);
    }
    expect(await products.connection.collection('products').countDocuments()).toBe(0);
  });
});
