import { parse } from 'graphql';
import { startTestShop, type TestShop } from '../support/start-test-shop';

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.close());

describe('a value of a scalar of ours that is wrong', () => {
  it.each([
    ['a currency', '{ variant(sku: "X") { price(currency: "EURO") { amount } } }'],
    [
      'an amount',
      'mutation { priceSet(variantId: "var_1", price: { amount: "1e3", currencyCode: "EUR" }) { variant { id } } }',
    ],
  ])('is the fault of the client also when it is %s in the document itself', async (_what, query) => {
    const { client } = await shop.signedIn('CATALOG_MANAGER');
    const { errors } = await client.raw(parse(query));
    const message = expect.stringContaining('must be a string such as') as string;
    expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
