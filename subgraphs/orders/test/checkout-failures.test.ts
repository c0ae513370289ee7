import { aUser, eventually } from '@shopgraph/kit/testing';
import { checkOut, checkoutInput, createCart } from './shopping';
import { LEASE_MS, type Orders, startOrders } from './start-orders';

let orders: Orders;
beforeEach(async () => {
  orders = await startOrders();
});
afterEach(() => orders.stop());

const customer = aUser({ id: 'user_shopper' });

describe('when something fails on the way, nothing stays held and nothing is charged:', () => {
  const nothingIsHeld = async () => {
    expect(orders.inventory.held()).toEqual([]);
    expect(await orders.collection('sandboxPayments').countDocuments({ status: 'AUTHORIZED' })).toBe(0);
    expect(await orders.collection('orderCommits').countDocuments()).toBe(0);
  };
  const failing = (): never => {
    throw new Error('down');
  };
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
