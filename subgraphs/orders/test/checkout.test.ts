import { anonymous, aUser, eventually } from '@shopgraph/kit/testing';
import { buy, CART_QUERY, type CartAnswer, checkOut, checkoutInput, createCart, ORDER_QUERY } from './shopping';
import { LEASE_MS, type Orders, startOrders } from './start-orders';

let orders: Orders;
beforeAll(async () => {
  orders = await startOrders();
});
afterAll(() => orders.stop());

const customer = aUser({ id: 'user_shopper' });
const nothingIsHeld = async () => {
  expect(orders.inventory.held()).toEqual([]);
  expect(await orders.collection('sandboxPayments').countDocuments({ status: 'AUTHORIZED' })).toBe(
    await orders.collection('orderCommits').countDocuments({ 'events.type': 'PLACED' }),
  );
};

describe('a checkout that goes well', () => {
  it('answers an order with what was agreed, and closes the cart', async () => {
    const { order, cart, sku } = await buy(orders, customer);
    expect(order).toMatchObject({
      number: expect.stringMatching(/^SG-1\d{5}$/),
      status: 'PLACED',
      allowedTransitions: ['CANCELLED'],
      paymentStatus: 'AUTHORIZED',
      fulfillmentStatus: 'UNFULFILLED',
      customer: { id: 'user_shopper' },
      email: 'ada@example.com',
      version: 1,
      lines: [
        {
          sku,
          name: `Name of ${sku}`,
          quantity: 2,
          cancelledQuantity: 0,
          variant: { id: orders.products.idOf(sku) },
          unitPrice: { amount: '12.50', currencyCode: 'EUR', minorUnits: 1_250 },
          total: { amount: '25.00' },
        },
      ],
      totals: { total: { amount: '25.00' }, paid: { amount: '0.00' }, refunded: { amount: '0.00' } },
      shippingAddress: { name: 'Ada Example', line2: null, region: null, country: 'DE' },
      billingAddress: { city: 'Berlin' },
      events: { edges: [{ node: { type: 'PLACED', version: 1, reason: null } }] },
    });
    const { data } = await orders.send<{ cart: CartAnswer | null }>(customer, CART_QUERY, { id: cart.id });
    expect(data.cart).toBeNull();
  });

  it('tells other services in one event, without personal data', async () => {
    const { order, sku } = await buy(orders, customer);
    const [event, ...others] = await orders.collection('outbox').find({ aggregateId: order.id }).toArray();
    expect(others).toEqual([]);
    expect(event).toMatchObject({ type: 'orders.order-placed', sequence: 1, actor: 'user_shopper' });
    expect(event?.data).toEqual({
      orderId: order.id,
      number: order.number,
      reservationId: orders.inventory.held().at(-1)?.id,
      lines: [{ sku, quantity: 2 }],
      total: { minorUnits: 2_500, currencyCode: 'EUR' },
    });
    await eventually(async () => {
      const stored = await orders.collection('outbox').findOne({ aggregateId: order.id });
      expect(stored?.publishedAt).toBeInstanceOf(Date);
    });
  });

  it('is open to guests, whose order only staff can look up afterwards', async () => {
    const { order } = await buy(orders, anonymous);
    expect(order).toMatchObject({ customer: null, email: 'ada@example.com' });
    const asked = (viewer: typeof customer) => orders.send(viewer, ORDER_QUERY, { id: order.id });
    expect((await asked(anonymous)).data).toEqual({ order: null });
    expect((await asked(aUser({ permissions: ['order:read'] }))).data).toMatchObject({ order: { id: order.id } });
  });

  it("makes a guest's cart the order of whoever is signed in", async () => {
    const sku = orders.products.sell(100);
    orders.inventory.stock(sku, 1);
    const guest = await createCart(orders, anonymous, [{ sku, quantity: 1 }]);
    const { order } = await checkOut(orders, customer, checkoutInput(guest, { email: null }));
    expect(order).toMatchObject({ customer: { id: 'user_shopper' }, email: null });
  });

  it('numbers orders upwards without gaps, also when checkouts fail in between', async () => {
    const first = await buy(orders, customer);
    const sku = orders.products.sell(100);
    orders.inventory.stock(sku, 5);
    const declined = await createCart(orders, customer, [{ sku, quantity: 1 }]);
    await checkOut(orders, customer, checkoutInput(declined, { payment: { token: 'tok_declined' } }));
    const second = await buy(orders, customer);
    const numberOf = ({ number }: { number: string }) => Number(number.slice(3));
    expect(numberOf(second.order)).toBe(numberOf(first.order) + 1);
  });
});

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

  it('when the expected total has more decimals than its currency', async () => {
    const expectedTotal = { amount: '10.005', currencyCode: 'EUR' };
    const { errors } = await checkOut(orders, customer, checkoutInput(await inCart(), { expectedTotal }));
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: ['input', 'expectedTotal', 'amount'] }] } },
    ]);
  });
});

describe('when something fails on the way, nothing stays held and nothing is charged:', () => {
  afterEach(() => {
    orders.products.intercept = orders.inventory.onReserve = orders.inventory.onRelease = (effect) => effect();
    orders.payments.onAuthorize = orders.payments.onVoid = (effect) => effect();
  });
  const failing = (): never => {
    throw new Error('down');
  };
  let fresh: Orders;
  beforeEach(async () => {
    fresh = orders;
    orders = await startOrders();
  });
  afterEach(async () => {
    await orders.stop();
    orders = fresh;
  });

  const attempt = async (token = 'tok_ok') => {
    const sku = orders.products.sell(1_000);
    orders.inventory.stock(sku, 1);
    const created = await createCart(orders, customer, [{ sku, quantity: 1 }]);
    const input = checkoutInput(created, { payment: { token } });
    return { input, run: () => checkOut(orders, customer, input) };
  };
  const codeOf = ({ errors }: { errors?: unknown }) =>
    (errors as { extensions: { code: string } }[])[0]?.extensions.code;

  it('products does not answer', async () => {
    const { run } = await attempt();
    orders.products.intercept = failing;
    expect(codeOf(await run())).toBe('INTERNAL');
    await nothingIsHeld();
  });

  it('inventory fails before it reserves', async () => {
    const { run } = await attempt();
    let calls = 0;
    orders.inventory.onReserve = (effect) => ((calls += 1) === 1 ? failing() : effect());
    expect((await run()).order).toBeNull();
    await nothingIsHeld();
  });

  it('inventory reserves, but its answer is lost', async () => {
    const { run } = await attempt();
    let calls = 0;
    orders.inventory.onReserve = (effect) => {
      const answer = effect();
      return (calls += 1) === 1 ? failing() : answer;
    };
    expect((await run()).order).toBeNull();
    await nothingIsHeld();
  });

  it('the payment provider fails', async () => {
    const { run } = await attempt();
    orders.payments.onAuthorize = failing;
    expect((await run()).order).toBeNull();
    await nothingIsHeld();
  });

  it('the payment provider authorises, but does not answer in time (tok_timeout)', async () => {
    const { run } = await attempt('tok_timeout');
    expect(codeOf(await run())).toBe('TIMEOUT');
    await nothingIsHeld();
    expect(await orders.collection('sandboxPayments').find().toArray()).toMatchObject([{ status: 'VOIDED' }]);
  });

  it('the order cannot be stored, and the key is free for another try', async () => {
    const { run } = await attempt();
    await orders.collection('counters').updateOne({ _id: 'orderNumber' as never }, { $set: { value: 'broken' } });
    expect(codeOf(await run())).toBe('INTERNAL');
    await nothingIsHeld();
    await orders.collection('counters').updateOne({}, { $set: { value: 0 } });
    expect((await run()).order).not.toBeNull();
  });

  it('stock cannot be released at once, and is released later', async () => {
    const { run } = await attempt('tok_declined');
    orders.inventory.onRelease = failing;
    expect((await run()).userErrors).toMatchObject([{ code: 'PAYMENT_DECLINED' }]);
    expect(orders.inventory.held()).toHaveLength(1);
    orders.inventory.onRelease = (effect) => effect();
    orders.clock.advance(LEASE_MS);
    await eventually(nothingIsHeld);
  });
});
