import { anonymous, aUser, eventually } from '@shopgraph/kit/testing';
import { rebuildOrderViews } from '../src';
import {
  buy,
  CART_QUERY,
  checkOut,
  checkoutInput,
  createCart,
  newKey,
  ORDER_CANCEL,
  ORDER_QUERY,
  type OrderAnswer,
} from './shopping';
import { type Orders, startOrders } from './start-orders';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const STREET = 'Rua das Flores 17';
const EMAIL = 'marguerite@example.com';
const staff = aUser({ id: 'user_staff', permissions: ['order:read', 'order:cancel'] });

let orders: Orders;
beforeAll(async () => {
  orders = await startOrders();
});
afterAll(() => orders.stop());

let customers = 0;

/** Somebody with an open order, a cancelled one and a cart. */
async function aCustomer() {
  customers += 1;
  const id = `user_customer${customers}`;
  const viewer = aUser({ id });
  const placed = [await order(viewer), await order(viewer)] as const;
  const [open, cancelled] = placed;
  const cancellation = { id: cancelled.id, reason: `${EMAIL} has moved`, idempotencyKey: newKey() };
  await orders.send(viewer, ORDER_CANCEL, { input: cancellation });
  const sku = orders.products.sell(500);
  const { cart } = await createCart(orders, viewer, [{ sku, quantity: 1 }]);
  return { id, viewer, open, cancelled, cart, sku, cancellation };
}

async function order(viewer: ReturnType<typeof aUser>): Promise<OrderAnswer> {
  const sku = orders.products.sell(1_250);
  orders.inventory.stock(sku, 10);
  const created = await createCart(orders, viewer, [{ sku, quantity: 2 }]);
  const name = 'Marguerite Perey';
  const shippingAddress = { name, line1: STREET, city: 'Porto', country: 'PT', phone: '+351223456789' };
  const billingAddress = { name, line1: 'Billing Lane 5', city: 'Faro', country: 'PT' };
  const input = checkoutInput(created, { email: EMAIL, shippingAddress, billingAddress });
  const answer = await checkOut(orders, viewer, input);
  if (!answer.order) throw new Error(JSON.stringify(answer));
  return answer.order;
}

const answered = (kind: 'export' | 'anonymisation', userId: string) => orders.users.ask(orders.bus, kind, userId);

/** In which collections a text stands, and in how many documents of each. */
async function whereIs(text: string, among: (document: object) => boolean = () => true) {
  const found: Record<string, number> = {};
  for (const { name } of (await orders.ownConnection.db?.listCollections().toArray()) ?? []) {
    const documents = (await orders.collection(name).find().toArray()).filter(among);
    const count = documents.filter((document) => JSON.stringify(document).includes(text)).length;
    if (count > 0) found[name] = count;
  }
  return found;
}

async function seen(id: string) {
  const { data } = await orders.send<{ order: Record<string, unknown> }>(staff, ORDER_QUERY, { id });
  return data.order;
}

async function asOf(id: string, version: number) {
  const query = `{ orderAt(id: "${id}", version: ${version}) { email shippingAddress { line1 } status } }`;
  return (await orders.send<{ orderAt: object }>(staff, query)).data.orderAt;
}

describe('an export', () => {
  it('holds carts and orders with their addresses, amounts and history, of nobody else', async () => {
    const { id, open, cancelled, cart, sku } = await aCustomer();
    const other = await aCustomer();
    await buy(orders, anonymous);
    const held = JSON.parse(await answered('export', id));
    expect(held.orders.map(({ number }: OrderAnswer) => number)).toEqual([open.number, cancelled.number]);
    expect(held.orders[0]).toMatchObject({
      id: open.id,
      status: 'PLACED',
      email: EMAIL,
      shippingAddress: { name: 'Marguerite Perey', line1: STREET, country: 'PT', phone: '+351223456789' },
      billingAddress: { line1: 'Billing Lane 5' },
      lines: [{ quantity: 2, unitPrice: '12.50 EUR', total: '25.00 EUR' }],
      totals: { total: '25.00 EUR', paid: '0.00 EUR' },
      payment: { status: 'AUTHORIZED' },
      history: [{ type: 'PLACED', by: id }],
    });
    expect(held.orders[1].history).toMatchObject([
      { type: 'PLACED' },
      { type: 'CANCELLED', reason: `${EMAIL} has moved` },
      { type: 'PAYMENT_VOIDED', by: 'service:orders' },
    ]);
    expect(held.carts).toMatchObject([{ id: cart.id, lines: [{ sku, unitPrice: '5.00 EUR' }] }, {}, {}]);
    expect(held.checkouts).toHaveLength(2);
    expect(held.cancellationKeys).toHaveLength(1);
    expect(JSON.stringify(held)).not.toContain(other.open.number);
    expect(JSON.stringify(held)).not.toMatch(/token|hash/i);
  });

  it('of somebody with more orders than one page has all of them', async () => {
    const id = 'user_collector';
    const first = await order(aUser({ id }));
    const [view] = await orders.collection('orderViews').find({ number: first.number }).toArray();
    const { _id, ...fields } = view!;
    const copies = Array.from({ length: 250 }, (_, index) => {
      return { ...fields, _id: `${String(_id)}_${index}` as never, number: `X-${index}` };
    });
    await orders.collection('orderViews').insertMany(copies);
    expect(JSON.parse(await answered('export', id)).orders).toHaveLength(251);
    await orders.collection('orderViews').deleteMany({ number: /^X-/ });
  });

  it('of somebody who was never here is empty', async () => {
    expect(JSON.parse(await answered('export', 'user_nobody'))).toEqual({
      ...{ carts: [], orders: [], checkouts: [], cancellationKeys: [] },
    });
  });
});

describe('an erasure', () => {
  it('takes the customer out of a cancelled order, with all that it was before, and keeps its numbers', async () => {
    const { id, viewer, cancelled, cart } = await aCustomer();
    const before = await seen(cancelled.id);
    expect(await answered('anonymisation', id)).toBe('');

    const nobody = { name: 'Anonymised', line1: 'Anonymised', line2: null, city: 'Anonymised', region: null };
    const rest = { postalCode: null, country: 'PT', phone: null };
    const events = {
      edges: ['PLACED', 'CANCELLED', 'PAYMENT_VOIDED'].map((type) => ({ node: { type, reason: null } })),
    };
    const after = await seen(cancelled.id);
    expect(after).toMatchObject({ email: null, customer: { id }, shippingAddress: { ...nobody, ...rest }, events });
    for (const field of ['number', 'status', 'paymentStatus', 'lines', 'totals', 'placedAt', 'version'] as const) {
      expect(after).toHaveProperty(field, before[field]);
    }
    for (const version of [1, 2, 3]) {
      expect(await asOf(cancelled.id, version)).toMatchObject({
        email: null,
        shippingAddress: { line1: 'Anonymised' },
      });
    }
    expect((await orders.send<{ cart: null }>(viewer, CART_QUERY, { id: cart.id })).data.cart).toBeNull();
  });

  it('leaves nothing behind but where the goods of an open order go, until it is closed', async () => {
    const { id, open } = await aCustomer();
    await answered('anonymisation', id);
    const isTheirs = (document: object) => JSON.stringify(document).includes(id);
    const ofOpen = { orderCommits: 1, orderViews: 1 };
    expect(await whereIs(EMAIL, isTheirs)).toEqual({});
    expect(await whereIs('Billing Lane', isTheirs)).toEqual({});
    expect(await whereIs(STREET, isTheirs)).toEqual(ofOpen);
    expect(await whereIs('Marguerite', isTheirs)).toEqual(ofOpen);
    for (const name of ['carts', 'idempotency', 'checkouts']) {
      expect((await whereIs(id))[name]).toBeUndefined();
    }

    const input = { id: open.id, reason: 'Marguerite Perey has called', idempotencyKey: newKey() };
    await orders.send(staff, ORDER_CANCEL, { input });
    expect(await whereIs(STREET, isTheirs)).toEqual({});
    expect(await whereIs('Marguerite', isTheirs)).toEqual({});
    expect(await seen(open.id)).toMatchObject({ status: 'CANCELLED', totals: open.totals });
  });

  it('also ends for an order that is never closed', async () => {
    const { id, open } = await aCustomer();
    await answered('anonymisation', id);
    expect(await asOf(open.id, 1)).toMatchObject({ shippingAddress: { line1: STREET } });
    // The sweep of a process that starts later, which looks at once.
    orders.clock.advance(30 * DAY_MS);
    await orders.world.startProcess();
    await eventually(async () =>
      expect(await asOf(open.id, 1)).toMatchObject({ shippingAddress: { line1: 'Anonymised' } }),
    );
  });

  it('is not undone by making the views again', async () => {
    const { id, cancelled, open } = await aCustomer();
    await answered('anonymisation', id);
    const views = () => orders.collection('orderViews').find({ customerId: id }).sort({ _id: 1 }).toArray();
    const before = await views();
    await rebuildOrderViews(orders.ownConnection);
    expect(await views()).toEqual(before);
    expect(before.map(({ number }) => String(number)).sort()).toEqual([open.number, cancelled.number].sort());
  });

  it('does not touch others, nor guests with the same address', async () => {
    const [{ id }, other] = [await aCustomer(), await aCustomer()];
    const guest = await buy(orders, anonymous);
    await answered('anonymisation', id);
    expect(await seen(other.open.id)).toMatchObject({ email: EMAIL, shippingAddress: { line1: STREET } });
    expect(await seen(guest.order.id)).toMatchObject({ email: 'ada@example.com' });
  });

  it('takes an order along that was placed while it ran', async () => {
    const { id, viewer } = await aCustomer();
    await answered('anonymisation', id);
    const late = await order(viewer);
    orders.clock.advance(HOUR_MS);
    await eventually(async () => expect(await seen(late.id)).toMatchObject({ email: null }));
  });

  it('and a cancellation at the same moment both count', async () => {
    const { id, open } = await aCustomer();
    const input = { id: open.id, reason: 'Marguerite Perey', idempotencyKey: newKey() };
    await Promise.all([answered('anonymisation', id), orders.send(staff, ORDER_CANCEL, { input })]);
    await eventually(async () => expect(await seen(open.id)).toMatchObject({ paymentStatus: 'VOIDED' }));
    expect(await seen(open.id)).toMatchObject({ status: 'CANCELLED', shippingAddress: { line1: 'Anonymised' } });
    expect(await whereIs(STREET, (document) => JSON.stringify(document).includes(id))).toEqual({});
  });
});
