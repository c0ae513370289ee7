import { anonymous, aUser } from '@shopgraph/kit/testing';
import { buy, checkOut, checkoutInput, createCart } from './shopping';
import { type Orders, startOrders } from './start-orders';

let orders: Orders;
beforeAll(async () => {
  orders = await startOrders();
});
afterAll(() => orders.stop());

const customer = aUser({ id: 'user_shopper' });

describe('a checkout is refused', () => {
  const inCart = async (minorUnits = 1_000, quantity = 1, stock = 5) => {
    const sku = orders.products.sell(minorUnits);
    orders.inventory.stock(sku, stock);
    return { sku, ...(await createCart(orders, customer, [{ sku, quantity }])) };
  };
  let heldBefore: number;
  beforeEach(() => {
    heldBefore = orders.inventory.held().length;
  });
  afterEach(() => {
    expect(orders.inventory.held()).toHaveLength(heldBefore);
  });

  it('when a price has changed: it tells which, and the cart shows the new one', async () => {
    const { sku, cart, token } = await inCart(1_000, 2);
    orders.products.sell(1_100, { sku });
    const first = await checkOut(orders, customer, checkoutInput({ cart, token }));
    expect(first).toMatchObject({
      order: null,
      userErrors: [
        {
          __typename: 'PriceChangedError',
          code: 'PRICE_CHANGED',
          field: ['input', 'cartId', 'lines', '0', 'unitPrice'],
          sku,
          was: { minorUnits: 1_000 },
          now: { minorUnits: 1_100 },
        },
      ],
      cart: { version: cart.version + 1, totals: { total: { minorUnits: 2_200 } } },
    });
    const again = await checkOut(orders, customer, checkoutInput({ cart: first.cart!, token }));
    expect(again.order).toMatchObject({ totals: { total: { minorUnits: 2_200 } } });
    heldBefore += 1;
  });

  it('when the client expects another total', async () => {
    const created = await inCart(1_000);
    const expectedTotal = { amount: '9.99', currencyCode: 'EUR' };
    const { order, userErrors } = await checkOut(orders, customer, checkoutInput(created, { expectedTotal }));
    expect(order).toBeNull();
    expect(userErrors).toMatchObject([
      { code: 'PRICE_CHANGED', field: ['input', 'expectedTotal'], message: 'The total is 10.00 EUR.' },
    ]);
  });

  it.each([
    ['another currency', { expectedTotal: { amount: '10.00', currencyCode: 'USD' } }, 'CURRENCY_MISMATCH'],
    ['another version of the cart', { expectedCartVersion: 7 }, 'CONFLICT'],
  ])('when the client expects %s', async (_what, overrides, code) => {
    const { userErrors } = await checkOut(orders, customer, checkoutInput(await inCart(), overrides));
    expect(userErrors).toMatchObject([{ code }]);
  });

  it('when there is too little in stock: it tells how much there is', async () => {
    const { sku, ...created } = await inCart(1_000, 3, 2);
    const { order, userErrors } = await checkOut(orders, customer, checkoutInput(created));
    expect(order).toBeNull();
    expect(userErrors).toMatchObject([
      {
        __typename: 'InsufficientStockError',
        code: 'INSUFFICIENT_STOCK',
        field: ['input', 'cartId', 'lines', '0', 'quantity'],
        sku,
        requested: 3,
        available: 2,
      },
    ]);
  });

  it('when inventory has never heard of a SKU', async () => {
    const { sku, ...created } = await inCart(1_000, 2);
    orders.inventory.lose(sku);
    const { userErrors } = await checkOut(orders, customer, checkoutInput(created));
    expect(userErrors).toMatchObject([{ code: 'INSUFFICIENT_STOCK', requested: 2, available: 0 }]);
  });

  it('when a variant is not sold any more', async () => {
    const { sku, ...created } = await inCart();
    orders.products.withdraw(sku);
    const { userErrors } = await checkOut(orders, customer, checkoutInput(created));
    expect(userErrors).toMatchObject([{ code: 'NOT_AVAILABLE', field: ['input', 'cartId', 'lines', '0', 'sku'] }]);
  });

  it.each([
    ['tok_declined', 'The payment was declined.'],
    ['tok_insufficient_funds', 'The payment was declined: there are not enough funds.'],
    ['tok_3ds', 'The payment was declined: the bank asks for a confirmation, which is not supported yet.'],
    ['tok_of_somebody_else', 'The payment was declined: the payment token is not known.'],
    ['constructor', 'The payment was declined: the payment token is not known.'],
  ])('when the payment is declined (%s), and the stock is free again', async (token, message) => {
    const { sku, ...created } = await inCart();
    const { order, userErrors, cart } = await checkOut(
      orders,
      customer,
      checkoutInput(created, { payment: { token } }),
    );
    expect(order).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'PAYMENT_DECLINED', message, field: ['input', 'payment', 'token'] }]);
    expect(cart).toMatchObject({ id: created.cart.id, version: created.cart.version });
    expect(orders.inventory.available(sku)).toBe(5);
  });

  it('when the cart is empty', async () => {
    const created = await createCart(orders, customer, []);
    const { userErrors } = await checkOut(orders, customer, checkoutInput(created));
    expect(userErrors).toMatchObject([{ code: 'CART_EMPTY' }]);
  });

  it('when the cart is an order already', async () => {
    const { input } = await buy(orders, customer);
    heldBefore += 1;
    const { userErrors } = await checkOut(orders, customer, { ...input, idempotencyKey: 'another key' });
    expect(userErrors).toMatchObject([{ code: 'CONFLICT', field: ['input', 'cartId'] }]);
  });

  it('when a guest gives no e-mail address', async () => {
    const sku = orders.products.sell(100);
    orders.inventory.stock(sku, 1);
    const created = await createCart(orders, anonymous, [{ sku, quantity: 1 }]);
    const { userErrors } = await checkOut(orders, anonymous, checkoutInput(created, { email: null }));
    expect(userErrors).toMatchObject([{ code: 'BAD_USER_INPUT', field: ['input', 'email'] }]);
  });

  it("when the cart is somebody else's, in the same words as when there is none", async () => {
    const own = await inCart();
    const missing = { ...own.cart, id: 'cart_01h455vb4pex5vsknk084sn02q' };
    const stranger = aUser({ id: 'user_stranger' });
    const answers = [
      await checkOut(orders, stranger, checkoutInput(own)),
      await checkOut(orders, anonymous, checkoutInput({ ...own, token: 'x'.repeat(43) })),
      await checkOut(orders, stranger, checkoutInput({ cart: missing, token: null })),
    ];
    for (const answer of answers) {
      expect(answer).toEqual({
        order: null,
        cart: null,
        errors: undefined,
        userErrors: [
          { __typename: 'GenericUserError', code: 'NOT_FOUND', message: 'Not found.', field: ['input', 'cartId'] },
        ],
      });
    }
  });

  it('when the input is bad, with the path of every bad field', async () => {
    const created = await inCart();
    const shippingAddress = { name: ' ', line1: 'x'.repeat(201), city: 'Berlin', country: 'QQ' };
    const overrides = { shippingAddress, email: 'nobody', idempotencyKey: 'short' };
    const { errors } = await checkOut(orders, customer, checkoutInput(created, overrides));
    const [{ extensions }] = errors as unknown as [{ extensions: { code: string; fields: { path: string[] }[] } }];
    expect(extensions.code).toBe('BAD_USER_INPUT');
    expect(extensions.fields.map(({ path }) => path.join('.')).sort()).toEqual([
      'input.email',
      'input.idempotencyKey',
      'input.shippingAddress.country',
      'input.shippingAddress.line1',
      'input.shippingAddress.name',
    ]);
  });

  it('when the e-mail address holds half a character', async () => {
    const { errors } = await checkOut(orders, customer, checkoutInput(await inCart(), { email: 'ada\ud800@x.org' }));
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: ['input', 'email'] }] } }]);
  });

  it('when the expected total has more decimals than its currency', async () => {
    const expectedTotal = { amount: '10.005', currencyCode: 'EUR' };
    const { errors } = await checkOut(orders, customer, checkoutInput(await inCart(), { expectedTotal }));
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: ['input', 'expectedTotal', 'amount'] }] } },
    ]);
  });
});
