import { anonymous, aUser, eventually } from '@shopgraph/kit/testing';
import { buy, CART_QUERY, type CartAnswer, checkOut, checkoutInput, createCart, ORDER_QUERY } from './shopping';
import { type Orders, startOrders } from './start-orders';

let orders: Orders;
beforeAll(async () => {
  orders = await startOrders();
});
afterAll(() => orders.stop());

const customer = aUser({ id: 'user_shopper' });

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
