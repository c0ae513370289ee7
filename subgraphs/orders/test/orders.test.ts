import { anonymous, aService, aUser, eventually, recordCommands } from '@shopgraph/kit/testing';
import { rebuildOrderViews } from '../src';
import { buy, checkOut, checkoutInput, createCart, ORDER_QUERY, type OrderAnswer } from './shopping';
import { type Orders, startOrders } from './start-orders';

let orders: Orders;
beforeAll(async () => {
  orders = await startOrders();
});
afterAll(() => orders.stop());

const customer = aUser({ id: 'user_shopper' });
const stranger = aUser({ id: 'user_stranger' });
const support = aUser({ id: 'user_support', permissions: ['order:read'] });
const ENTITIES = 'query ($representations: [_Any!]!) { _entities(representations: $representations)';

interface Page {
  readonly edges: readonly {
    readonly cursor: string;
    readonly node: { readonly id: string; readonly status: string };
  }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

describe('an order', () => {
  it('is found by its id and by its number', async () => {
    const { order } = await buy(orders, customer);
    for (const key of [{ id: order.id }, { number: order.number }]) {
      const { data } = await orders.send<{ order: OrderAnswer }>(customer, ORDER_QUERY, key);
      expect(data.order).toEqual(order);
    }
  });

  it('is asked for by one of them', async () => {
    const { order } = await buy(orders, customer);
    for (const key of [{}, { id: order.id, number: order.number }]) {
      const { errors } = await orders.send(customer, ORDER_QUERY, key);
      const fields = [{ path: ['id'] }, { path: ['number'] }];
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields } }]);
    }
  });

  it('of somebody else looks like none, by every way', async () => {
    const { order } = await buy(orders, customer);
    const representations = [{ id: order.id }, { number: order.number }].map((key) => ({
      __typename: 'Order',
      ...key,
    }));
    const orderAt = 'query ($id: ID!) { orderAt(id: $id, version: 1) { id } }';
    for (const viewer of [stranger, anonymous, aService('products'), aUser({ permissions: ['order:cancel'] })]) {
      for (const key of [{ id: order.id }, { number: order.number }, { number: 'SG-999999' }]) {
        const { data, errors } = await orders.send(viewer, ORDER_QUERY, key);
        expect({ data, errors }).toEqual({ data: { order: null }, errors: undefined });
      }
      const byReference = await orders.send(viewer, `${ENTITIES} { ... on Order { id email } } }`, { representations });
      expect(byReference.data).toEqual({ _entities: [null, null] });
      expect((await orders.send(viewer, orderAt, { id: order.id })).data).toEqual({ orderAt: null });
    }
    const { data } = await orders.send(support, `${ENTITIES} { ... on Order { id } } }`, { representations });
    expect(data).toEqual({ _entities: [{ id: order.id }, { id: order.id }] });
  });

  it('keeps what was bought as it was, whatever becomes of the product', async () => {
    const { order, sku } = await buy(orders, customer, { minorUnits: 700 });
    orders.products.sell(999, { sku });
    orders.products.withdraw(sku);
    const { data } = await orders.send<{ order: OrderAnswer }>(customer, ORDER_QUERY, { id: order.id });
    expect(data.order).toMatchObject({ lines: [{ sku, name: `Name of ${sku}`, unitPrice: { minorUnits: 700 } }] });
  });
});

describe('a list of orders', () => {
  const LIST = `query ($filter: OrderFilter, $sort: OrderSort, $first: Int, $after: String) {
    orders(filter: $filter, sort: $sort, first: $first, after: $after) {
      edges { cursor node { id status } } pageInfo { hasNextPage endCursor }
    }
  }`;
  const USERS_LIST = `${ENTITIES} { ... on User { id orders(first: 2) {
    edges { node { id status } } pageInfo { hasNextPage endCursor }
  } } } }`;
  const ownerOf = (id: string) => ({ representations: [{ __typename: 'User', id }] });

  it('of everybody is for staff only', async () => {
    await buy(orders, customer);
    const codes = await Promise.all(
      [anonymous, customer, aService('users')].map(async (viewer) => {
        const { errors } = await orders.send(viewer, LIST);
        return errors?.[0]?.extensions.code;
      }),
    );
    expect(codes).toEqual(['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN']);
    const { data } = await orders.send<{ orders: Page }>(support, LIST);
    expect(data.orders.edges.length).toBeGreaterThan(0);
  });

  it('reads every order once, latest or oldest first, in small pages', async () => {
    for (let count = 0; count < 5; count += 1) {
      await buy(orders, stranger);
      // Every second pair is placed at the same time.
      if (count % 2 === 1) orders.clock.advance(1_000);
    }
    const placed = await orders.collection('orderViews').find().sort({ placedAt: -1, _id: 1 }).toArray();
    for (const sort of ['PLACED_AT_DESC', 'PLACED_AT_ASC']) {
      const read: string[] = [];
      for (let after: string | null = null, more = true; more;) {
        const { data }: { data: { orders: Page } } = await orders.send(support, LIST, { sort, first: 3, after });
        read.push(...data.orders.edges.map(({ node }) => node.id));
        [after, more] = [data.orders.pageInfo.endCursor, data.orders.pageInfo.hasNextPage];
      }
      const ids = placed.map(({ _id }) => _id as unknown as string);
      if (sort === 'PLACED_AT_DESC') expect(read).toEqual(ids);
      expect([...read].sort()).toEqual([...ids].sort());
    }
  });

  it('can hold those of one status', async () => {
    await buy(orders, customer);
    const of = async (status: string) =>
      (await orders.send<{ orders: Page }>(support, LIST, { filter: { status }, first: 100 })).data.orders.edges;
    expect((await of('PLACED')).length).toBeGreaterThan(0);
    expect((await of('PLACED')).every(({ node }) => node.status === 'PLACED')).toBe(true);
    expect(await of('COMPLETED')).toEqual([]);
  });

  it("of a user holds that user's, for the user and for staff, and is empty for everybody else", async () => {
    const buyer = aUser({ id: 'user_buyer' });
    const bought = [await buy(orders, buyer), await buy(orders, buyer), await buy(orders, buyer)];
    const ids = bought.map(({ order }) => order.id);
    for (const viewer of [buyer, support]) {
      const { data } = await orders.send<{ _entities: [{ orders: Page }] }>(viewer, USERS_LIST, ownerOf('user_buyer'));
      const [{ orders: page }] = data._entities;
      expect(page.edges).toHaveLength(2);
      expect(page.pageInfo.hasNextPage).toBe(true);
      for (const { node } of page.edges) expect(ids).toContain(node.id);
    }
    for (const viewer of [stranger, anonymous]) {
      const { data } = await orders.send(viewer, USERS_LIST, ownerOf('user_buyer'));
      const none = { edges: [], pageInfo: { hasNextPage: false, endCursor: null } };
      expect(data).toEqual({ _entities: [{ id: 'user_buyer', orders: none }] });
    }
  });
});

describe('what is asked of the database', () => {
  it('for 20 orders by reference, with their events, is two queries', async () => {
    const bought = await Promise.all(Array.from({ length: 10 }, () => buy(orders, customer)));
    const byId = bought.map(({ order }) => ({ __typename: 'Order', id: order.id }));
    // Whoever follows an order is told by a look at it.
    await eventually(async () =>
      expect(await orders.collection('outbox').countDocuments({ publishedAt: null })).toBe(0),
    );
    const commands = recordCommands(orders.connection);
    const query = `${ENTITIES} { ... on Order { number events { edges { node { type } } } again: events { edges { cursor } } } } }`;
    const { data } = await orders.send<{ _entities: { number: string }[] }>(customer, query, {
      representations: [...byId, ...byId],
    });
    expect(data._entities.map(({ number }) => number).slice(0, 10)).toEqual(bought.map(({ order }) => order.number));
    // The background looks for work of its own all the time.
    const isAsked = ({ command }: { command: Record<string, unknown> }) => !JSON.stringify(command).includes('VOIDING');
    const asked = commands.filter(isAsked).map(({ command }) => command.find);
    expect(asked.filter((name) => String(name).startsWith('order'))).toEqual(['orderViews', 'orderCommits']);
  });
});

describe('what is asked of the database for carts', () => {
  it('that others refer to, by their ids and by their owner, is one query each', async () => {
    const ownerId = 'user_of_many_carts';
    const owner = aUser({ id: ownerId });
    const carts = await Promise.all(Array.from({ length: 10 }, () => createCart(orders, owner, [])));
    const commands = recordCommands(orders.connection);
    const query = `${ENTITIES} { ... on Cart { id } ... on User { cart { id } } } }`;
    const references = carts.map(({ cart }) => ({ __typename: 'Cart', id: cart.id }));
    const users = [ownerId, ownerId, 'user_else'].map((id) => ({ __typename: 'User', id }));
    const { data } = await orders.send<{ _entities: { id?: string }[] }>(owner, query, {
      representations: [...references, ...users],
    });
    expect(data._entities.slice(0, 10)).toEqual(carts.map(({ cart }) => ({ id: cart.id })));
    expect(commands.filter(({ command }) => command.find === 'carts')).toHaveLength(2);
  });
});

describe('the views', () => {
  it('are made again from the events alone', async () => {
    await buy(orders, customer);
    const views = orders.collection('orderViews');
    const before = await views.find().sort({ _id: 1 }).toArray();
    await views.deleteMany({ number: { $ne: before[0]!.number } });
    await views.updateOne({ number: before[0]!.number }, { $set: { status: 'COMPLETED', 'order.email': 'wrong' } });

    expect(await rebuildOrderViews(orders.ownConnection)).toBe(before.length);
    expect(await views.find().sort({ _id: 1 }).toArray()).toEqual(before);
  });
});

describe('an input that is no id', () => {
  it.each([
    ['order', '{ order(id: "1") { id } }', ['id']],
    ['order', '{ order(id: "cart_01h455vb4pex5vsknk084sn02q") { id } }', ['id']],
    ['orderAt', '{ orderAt(id: "ord_01h455vb4pex5vsknk084sn02q", version: 0) { id } }', ['version']],
    ['cart', '{ cart(id: "{\\"$ne\\":null}") { id } }', ['id']],
  ])('of %s is refused with the path of the field: %s', async (_field, query, path) => {
    const { errors } = await orders.send(customer, query);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }]);
  });

  it('takes names in any script, and stores them as they are', async () => {
    const sku = orders.products.sell(100);
    orders.inventory.stock(sku, 1);
    const created = await createCart(orders, customer, [{ sku, quantity: 1 }]);
    const name = 'عمر 👩‍👩‍👧 O’Neil <3 $where';
    const shippingAddress = { name, line1: '1', city: '東京', country: 'JP', phone: '' };
    const answer = await checkOut(orders, customer, checkoutInput(created, { shippingAddress }));
    expect(answer).toMatchObject({
      errors: undefined,
      userErrors: [],
      order: { shippingAddress: { name, city: '東京', country: 'JP', phone: null } },
    });
  });
});

describe('the schema', () => {
  it('shows its entities to the gateway', async () => {
    const { data } = await orders.send<{ _service: { sdl: string } }>(anonymous, '{ _service { sdl } }');
    for (const part of [
      /type Cart\s+@key\(fields: "id"\)/,
      /type Order\s+@key\(fields: "id"\)\s+@key\(fields: "number"\)/,
      /type User\s+@key\(fields: "id"\)/,
      /type ProductVariant\s+@key\(fields: "id", resolvable: false\)/,
      /type InsufficientStockError implements UserError\s+@shareable/,
    ]) {
      expect(data._service.sdl).toMatch(part);
    }
  });
});
