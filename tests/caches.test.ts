import { eventually } from '@shopgraph/kit/testing';
import { request } from 'undici';
import { anOffer } from './support/shop-builders';
import { startTestShop, type TestShop } from './support/start-test-shop';

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.close());

const PAGE =
  'query ($slug: String!) { product(slug: $slug) { id name variants(first: 5) { edges { node { price { amount } } } } } }';

/** The page of a product as nobody known sees it, and whether it came from a cache. */
async function pageOf(slug: string) {
  const response = await request(shop.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: PAGE, variables: { slug } }),
  });
  const { data } = (await response.body.json()) as {
    data: { product: { variants: { edges: { node: { price: { amount: string } } }[] } } | null };
  };
  return { product: data.product, cacheControl: response.headers['cache-control'] };
}

async function responseHits(): Promise<number> {
  const { body } = await request(`${shop.operationsOrigins.gateway}/metrics`);
  const line = (await body.text())
    .split('\n')
    .find((one) => one.startsWith('gateway_cache_lookups_total{cache="response"') && one.includes('"hit"'));
  return Number(line?.split(' ').at(-1) ?? 0);
}

it('a page that comes from the cache shows a new price as soon as its event has arrived', async () => {
  const { client: staff } = await shop.signedIn('ADMIN');
  const { sku, slug } = await anOffer(staff, { price: '10.00' });
  await eventually(async () =>
    expect((await pageOf(slug)).product?.variants.edges[0]?.node.price.amount).toBe('10.00'),
  );
  await pageOf(slug);
  const hits = await responseHits();
  expect((await pageOf(slug)).cacheControl).toMatch(/^max-age=60, public$/);
  expect(await responseHits()).toBe(hits + 1);

  // Far below the minute for which products says that it may be kept.
  const { variant } = await staff.variant({ sku });
  await staff.priceSet({ variantId: variant?.id ?? '', price: { amount: '12.50', currencyCode: 'EUR' } });
  await eventually(async () =>
    expect((await pageOf(slug)).product?.variants.edges[0]?.node.price.amount).toBe('12.50'),
  );
});
