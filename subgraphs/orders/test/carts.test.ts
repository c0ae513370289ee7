import type { Viewer } from '@shopgraph/kit';
import { aUser } from '@shopgraph/kit/testing';
import { changeCart, NO_LINE, readCart } from './cart-requests';
import { CART_CREATE, CART_LINE_REMOVE, CART_LINE_UPDATE, CART_LINES_ADD, createCart } from './shopping';
import { type Orders, startOrders } from './start-orders';

let orders: Orders;
beforeAll(async () => {
  orders = await startOrders();
});
afterAll(() => orders.stop());

const owner = aUser({ id: 'user_owner' });
const change = (viewer: Viewer, mutation: string, variables: object) => changeCart(orders, viewer, mutation, variables);
const read = (viewer: Viewer, variables: object) => readCart(orders, viewer, variables);

describe('a cart', () => {
  it('names a line after its product, and its variant where that is called otherwise', async () => {
    const sku = orders.products.sell(5, { productName: 'Stoneware mug' });
    const { cart } = await createCart(orders, owner, [{ sku, quantity: 1 }]);
    expect(cart).toMatchObject({ lines: [{ sku, name: `Stoneware mug, Name of ${sku}` }] });
  });

  it('shows what is in it and what it costs', async () => {
    const [cheap, dear] = [orders.products.sell(5), orders.products.sell(1_250)];
    const lines = [
      { sku: cheap, quantity: 1 },
      { sku: dear, quantity: 2 },
      { sku: cheap, quantity: 2 },
    ];
    const { cart } = await createCart(orders, owner, lines);
    expect(cart).toMatchObject({
      version: 1,
      lines: [
        {
          sku: cheap,
          name: `Name of ${cheap}`,
          quantity: 3,
          variant: { id: orders.products.idOf(cheap) },
          unitPrice: { amount: '0.05', currencyCode: 'EUR', minorUnits: 5 },
          total: { amount: '0.15' },
        },
        { sku: dear, quantity: 2, total: { amount: '25.00' } },
      ],
      totals: {
        subtotal: { amount: '25.15' },
        discount: { amount: '0.00' },
        shipping: { amount: '0.00' },
        tax: { amount: '0.00' },
        total: { amount: '25.15', currencyCode: 'EUR' },
      },
    });
    expect(await read(owner, { id: cart.id })).toEqual(cart);
  });

  it('can be empty, and in another currency', async () => {
    const sku = orders.products.sell(500, { currencyCode: 'JPY' });
    const input = { lines: [{ sku, quantity: 1 }], currencyCode: 'JPY' };
    expect(await change(owner, CART_CREATE, { input })).toMatchObject({
      cart: { totals: { total: { amount: '500', currencyCode: 'JPY' } } },
    });
    expect(await change(owner, CART_CREATE, { input: {} })).toMatchObject({ cart: { lines: [] }, userErrors: [] });
  });

  it('adds up exactly, however full it is, and takes nothing that it could not add up', async () => {
    const dearest = Array.from({ length: 100 }, () => orders.products.sell(90_000_000_000));
    const { cart } = await createCart(
      orders,
      owner,
      dearest.map((sku) => ({ sku, quantity: 999 })),
    );
    expect(cart).toMatchObject({
      totals: { total: { amount: '89910000000000.00', minorUnits: 8_991_000_000_000_000 } },
    });

    const lines = [{ sku: orders.products.sell(Number.MAX_SAFE_INTEGER), quantity: 999 }];
    expect(await change(owner, CART_CREATE, { input: { lines } })).toMatchObject({
      cart: null,
      userErrors: [{ code: 'NOT_AVAILABLE', field: ['input', 'lines', '0', 'sku'] }],
    });
  });

  it('is changed line by line', async () => {
    const [a, b] = [orders.products.sell(100), orders.products.sell(200)];
    const { cart } = await createCart(orders, owner, [{ sku: a, quantity: 1 }]);
    const lineId = cart.lines[0]!.id;

    const added = await change(owner, CART_LINES_ADD, {
      cartId: cart.id,
      lines: [
        { sku: b, quantity: 1 },
        { sku: a, quantity: 1 },
      ],
    });
    expect(added.cart).toMatchObject({ version: 2, lines: [{ id: lineId, quantity: 2 }, { sku: b }] });
    const updated = await change(owner, CART_LINE_UPDATE, { cartId: cart.id, lineId, quantity: 5 });
    expect(updated.cart).toMatchObject({ version: 3, totals: { total: { minorUnits: 700 } } });
    const zero = await change(owner, CART_LINE_UPDATE, { cartId: cart.id, lineId, quantity: 0 });
    expect(zero.cart).toMatchObject({ version: 4, lines: [{ sku: b }] });
    const removed = await change(owner, CART_LINE_REMOVE, { cartId: cart.id, lineId: zero.cart!.lines[0]!.id });
    expect(removed.cart).toMatchObject({ version: 5, lines: [], totals: { total: { minorUnits: 0 } } });
  });

  it('keeps the price of when a line was changed, until it is changed again', async () => {
    const sku = orders.products.sell(100);
    const { cart } = await createCart(orders, owner, [{ sku, quantity: 1 }]);
    orders.products.sell(130, { sku });
    expect((await read(owner, { id: cart.id }))?.totals.total.minorUnits).toBe(100);
    const lineId = cart.lines[0]!.id;
    const updated = await change(owner, CART_LINE_UPDATE, { cartId: cart.id, lineId, quantity: 2 });
    expect(updated.cart?.totals.total.minorUnits).toBe(260);
  });

  it('loses nothing when it is changed many times at once', async () => {
    const skus = [1, 2, 3, 4, 5].map((minorUnits) => orders.products.sell(minorUnits));
    const { cart } = await createCart(orders, owner, []);
    const add = (sku: string) => change(owner, CART_LINES_ADD, { cartId: cart.id, lines: [{ sku, quantity: 1 }] });
    const same = orders.products.sell(10);

    const answers = await Promise.all([...skus, same, same, same, same, same].map(add));

    expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    const after = await read(owner, { id: cart.id });
    expect(after?.lines.map(({ sku }) => sku).sort()).toEqual([...skus, same].sort());
    expect(after).toMatchObject({ version: 11, totals: { total: { minorUnits: 15 + 50 } } });
  });

  it('is gone 30 days after its last change', async () => {
    const sku = orders.products.sell(100);
    const { cart } = await createCart(orders, owner, [{ sku, quantity: 1 }]);
    const [old] = await orders
      .collection('carts')
      .find({ _id: cart.id as never })
      .toArray();
    expect(old?.expiresAt).toEqual(new Date(orders.clock.now().getTime() + 30 * 24 * 60 * 60 * 1_000));
    await orders.collection('carts').updateOne({ _id: cart.id as never }, { $set: { expiresAt: orders.clock.now() } });
    expect(await read(owner, { id: cart.id })).toBeNull();
    const { userErrors } = await change(owner, CART_LINES_ADD, { cartId: cart.id, lines: [{ sku, quantity: 1 }] });
    expect(userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });
});

describe('a change of a cart is refused', () => {
  it('for what is not sold, with the path of each line', async () => {
    const [sold, inactive] = [orders.products.sell(100), orders.products.sell(100, { active: false })];
    const elsewhere = orders.products.sell(100, { currencyCode: 'USD' });
    const lines = [sold, inactive, 'NONE', elsewhere].map((sku) => ({ sku, quantity: 1 }));
    const paths = (prefix: string[]) => [1, 2, 3].map((line) => [...prefix, String(line), 'sku']);

    const created = await change(owner, CART_CREATE, { input: { lines } });
    expect(created).toMatchObject({ cart: null, token: null });
    expect(created.userErrors.map(({ code }) => code)).toEqual(Array(3).fill('NOT_AVAILABLE'));
    expect(created.userErrors.map(({ field }) => field)).toEqual(paths(['input', 'lines']));

    const { cart } = await createCart(orders, owner, []);
    const added = await change(owner, CART_LINES_ADD, { cartId: cart.id, lines });
    expect(added.userErrors.map(({ field }) => field)).toEqual(paths(['lines']));
    expect(await read(owner, { id: cart.id })).toMatchObject({ lines: [], version: 1 });
  });

  it('for more than 999 units of a SKU', async () => {
    const sku = orders.products.sell(100);
    const lines = [
      { sku, quantity: 999 },
      { sku, quantity: 1 },
    ];
    const { cart, userErrors } = await change(owner, CART_CREATE, { input: { lines } });
    expect(cart).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'BAD_USER_INPUT', field: ['input', 'lines', '1', 'quantity'] }]);
  });

  it.each([
    ['no units', [{ sku: 'A', quantity: 0 }], ['lines', '0', 'quantity']],
    ['too many units', [{ sku: 'A', quantity: 1_000 }], ['lines', '0', 'quantity']],
    ['a blank SKU', [{ sku: '  ', quantity: 1 }], ['lines', '0', 'sku']],
    ['no line at all', [], ['lines']],
    ['too many lines', Array.from({ length: 101 }, (_, index) => ({ sku: `S${index}`, quantity: 1 })), ['lines']],
  ])('for %s, with the path of the bad field', async (_what, lines, path) => {
    const { cart } = await createCart(orders, owner, []);
    const { errors } = await orders.send(owner, CART_LINES_ADD, { cartId: cart.id, lines });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }]);
  });

  it.each([
    ['XYZ', ['input', 'currencyCode']],
    ['eur', ['input', 'currencyCode']],
  ])('for the currency %s', async (currencyCode, path) => {
    const { errors } = await orders.send(owner, CART_CREATE, { input: { currencyCode } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }]);
  });

  it('for a line that there is not', async () => {
    const { cart } = await createCart(orders, owner, []);
    for (const [mutation, more] of [
      [CART_LINE_REMOVE, {}],
      [CART_LINE_UPDATE, { quantity: 2 }],
    ] as const) {
      const { userErrors } = await change(owner, mutation, { cartId: cart.id, lineId: NO_LINE, ...more });
      expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['lineId'] }]);
    }
  });

  it('when products cannot be asked, as an error', async () => {
    const { cart } = await createCart(orders, owner, []);
    orders.products.intercept = () => {
      throw new Error('down');
    };
    const { errors } = await orders.send(owner, CART_LINES_ADD, {
      cartId: cart.id,
      lines: [{ sku: 'A', quantity: 1 }],
    });
    orders.products.intercept = (effect) => effect();
    expect(errors).toMatchObject([{ extensions: { code: 'INTERNAL' } }]);
  });
});
