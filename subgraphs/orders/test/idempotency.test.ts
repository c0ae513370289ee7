import { signRequest } from '@shopgraph/kit';
import { anonymous, aUser, eventually, testKeys } from '@shopgraph/kit/testing';
import { request } from 'undici';
import { aHang, pass } from './fake-subgraph';
import { buy, CART_LINES_ADD, CHECKOUT, checkOut, checkoutInput, createCart, newKey } from './shopping';
import { type Orders, startOrders } from './start-orders';

let orders: Orders;
beforeAll(async () => {
  orders = await startOrders();
});
afterAll(() => orders.stop());

const customer = aUser({ id: 'user_shopper' });
const codeOf = (errors: unknown) => (errors as { extensions: { code: string } }[] | undefined)?.[0]?.extensions.code;

async function inCart({ quantity = 1, stock = 5, viewer = customer } = {}) {
  const sku = orders.products.sell(1_000);
  orders.inventory.stock(sku, stock);
  return { sku, ...(await createCart(orders, viewer, [{ sku, quantity }])) };
}
const placedFor = (cartLines: { sku: string }) =>
  orders.collection('orderCommits').countDocuments({ 'events.order.lines.sku': cartLines.sku });

describe('the same checkout again', () => {
  it('answers the order that it made, however late', async () => {
    const { order, input } = await buy(orders, customer);
    const again = await checkOut(orders, customer, input);
    expect(again).toMatchObject({ order: { id: order.id, number: order.number }, userErrors: [] });
  });

  it('makes one order when it arrives ten times at once', async () => {
    const created = await inCart();
    const input = checkoutInput(created);
    const answers = await Promise.all(Array.from({ length: 10 }, () => checkOut(orders, customer, input)));
    expect(
      answers.flatMap(({ userErrors, errors }) => [...userErrors, ...((errors as unknown[] | undefined) ?? [])]),
    ).toEqual([]);
    expect(new Set(answers.map(({ order }) => order?.id)).size).toBe(1);
    expect(await placedFor(created)).toBe(1);
    expect(orders.inventory.available(created.sku)).toBe(4);
  });

  it("makes one order of a guest's cart too", async () => {
    const created = await inCart({ viewer: anonymous });
    const input = checkoutInput(created);
    const answers = await Promise.all([1, 2, 3].map(() => checkOut(orders, anonymous, input)));
    expect(new Set(answers.map(({ order }) => order?.id)).size).toBe(1);
  });

  it('with another payload is an error, also while the first is under way', async () => {
    const { input } = await buy(orders, customer);
    const { errors } = await checkOut(orders, customer, { ...input, email: 'other@example.com' });
    expect(codeOf(errors)).toBe('IDEMPOTENCY_KEY_MISMATCH');
  });

  it('is another checkout when somebody else sends the key', async () => {
    const { input, order } = await buy(orders, customer);
    const other = aUser({ id: 'user_other' });
    const sku = orders.products.sell(100);
    orders.inventory.stock(sku, 1);
    const created = await createCart(orders, other, [{ sku, quantity: 1 }]);
    const answer = await checkOut(orders, other, checkoutInput(created, { idempotencyKey: input.idempotencyKey }));
    expect(answer.order?.id).not.toBe(order.id);
    expect(answer.order).not.toBeNull();
  });

  it('is tried again after a refusal, with the same payload or another', async () => {
    const created = await inCart({ quantity: 3, stock: 1 });
    const input = checkoutInput(created, { payment: { token: 'tok_declined' } });
    expect((await checkOut(orders, customer, input)).userErrors).toMatchObject([{ code: 'INSUFFICIENT_STOCK' }]);
    orders.inventory.stock(created.sku, 3);
    expect((await checkOut(orders, customer, input)).userErrors).toMatchObject([{ code: 'PAYMENT_DECLINED' }]);
    expect((await checkOut(orders, customer, { ...input, payment: { token: 'tok_ok' } })).order).not.toBeNull();
  });

  it('waits for the first, but not longer than its own caller', async () => {
    const created = await inCart();
    const input = checkoutInput(created);
    const hang = aHang();
    orders.payments.onAuthorize = async (effect) => {
      await hang.released;
      return effect();
    };
    const first = checkOut(orders, customer, input);
    await eventually(async () =>
      expect(await orders.collection('checkouts').countDocuments({ step: 'AUTHORISING' })).toBe(1),
    );

    const impatient = await sendWithin(400, input);
    expect(codeOf(impatient.errors)).toBe('IDEMPOTENCY_IN_PROGRESS');
    const patient = checkOut(orders, customer, input);
    hang.release();
    orders.payments.onAuthorize = (effect) => effect();
    expect((await patient).order?.id).toBe((await first).order?.id);
    expect((await first).order).not.toBeNull();
  });

  it('answers the order that its twin has made meanwhile, though prices have changed since', async () => {
    const created = await inCart();
    const input = checkoutInput(created);
    const hang = aHang();
    const reached = aHang();
    orders.products.intercept = async (effect) => {
      orders.products.intercept = pass;
      reached.release();
      await hang.released;
      return effect();
    };
    const slow = checkOut(orders, customer, input);
    await reached.released;
    const { order } = await checkOut(orders, customer, input);
    orders.products.sell(2_000, { sku: created.sku });
    hang.release();
    expect((await slow).order?.id).toBe(order?.id);
    expect(order).not.toBeNull();
  });

  async function sendWithin(milliseconds: number, input: object) {
    const [method, path, body] = [
      'POST',
      '/graphql',
      JSON.stringify({ query: CHECKOUT, variables: { input } }),
    ] as const;
    const signature = signRequest({ method, path, body }, customer, testKeys, orders.clock);
    const headers = { 'content-type': 'application/json', 'x-timeout-ms': String(milliseconds), ...signature };
    const response = await request(orders.origin + path, { method, headers, body });
    return (await response.body.json()) as { errors?: unknown };
  }
});

describe('one cart', () => {
  it('becomes one order, though five keys ask for it at once', async () => {
    const created = await inCart();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => checkOut(orders, customer, checkoutInput(created, { idempotencyKey: newKey() }))),
    );
    expect(answers.filter(({ order }) => order)).toHaveLength(1);
    const codes = answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
    expect(codes).toEqual(Array(4).fill('CONFLICT'));
    expect(orders.inventory.available(created.sku)).toBe(4);
    expect(await placedFor(created)).toBe(1);
  });

  it('that is changed while it is checked out becomes none, and nothing stays held', async () => {
    const created = await inCart();
    orders.payments.onAuthorize = async (effect) => {
      const variables = { cartId: created.cart.id, lines: [{ sku: created.sku, quantity: 1 }] };
      await orders.send(customer, CART_LINES_ADD, variables);
      return effect();
    };
    const { order, userErrors, cart } = await checkOut(orders, customer, checkoutInput(created));
    orders.payments.onAuthorize = (effect) => effect();
    expect(order).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'CONFLICT', field: ['input', 'expectedCartVersion'] }]);
    expect(cart).toMatchObject({ version: 2, lines: [{ quantity: 2 }] });
    expect(orders.inventory.available(created.sku)).toBe(5);
    expect(await orders.collection('sandboxPayments').find().sort({ _id: -1 }).limit(1).toArray()).toMatchObject([
      { status: 'VOIDED' },
    ]);
  });
});

describe('the last unit', () => {
  it('goes to exactly one of 50 simultaneous checkouts; the others hold and are charged nothing', async () => {
    const sku = orders.products.sell(1_000);
    orders.inventory.stock(sku, 1);
    const buyers = Array.from({ length: 50 }, (_, index) => aUser({ id: `user_${index}` }));
    const inputs = await Promise.all(
      buyers.map(async (buyer) => checkoutInput(await createCart(orders, buyer, [{ sku, quantity: 1 }]))),
    );
    const paymentsBefore = await orders.collection('sandboxPayments').countDocuments();

    const answers = await Promise.all(buyers.map((buyer, index) => checkOut(orders, buyer, inputs[index]!)));

    expect(answers.filter(({ order }) => order)).toHaveLength(1);
    const lost = answers.flatMap(({ userErrors }) => userErrors);
    expect(lost).toHaveLength(49);
    for (const error of lost) expect(error).toMatchObject({ code: 'INSUFFICIENT_STOCK', requested: 1, available: 0 });
    expect(orders.inventory.available(sku)).toBe(0);
    expect(await orders.collection('sandboxPayments').countDocuments()).toBe(paymentsBefore + 1);
  });

  it('of many units is sold to 30 simultaneous buyers under 30 rising numbers', async () => {
    const sku = orders.products.sell(1_000);
    orders.inventory.stock(sku, 30);
    const buyers = Array.from({ length: 30 }, (_, index) => aUser({ id: `user_n${index}` }));
    const inputs = await Promise.all(
      buyers.map(async (buyer) => checkoutInput(await createCart(orders, buyer, [{ sku, quantity: 1 }]))),
    );
    const answers = await Promise.all(buyers.map((buyer, index) => checkOut(orders, buyer, inputs[index]!)));
    const numbers = answers.map(({ order }) => Number(order?.number.slice(3))).sort((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
  });
});
