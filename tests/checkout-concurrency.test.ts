import { eventually } from '@shopgraph/kit/testing';
import { aCart, aCheckout, anOffer, levelOf, receive } from './support/shop-builders';
import { type SignedIn, startTestShop, type TestShop } from './support/start-test-shop';

let shop: TestShop;
let admin: SignedIn;
beforeAll(async () => {
  shop = await startTestShop();
  admin = await shop.signedIn('ADMIN');
});
afterAll(() => shop.close());

const times = <Value>(count: number, work: (index: number) => Promise<Value>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

const refused = (checkouts: { userErrors: readonly { code: string }[] }[]) =>
  checkouts.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));

describe('50 parallel checkouts of the last unit', () => {
  it('make one order and 49 refusals, and never a negative stock', async () => {
    const { sku } = await anOffer(admin.client, { onHand: 1 });
    const carts = await times(50, () => aCart(shop.anonymous, { sku, quantity: 1 }));

    const answers = await times(50, (index) => shop.anonymous.checkout({ input: aCheckout(carts[index]!) }));

    const checkouts = answers.map(({ checkout }) => checkout);
    expect(checkouts.filter(({ order }) => order !== null)).toHaveLength(1);
    const shortages = checkouts.flatMap(({ userErrors }) => userErrors);
    expect(shortages).toHaveLength(49);
    expect(shortages).toEqual(
      shortages.map(() => expect.objectContaining({ code: 'INSUFFICIENT_STOCK', sku, requested: 1, available: 0 })),
    );
    await eventually(async () =>
      expect(await levelOf(admin.client, sku)).toMatchObject({ onHand: 1, reserved: 0, allocated: 1, available: 0 }),
    );
  });
});

describe('one cart', () => {
  it('loses nothing when five lines are added at once', async () => {
    const { skus } = await anOffer(admin.client, { variants: 5 });
    const { cart, token } = await aCart(shop.anonymous);
    const answers = await times(5, (index) =>
      shop.anonymous.cartLinesAdd({ cartId: cart.id, token, lines: [{ sku: skus[index]!, quantity: index + 1 }] }),
    );
    expect(answers.flatMap(({ cartLinesAdd }) => cartLinesAdd.userErrors)).toEqual([]);
    const { cart: filled } = await shop.anonymous.cart({ id: cart.id, token });
    expect(filled?.lines.map(({ sku, quantity }) => [sku, quantity]).sort()).toEqual(
      skus.map((sku, index) => [sku, index + 1]).sort(),
    );
  });

  it('adds up when five times the same SKU is added at once', async () => {
    const { sku } = await anOffer(admin.client);
    const { cart, token } = await aCart(shop.anonymous);
    await times(5, () => shop.anonymous.cartLinesAdd({ cartId: cart.id, token, lines: [{ sku, quantity: 1 }] }));
    const { cart: filled } = await shop.anonymous.cart({ id: cart.id, token });
    expect(filled?.lines.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(5);
  });

  it('becomes one order, though it is checked out five times at once with different keys', async () => {
    const { sku } = await anOffer(admin.client);
    const cart = await aCart(shop.anonymous, { sku, quantity: 1 });
    const answers = await times(5, () =>
      shop.anonymous.checkout({ input: aCheckout(cart) }).catch((error: unknown) => error as Error),
    );
    const orders = answers.flatMap((answer) =>
      'checkout' in answer && answer.checkout.order ? [answer.checkout.order.id] : [],
    );
    expect(new Set(orders).size).toBe(1);
    expect(orders).toHaveLength(1);
    await eventually(async () => expect(await levelOf(admin.client, sku)).toMatchObject({ allocated: 1, reserved: 0 }));
  });

  it('with two lines of one SKU is refused on their sum', async () => {
    const { sku } = await anOffer(admin.client, { onHand: 5 });
    const cart = await aCart(shop.anonymous, { sku, quantity: 3 }, { sku, quantity: 3 });
    const { checkout } = await shop.anonymous.checkout({ input: aCheckout(cart) });
    expect(checkout.order).toBeNull();
    expect(checkout.userErrors).toMatchObject([{ code: 'INSUFFICIENT_STOCK', sku, requested: 6, available: 5 }]);
    expect(await levelOf(admin.client, sku)).toMatchObject({ reserved: 0, available: 5 });
  });
});

describe('an idempotency key', () => {
  it('gives the same order to ten simultaneous repetitions', async () => {
    const { sku } = await anOffer(admin.client);
    const input = aCheckout(await aCart(shop.anonymous, { sku, quantity: 1 }));
    const answers = await times(10, () => shop.anonymous.checkout({ input }));
    expect(new Set(answers.map(({ checkout }) => checkout.order?.id)).size).toBe(1);
    expect(refused(answers.map(({ checkout }) => checkout))).toEqual([]);
    await eventually(async () => expect(await levelOf(admin.client, sku)).toMatchObject({ allocated: 1, reserved: 0 }));
  });

  it('gives the same order later, and refuses another payload', async () => {
    const { sku } = await anOffer(admin.client);
    const input = aCheckout(await aCart(shop.anonymous, { sku, quantity: 1 }));
    const first = await shop.anonymous.checkout({ input });
    const second = await shop.anonymous.checkout({ input });
    expect(second.checkout.order).toEqual(first.checkout.order);
    const other = shop.anonymous.checkout({ input: { ...input, email: 'other@shopgraph.test' } });
    await expect(other).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_MISMATCH' });
  });

  it('of a checkout that was refused can be used again, and then succeeds', async () => {
    const { sku } = await anOffer(admin.client, { onHand: 0 });
    const input = aCheckout(await aCart(shop.anonymous, { sku, quantity: 1 }));
    const { checkout } = await shop.anonymous.checkout({ input });
    expect(refused([checkout])).toEqual(['INSUFFICIENT_STOCK']);
    await receive(admin.client, sku, 1);
    expect((await shop.anonymous.checkout({ input })).checkout).toMatchObject({ order: { status: 'PLACED' } });
  });
});

describe('a checkout', () => {
  it('whose price has changed since is refused with both prices, and goes through with the new one', async () => {
    const { sku } = await anOffer(admin.client, { price: '10.00' });
    const { cart, token } = await aCart(shop.anonymous, { sku, quantity: 2 });
    const { variant } = await admin.client.variant({ sku });
    await admin.client.priceSet({ variantId: variant!.id, price: { amount: '11.00', currencyCode: 'EUR' } });

    const { checkout } = await shop.anonymous.checkout({ input: aCheckout({ cart, token }) });
    expect(checkout).toMatchObject({
      order: null,
      userErrors: [{ code: 'PRICE_CHANGED', sku, was: { amount: '10.00' }, now: { amount: '11.00' } }],
    });
    const { cart: refreshed } = await shop.anonymous.cart({ id: cart.id, token });
    expect(refreshed?.totals.total.amount).toBe('22.00');
    const again = await shop.anonymous.checkout({ input: aCheckout({ cart: refreshed!, token }) });
    expect(again.checkout).toMatchObject({ order: { totals: { total: { amount: '22.00' } } }, userErrors: [] });
  });

  it.each(['tok_declined', 'tok_insufficient_funds', 'tok_timeout', 'tok_3ds'])(
    'whose payment ends with %s holds nothing afterwards',
    async (token) => {
      const { sku } = await anOffer(admin.client);
      const input = aCheckout(await aCart(shop.anonymous, { sku, quantity: 1 }), { payment: { token } });
      const answer = await shop.anonymous.checkout({ input }).catch((error: unknown) => error as Error);
      if ('checkout' in answer) expect(answer.checkout).toMatchObject({ order: null, userErrors: [expect.anything()] });
      await eventually(async () =>
        expect(await levelOf(admin.client, sku)).toMatchObject({
          onHand: 10,
          reserved: 0,
          allocated: 0,
          available: 10,
        }),
      );
    },
  );
});
