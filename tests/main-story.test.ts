import { createSession } from '@shopgraph/client';
import { eventually } from '@shopgraph/kit/testing';
import { aCheckout, anOffer, levelOf } from './support/shop-builders';
import { PASSWORD, type SignedIn, startTestShop, type TestShop } from './support/start-test-shop';

let shop: TestShop;
let admin: SignedIn;
beforeAll(async () => {
  shop = await startTestShop();
  admin = await shop.signedIn('ADMIN');
});
afterAll(() => shop.close());

describe('a customer', () => {
  it('registers, confirms the address, browses, fills a cart, buys, looks at the order and cancels it', async () => {
    const { sku, slug } = await anOffer(admin.client, { price: '12.50', onHand: 5 });
    const { client } = createSession({ url: shop.url });
    const email = 'Ada.Lovelace@Shopgraph.test';

    // Registering tells nobody anything; the mail tells its owner.
    const { register } = await client.register({ input: { email, name: 'Ada', password: PASSWORD } });
    expect(register).toMatchObject({ accepted: true, userErrors: [] });
    const early = await client.login({ input: { email, password: PASSWORD } });
    expect(early.login).toMatchObject({ accessToken: null, userErrors: [{ code: 'EMAIL_NOT_VERIFIED' }] });
    const { token } = await shop.mailTo('ada.lovelace@shopgraph.test');
    const { verifyEmail } = await client.verifyEmail({ token: token ?? '' });
    expect(verifyEmail).toMatchObject({ user: { name: 'Ada', emailVerified: true }, userErrors: [] });
    expect((await client.me()).me).toMatchObject({ email: 'ada.lovelace@shopgraph.test' });

    const { product } = await client.product({ slug });
    expect(product?.variants.edges).toMatchObject([
      { node: { sku, price: { amount: '12.50', minorUnits: 1250 }, availability: { inStock: true, quantity: 5 } } },
    ]);

    const created = await client.cartCreate({ input: { lines: [{ sku, quantity: 2 }], currencyCode: 'EUR' } });
    const cart = created.cartCreate.cart!;
    // A customer's cart needs no token: it has an owner.
    expect(created.cartCreate.token).toBeNull();
    expect(cart).toMatchObject({
      lines: [{ quantity: 2, total: { amount: '25.00' } }],
      totals: { total: { amount: '25.00' } },
    });

    const { checkout } = await client.checkout({ input: aCheckout({ cart, token: null }) });
    expect(checkout.userErrors).toEqual([]);
    const order = checkout.order!;
    expect(order).toMatchObject({
      status: 'PLACED',
      lines: [{ sku, quantity: 2, unitPrice: { minorUnits: 1250 } }],
      totals: { total: { amount: '25.00', currencyCode: 'EUR' } },
    });
    expect((await client.order({ number: order.number })).order).toEqual(order);
    expect((await client.myOrders({ first: 5 })).me?.orders.edges).toMatchObject([{ node: { id: order.id } }]);
    // The event that the order was placed turns what was reserved into what is allocated.
    await eventually(async () =>
      expect(await levelOf(admin.client, sku)).toMatchObject({ onHand: 5, reserved: 0, allocated: 2, available: 3 }),
    );

    const { orderCancel } = await client.orderCancel({
      input: { id: order.id, reason: 'changed my mind', idempotencyKey: 'cancel-1' },
    });
    expect(orderCancel).toMatchObject({ order: { status: 'CANCELLED' }, userErrors: [] });
    await eventually(async () =>
      expect(await levelOf(admin.client, sku)).toMatchObject({ onHand: 5, reserved: 0, allocated: 0, available: 5 }),
    );
  });

  it('stays signed in by refresh tokens, each good for one use, and is signed out everywhere at once', async () => {
    const { email, client } = await shop.signedIn('CUSTOMER');
    const { login } = await shop.anonymous.login({ input: { email, password: PASSWORD } });
    const { refreshToken } = await shop.anonymous.refreshToken({ token: login.refreshToken ?? '' });
    expect(refreshToken).toMatchObject({ user: { email }, userErrors: [] });
    expect(refreshToken.refreshToken).not.toBe(login.refreshToken);

    await client.logoutAll();
    const ended = await shop.anonymous.refreshToken({ token: refreshToken.refreshToken ?? '' });
    expect(ended.refreshToken).toMatchObject({ accessToken: null, userErrors: [{ code: 'INVALID_TOKEN' }] });
  });
});

describe('a guest', () => {
  it('buys with the token of a cart, and nobody else sees the cart', async () => {
    const { sku } = await anOffer(admin.client);
    const { anonymous } = shop;
    const { cartCreate } = await anonymous.cartCreate({
      input: { lines: [{ sku, quantity: 1 }], currencyCode: 'EUR' },
    });
    const [cart, token] = [cartCreate.cart!, cartCreate.token!];
    expect((await anonymous.cart({ id: cart.id, token })).cart).toMatchObject({ id: cart.id });
    expect((await anonymous.cart({ id: cart.id })).cart).toBeNull();
    expect((await admin.client.cart({ id: cart.id, token: 'wrong' })).cart).toBeNull();

    const { checkout } = await anonymous.checkout({ input: aCheckout({ cart, token }) });
    expect(checkout).toMatchObject({ order: { status: 'PLACED', email: 'guest@shopgraph.test' }, userErrors: [] });
  });
});
