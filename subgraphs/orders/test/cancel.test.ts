import { anonymous, aUser, eventually } from '@shopgraph/kit/testing';
import { pass } from './fake-subgraph';
import { buy, newKey, ORDER_CANCEL, type OrderAnswer, type UserErrorAnswer } from './shopping';
import { type Orders, startOrders } from './start-orders';

let orders: Orders;
beforeAll(async () => {
  orders = await startOrders();
});
afterAll(() => orders.stop());
afterEach(() => void (orders.payments.onVoid = pass));

const customer = aUser({ id: 'user_shopper' });
interface Payload {
  readonly order: OrderAnswer | null;
  readonly userErrors: readonly UserErrorAnswer[];
}

async function cancel(viewer: typeof customer, input: object) {
  const { data, errors } = await orders.send<{ orderCancel: Payload } | null>(viewer, ORDER_CANCEL, {
    input: { idempotencyKey: newKey(), ...input },
  });
  return { ...(data?.orderCancel ?? { order: null, userErrors: [] }), errors };
}
const published = (aggregateId: string) =>
  orders.collection('outbox').find({ aggregateId, type: 'orders.order-cancelled' }).toArray();
const paymentStatuses = async () =>
  (await orders.collection('sandboxPayments').find().sort({ _id: -1 }).limit(1).toArray()).map(
    ({ status }) => status as string,
  );

describe('cancelling an order', () => {
  it('gives its stock back, lets go of its payment, and is told in its events', async () => {
    const { order, sku } = await buy(orders, customer);
    const answer = await cancel(customer, { id: order.id, reason: ' Changed my mind ' });
    expect(answer.order).toMatchObject({
      id: order.id,
      status: 'CANCELLED',
      allowedTransitions: [],
      paymentStatus: 'VOIDED',
      version: 3,
      lines: [{ sku, quantity: 2, cancelledQuantity: 2 }],
      events: {
        edges: [
          { node: { type: 'PLACED', version: 1 } },
          { node: { type: 'CANCELLED', version: 2, reason: 'Changed my mind' } },
          { node: { type: 'PAYMENT_VOIDED', version: 3, reason: null } },
        ],
      },
    });
    expect(await paymentStatuses()).toEqual(['VOIDED']);
    const [event] = await published(order.id);
    expect(event).toMatchObject({ sequence: 2, actor: 'user_shopper' });
    expect(event?.data).toEqual({
      orderId: order.id,
      reservationId: expect.stringMatching(/^rsv_/),
      restock: true,
      lines: [{ sku, quantity: 2 }],
    });
  });

  it('can leave the stock out', async () => {
    const { order } = await buy(orders, customer);
    await cancel(customer, { id: order.id, restock: false });
    expect(await published(order.id)).toMatchObject([{ data: { restock: false } }]);
  });

  it('leaves what the order was at each version', async () => {
    const { order } = await buy(orders, customer);
    await cancel(customer, { id: order.id });
    const query = `query ($id: ID!, $version: Int!) {
      orderAt(id: $id, version: $version) { status version events { edges { node { type } } } }
    }`;
    const at = async (version: number) => (await orders.send(customer, query, { id: order.id, version })).data;
    expect(await at(1)).toEqual({
      orderAt: { status: 'PLACED', version: 1, events: { edges: [{ node: { type: 'PLACED' } }] } },
    });
    expect(await at(2)).toMatchObject({ orderAt: { status: 'CANCELLED', version: 2 } });
    expect(await at(4)).toEqual({ orderAt: null });
  });

  it('has one effect when the same request arrives five times at once, and later again', async () => {
    const { order } = await buy(orders, customer);
    const input = { id: order.id, idempotencyKey: newKey() };
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => cancel(customer, input)));
    answers.push(await cancel(customer, input));
    for (const answer of answers) expect(answer).toMatchObject({ order: { status: 'CANCELLED' }, userErrors: [] });
    expect(await published(order.id)).toHaveLength(1);
    expect(await orders.collection('orderCommits').countDocuments({ orderId: order.id })).toBe(3);
  });

  it('under five keys at once is done once, and refused to the others', async () => {
    const { order } = await buy(orders, customer);
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => cancel(customer, { id: order.id })));
    expect(answers.filter((answer) => answer.order)).toHaveLength(1);
    const refusals = answers.flatMap(({ userErrors }) => userErrors);
    expect(refusals).toHaveLength(4);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ code: 'INVALID_TRANSITION', field: ['input', 'id'] });
    }
    expect(await published(order.id)).toHaveLength(1);
  });

  it('with a known key and another input is an error', async () => {
    const { order } = await buy(orders, customer);
    const idempotencyKey = newKey();
    await cancel(customer, { id: order.id, idempotencyKey });
    const { errors } = await cancel(customer, { id: order.id, idempotencyKey, restock: false });
    expect(errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_KEY_MISMATCH' } }]);
  });

  it('succeeds though the provider is away, and lets go of the payment later', async () => {
    const { order } = await buy(orders, customer);
    orders.payments.onVoid = () => {
      throw new Error('down');
    };
    const answer = await cancel(customer, { id: order.id });
    expect(answer.order).toMatchObject({ status: 'CANCELLED', paymentStatus: 'VOIDING' });
    expect(await paymentStatuses()).toEqual(['AUTHORIZED']);
    orders.payments.onVoid = pass;
    await eventually(async () => {
      const view = await orders.collection('orderViews').findOne({ number: order.number });
      expect(view).toMatchObject({ paymentStatus: 'VOIDED' });
      expect(await paymentStatuses()).toEqual(['VOIDED']);
    });
  });

  it('takes all lines in full for the whole order, and refuses less', async () => {
    const { order } = await buy(orders, customer, { quantity: 3 });
    const lines = order.lines.map(({ id, quantity }) => ({ lineId: id, quantity }));
    const part = await cancel(customer, { id: order.id, lines: [{ ...lines[0], quantity: 1 }] });
    expect(part.userErrors).toMatchObject([
      { code: 'BAD_USER_INPUT', field: ['input', 'lines'], message: 'Only whole orders can be cancelled.' },
    ]);
    expect((await cancel(customer, { id: order.id, lines })).order).toMatchObject({ status: 'CANCELLED' });
  });
});

describe('who may cancel an order:', () => {
  it("staff with the permission, everybody's", async () => {
    const { order } = await buy(orders, customer);
    const support = aUser({ id: 'user_support', permissions: ['order:cancel', 'order:read'] });
    expect((await cancel(support, { id: order.id })).order).toMatchObject({ status: 'CANCELLED' });
  });

  it('not staff that may only see it', async () => {
    const { order } = await buy(orders, customer);
    const { errors } = await cancel(aUser({ id: 'user_reader', permissions: ['order:read'] }), { id: order.id });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it('not a stranger, who gets the same answer for an order and for none', async () => {
    const { order } = await buy(orders, customer);
    const stranger = aUser({ id: 'user_stranger' });
    const answers = [
      await cancel(stranger, { id: order.id }),
      await cancel(stranger, { id: 'ord_01h455vb4pex5vsknk084sn02q' }),
    ];
    for (const { userErrors } of answers) {
      expect(userErrors).toEqual([
        { __typename: 'GenericUserError', code: 'NOT_FOUND', message: 'Not found.', field: ['input', 'id'] },
      ]);
    }
  });

  it('not somebody who is not signed in', async () => {
    const { order } = await buy(orders, anonymous);
    const { errors } = await cancel(anonymous, { id: order.id });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});
