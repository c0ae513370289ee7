import { request } from 'undici';
import { eventually } from '@shopgraph/kit/testing';
import { aCart, aCheckout, anOffer } from '../support/shop-builders';
import { startTestShop, type TestShop } from '../support/start-test-shop';

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.close());

describe('while the broker is away', () => {
  it('people go on buying, and every service says what is missing but is ready', async () => {
    const { client: staff } = await shop.signedIn('ADMIN');
    const { sku } = await anOffer(staff);
    await shop.stores.bus.close();

    const cart = await aCart(shop.anonymous, { sku, quantity: 1 });
    const { checkout } = await shop.anonymous.checkout({ input: aCheckout(cart) });
    expect(checkout).toMatchObject({ userErrors: [], order: { status: 'PLACED' } });

    for (const service of ['users', 'products', 'inventory', 'orders'] as const) {
      await eventually(async () => {
        const { statusCode, body } = await request(`${shop.operationsOrigins[service]}/health/ready`);
        expect([statusCode, await body.json()]).toMatchObject([
          200,
          { dependencies: { mongodb: 'ok', bus: 'unavailable' } },
        ]);
      });
    }
  });
});
