import type { Viewer } from '@shopgraph/kit';
import { anonymous, aService, aUser } from '@shopgraph/kit/testing';
import { changeCart, NO_CART, NO_LINE, readCart } from './cart-requests';
import { CART_LINE_REMOVE, CART_LINE_UPDATE, CART_LINES_ADD, createCart } from './shopping';
import { type Orders, startOrders } from './start-orders';

let orders: Orders;
beforeAll(async () => {
  orders = await startOrders();
});
afterAll(() => orders.stop());

const owner = aUser({ id: 'user_owner' });
const stranger = aUser({ id: 'user_stranger' });
const change = (viewer: Viewer, mutation: string, variables: object) => changeCart(orders, viewer, mutation, variables);
const read = (viewer: Viewer, variables: object) => readCart(orders, viewer, variables);

describe("a guest's cart", () => {
  it('is opened by its token, which is shown once and stored as a hash only', async () => {
    const sku = orders.products.sell(100);
    const { cart, token } = await createCart(orders, anonymous, []);
    expect(token).toMatch(/^[\w-]{43}$/);
    const stored = await orders.collection('carts').findOne({ _id: cart.id as never });
    expect(JSON.stringify(stored)).not.toContain(token);

    expect(await read(anonymous, { id: cart.id, token })).toEqual(cart);
    const added = await change(anonymous, CART_LINES_ADD, { cartId: cart.id, token, lines: [{ sku, quantity: 1 }] });
    expect(added).toMatchObject({ cart: { version: 2 }, token: null, userErrors: [] });
    expect(await read(stranger, { id: cart.id, token })).toMatchObject({ version: 2 });
  });

  it('needs no token from a customer, whose cart has none', async () => {
    expect((await createCart(orders, owner, [])).token).toBeNull();
  });
});

describe("somebody else's cart looks like none:", () => {
  const lines = [{ sku: 'NONE', quantity: 1 }];
  it.each([
    ['adding', CART_LINES_ADD, { lines }],
    ['updating', CART_LINE_UPDATE, { lineId: NO_LINE, quantity: 1 }],
    ['removing', CART_LINE_REMOVE, { lineId: NO_LINE }],
  ])('%s gets the same answer', async (_what, mutation, rest) => {
    const { cart: owned } = await createCart(orders, owner, []);
    const { cart: guests, token } = await createCart(orders, anonymous, []);
    const tries = [
      [stranger, { cartId: NO_CART }],
      [stranger, { cartId: owned.id }],
      [anonymous, { cartId: owned.id, token }],
      [aService('inventory'), { cartId: owned.id }],
      [aUser({ permissions: ['order:read'] }), { cartId: owned.id }],
      [anonymous, { cartId: guests.id }],
      [owner, { cartId: guests.id, token: 'x'.repeat(43) }],
    ] as const;
    const answers = await Promise.all(tries.map(([viewer, key]) => change(viewer, mutation, { ...key, ...rest })));
    for (const answer of answers) {
      expect(answer).toMatchObject({
        cart: null,
        userErrors: [{ __typename: 'GenericUserError', code: 'NOT_FOUND', message: 'Not found.', field: ['cartId'] }],
      });
    }
  });

  it('reading gets null, by id and through _entities', async () => {
    const { cart: owned } = await createCart(orders, owner, []);
    const { cart: guests } = await createCart(orders, anonymous, []);
    const ENTITIES = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Cart { id } } }`;
    const representations = [owned, guests].map(({ id }) => ({ __typename: 'Cart', id }));
    for (const viewer of [stranger, anonymous]) {
      for (const { id } of [owned, guests]) expect(await read(viewer, { id })).toBeNull();
      const { data } = await orders.send(viewer, ENTITIES, { representations });
      expect(data).toEqual({ _entities: [null, null] });
    }
    expect((await orders.send(owner, ENTITIES, { representations })).data).toEqual({
      _entities: [{ id: owned.id }, null],
    });
  });

  it("as a user's cart it is null", async () => {
    const reader = aUser({ id: 'user_reader' });
    await createCart(orders, reader, []);
    const { cart: latest } = await createCart(orders, reader, []);
    const query = `query ($representations: [_Any!]!) {
      _entities(representations: $representations) { ... on User { id cart { id } } }
    }`;
    const representations = [{ __typename: 'User', id: 'user_reader' }];
    const asked = async (viewer: typeof owner) => (await orders.send(viewer, query, { representations })).data;
    expect(await asked(reader)).toEqual({ _entities: [{ id: 'user_reader', cart: { id: latest.id } }] });
    for (const viewer of [stranger, anonymous, aUser({ permissions: ['order:read'] })]) {
      expect(await asked(viewer)).toEqual({ _entities: [{ id: 'user_reader', cart: null }] });
    }
  });
});
