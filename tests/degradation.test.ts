import { parse } from 'graphql';
import { request } from 'undici';
import { anOffer } from './support/shop-builders';
import { startTestShop, type TestShop } from './support/start-test-shop';

let shop: TestShop;
let sku: string;
beforeAll(async () => {
  shop = await startTestShop();
  ({ sku } = await anOffer((await shop.signedIn('ADMIN')).client));
});
afterAll(() => shop.close());

const QUERY = parse('query ($sku: String!) { variant(sku: $sku) { sku name availability { quantity } } }');

describe('a subgraph that is down', () => {
  it('costs its own fields, with an error at their path, and nothing else', async () => {
    expect((await shop.anonymous.raw(QUERY, { sku })).errors).toEqual([]);
    await shop.services.inventory?.close();

    const start = Date.now();
    const response = await request(shop.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: `{ variant(sku: "${sku}") { sku name stock: availability { quantity } } me { id } }`,
      }),
    });
    const text = await response.body.text();
    const { data, errors } = JSON.parse(text) as { data: { variant: null; me: null }; errors: object[] };

    expect(Date.now() - start).toBeLessThan(3_500);
    // `availability` is never null by the schema, so that null goes up to the variant.
    expect(data).toEqual({ variant: null, me: null });
    expect(errors).toEqual([
      expect.objectContaining({ path: ['variant', 'stock'], extensions: { code: 'UNAVAILABLE' } }),
    ]);
    expect(text).not.toMatch(/ECONNREFUSED|127\.0\.0\.1|inventory/);

    const { data: rest, errors: none } = await shop.anonymous.raw(parse(`{ variant(sku: "${sku}") { name } }`));
    expect(rest).toMatchObject({ variant: { name: expect.any(String) } });
    expect(none).toEqual([]);
  });
});
