import { randomUUID } from 'node:crypto';
import { createSession } from '@shopgraph/client';
import { aCart, aCheckout, anOffer } from '../support/shop-builders';
import { PASSWORD, startTestShop, type TestShop } from '../support/start-test-shop';

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.close());

/** Every event that the services have caused so far. */
async function allEvents(): Promise<{ readonly type: string }[]> {
  const services = ['users', 'products', 'inventory', 'orders'] as const;
  const outboxes = await Promise.all(
    services.map(async (service) => (await shop.database(service)).collection<{ type: string }>('outbox')),
  );
  return (await Promise.all(outboxes.map((outbox) => outbox.find().toArray()))).flat();
}

describe('events', () => {
  it('name nobody, whatever people write into forms', async () => {
    const admin = (await shop.signedIn('ADMIN')).client;
    const { sku } = await anOffer(admin);
    const cause = { reason: 'RECEIVED', reference: 'brought by Grace Hopper', idempotencyKey: randomUUID() } as const;
    await admin.stockAdjust({ input: { sku, delta: 1, ...cause } });

    const { client } = createSession({ url: shop.url });
    const email = 'lovelace@shopgraph.test';
    await client.register({ input: { email, name: 'Ada Lovelace', password: PASSWORD } });
    await client.verifyEmail({ token: (await shop.mailTo(email)).token ?? '' });
    const { cart, token } = await aCart(client, { sku, quantity: 1 });
    const shippingAddress = {
      ...{ name: 'Charles Babbage', line1: 'Dorset Street 1', line2: 'Back door', city: 'Marylebone' },
      ...{ region: 'Middlesex', postalCode: 'W1U 6QS', country: 'GB', phone: '+442079460000' },
    };
    const input = aCheckout({ cart, token }, { email: 'babbage@shopgraph.test', shippingAddress });
    const { checkout } = await client.checkout({ input });
    const reason = 'Mary Somerville wants none';
    const cancellation = { id: checkout.order?.id ?? '', reason, idempotencyKey: randomUUID() };
    expect((await client.orderCancel({ input: cancellation })).orderCancel.userErrors).toEqual([]);

    const events = await allEvents();
    const types = events.map(({ type }) => type);
    for (const type of ['users.user-verified', 'inventory.stock-adjusted', 'orders.order-cancelled']) {
      expect(types).toContain(type);
    }
    const { country: _country, ...personal } = shippingAddress;
    const text = JSON.stringify(events);
    for (const word of [...Object.values(personal), 'Hopper', 'Lovelace', 'lovelace', 'babbage', 'Somerville']) {
      expect(text).not.toContain(word);
    }
  });
});
