import { anonymous, aUser, eventually, expectIndexed, recordCommands, unaskedFields } from '@shopgraph/kit/testing';
import { ordersSchema, rebuildOrderViews } from '../src';
import {
  buy,
  CART_LINE_REMOVE,
  CART_LINE_UPDATE,
  CART_LINES_ADD,
  CART_QUERY,
  checkOut,
  checkoutInput,
  createCart,
  newKey,
  ORDER_CANCEL,
  ORDER_QUERY,
} from './shopping';
import { LEASE_MS, type Orders, startOrders } from './start-orders';

let orders: Orders;
beforeAll(async () => {
  orders = await startOrders();
});
afterAll(() => orders.stop());

describe('every query of the subgraph', () => {
  it('is answered from an index', async () => {
    const commands = recordCommands(orders.connection);
    const customer = aUser({ id: 'user_shopper' });
    const staff = aUser({ id: 'user_staff', permissions: ['order:read', 'order:cancel'] });
    const { order, cart, input, sku } = await buy(orders, customer);
    await checkOut(orders, customer, input);
    await orders.send(customer, ORDER_QUERY, { id: order.id });
    await orders.send(customer, ORDER_QUERY, { number: order.number });
    await orders.send(customer, `{ orderAt(id: "${order.id}", version: 1) { id events { edges { cursor } } } }`);
    for (const filter of ['', 'filter: { status: PLACED }']) {
      for (const sort of ['PLACED_AT_DESC', 'PLACED_AT_ASC']) {
        for (const direction of ['first', 'last']) {
          const { data } = await orders.send<{ orders: { pageInfo: { endCursor: string } } }>(
            staff,
            `{ orders(${filter} sort: ${sort} ${direction}: 1) { pageInfo { endCursor } } }`,
          );
          const cursor = `${direction === 'first' ? 'after' : 'before'}: "${data.orders.pageInfo.endCursor}"`;
          await orders.send(
            staff,
            `{ orders(${filter} sort: ${sort} ${direction}: 1 ${cursor}) { edges { cursor } } }`,
          );
        }
      }
    }
    const user = { __typename: 'User', id: 'user_shopper' };
    const ofUser = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on User { cart { id } orders { edges { cursor } } placed: orders(filter: { status: PLACED }) { edges { cursor } } }
    } }`;
    await orders.send(customer, ofUser, { representations: [user] });

    const guest = await createCart(orders, anonymous, []);
    const key = { cartId: guest.cart.id, token: guest.token };
    await orders.send(anonymous, CART_QUERY, { id: cart.id });
    const { data } = await orders.send<{ cartLinesAdd: { cart: { lines: { id: string }[] } } }>(
      anonymous,
      CART_LINES_ADD,
      { ...key, lines: [{ sku, quantity: 1 }] },
    );
    const lineId = data.cartLinesAdd.cart.lines[0]!.id;
    await orders.send(anonymous, CART_LINE_UPDATE, { ...key, lineId, quantity: 2 });
    const declined = checkoutInput(
      {
        ...guest,
        cart: (await orders.send<{ cart: never }>(anonymous, CART_QUERY, { id: guest.cart.id, token: guest.token }))
          .data.cart,
      },
      { payment: { token: 'tok_declined' } },
    );
    await checkOut(orders, anonymous, declined);
    await orders.send(anonymous, CART_LINE_REMOVE, { ...key, lineId });

    orders.payments.onVoid = () => {
      throw new Error('down');
    };
    await orders.send(customer, ORDER_CANCEL, { input: { id: order.id, idempotencyKey: newKey() } });
    orders.payments.onVoid = (effect) => effect();
    orders.clock.advance(LEASE_MS);
    await eventually(async () =>
      expect(await orders.collection('orderViews').countDocuments({ paymentStatus: 'VOIDING' })).toBe(0),
    );
    // The background has looked for abandoned checkouts too.
    await eventually(async () =>
      expect(commands).toContainEqual({
        name: 'find',
        command: expect.objectContaining({ filter: { leaseUntil: expect.anything() } }),
      }),
    );
    await rebuildOrderViews(orders.ownConnection);
    for (const kind of ['export', 'anonymisation'] as const) await orders.users.ask(orders.bus, kind, 'user_shopper');

    expect(unaskedFields(ordersSchema(), orders.send.queries)).toEqual([]);
    await expectIndexed(orders.connection, commands);
    const collections = new Set(commands.map(({ name, command }) => String(command[name] ?? command.findAndModify)));
    for (const name of [
      'carts',
      'checkouts',
      'orderCommits',
      'orderViews',
      'sandboxPayments',
      'counters',
      'idempotency',
    ]) {
      expect(collections).toContain(name);
    }
  });
});
