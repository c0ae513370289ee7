import { randomUUID } from 'node:crypto';
import { createSession, type ShopgraphClient } from '@shopgraph/client';
import { systemClock, typeIds } from '@shopgraph/kit';
import { eventually } from '@shopgraph/kit/testing';
import { buildOrders, loadConfig as loadOrdersConfig, rebuildOrderViews } from '@shopgraph/orders';
import { pino } from 'pino';
import { rawScan } from './support/raw-scan';
import { aCart, aCheckout, anOffer } from './support/shop-builders';
import { PASSWORD, startTestShop, type SignedIn, type TestShop } from './support/start-test-shop';

const NAME = 'Marguerite Perey';
const EMAIL = 'marguerite.perey@shopgraph.test';
const STREET = 'Rua das Flores 17';
const PHONE = '+351223456789';
const IP = '203.0.113.77';
const USER_AGENT = 'FranciumBrowser/87.0';
const EVERYTHING = [NAME, EMAIL, STREET, PHONE, IP, USER_AGENT];

let shop: TestShop;
let admin: SignedIn;
beforeAll(async () => {
  shop = await startTestShop({ environment: { TRUST_PROXY: '1' } });
  admin = await shop.signedIn('ADMIN');
});
afterAll(() => shop.close());

/** Somebody who registers, from a place of their own. */
async function register(email: string, name: string, password = PASSWORD) {
  const headers = { 'x-forwarded-for': IP, 'user-agent': USER_AGENT };
  const { client } = createSession({ url: shop.url, headers });
  await client.register({ input: { email, name, password } });
  // Somebody may have had a mail at this address before.
  const id = await eventually(async () => {
    const { token } = await shop.mailTo(email);
    const { verifyEmail } = await client.verifyEmail({ token: token ?? '' });
    if (!verifyEmail.user) throw new Error('not the new mail yet');
    return verifyEmail.user.id;
  });
  return { id, client };
}

async function order(client: ShopgraphClient, sku: string, email = EMAIL) {
  const { cart, token } = await aCart(client, { sku, quantity: 2 });
  const shippingAddress = { name: NAME, line1: STREET, city: 'Porto', country: 'PT', phone: PHONE };
  const { checkout } = await client.checkout({ input: aCheckout({ cart, token }, { email, shippingAddress }) });
  if (!checkout.order) throw new Error(JSON.stringify(checkout.userErrors));
  return checkout.order;
}

async function done(client: ShopgraphClient, jobId = '') {
  return eventually(async () => {
    const { privacyJob } = await client.privacyJob({ id: jobId });
    expect(privacyJob).toMatchObject({ status: 'DONE' });
    return privacyJob;
  });
}

async function numbersOf(...ids: string[]) {
  const orders = await Promise.all(ids.map(async (id) => (await admin.client.order({ id })).order));
  return orders.map((found) => ({ number: found?.number, totals: found?.totals, lines: found?.lines }));
}

describe('a customer', () => {
  it('sees everything that is held of them, and then leaves nothing behind but numbers', async () => {
    const { sku } = await anOffer(admin.client, { price: '12.50', onHand: 20 });
    const { id, client } = await register(EMAIL, NAME);
    await client.login({ input: { email: EMAIL, password: PASSWORD } });
    const { addressCreate } = await client.addressCreate({
      input: { name: NAME, line1: STREET, city: 'Porto', country: 'PT', phone: PHONE },
    });
    expect(addressCreate.userErrors).toEqual([]);
    const [open, cancelled] = [await order(client, sku), await order(client, sku)];
    const cancellation = { id: cancelled.id, reason: `${NAME} has moved`, idempotencyKey: randomUUID() };
    expect((await client.orderCancel({ input: cancellation })).orderCancel.userErrors).toEqual([]);
    await aCart(client, { sku, quantity: 1 });

    const exported = await client.userExport({ id });
    expect(exported.userExport.userErrors).toEqual([]);
    await done(client, exported.userExport.job?.id);
    const { privacyJob } = await client.privacyExport({ id: exported.userExport.job?.id ?? '' });
    const held = privacyJob?.document as Record<string, Record<string, unknown>>;
    expect(Object.keys(held).sort()).toEqual(['inventory', 'orders', 'products', 'users']);
    expect(held.users).toMatchObject({
      account: { id, email: EMAIL, name: NAME },
      addresses: [{ line1: STREET, phone: PHONE }],
      sessions: [{ ip: IP, userAgent: USER_AGENT }, { ip: IP }],
    });
    expect(held.orders).toMatchObject({
      orders: [
        { number: open.number, email: EMAIL, shippingAddress: { line1: STREET, phone: PHONE } },
        { number: cancelled.number, status: 'CANCELLED', history: [{}, { reason: `${NAME} has moved` }, {}] },
      ],
    });
    expect(JSON.stringify(held)).not.toMatch(/\$2b\$|passwordHash|"sealed|tokenHash/);

    const before = await numbersOf(open.id, cancelled.id);
    const wrong = await client.userAnonymize({ id, password: 'not-this-one-at-all' });
    expect(wrong.userAnonymize).toMatchObject({ job: null, userErrors: [{ code: 'INVALID_CREDENTIALS' }] });
    const erased = await client.userAnonymize({ id, password: PASSWORD });
    expect(erased.userAnonymize.userErrors).toEqual([]);
    // At once, though the access token would be good for minutes.
    await expect(client.me()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });

    const { id: jobId } = erased.userAnonymize.job ?? { id: '' };
    const job = await done(admin.client, jobId);
    expect(job?.user).toMatchObject({ id, name: 'Anonymised', email: `${id}@anonymised.invalid` });

    // The open order still says where its goods go, and is the only thing that does.
    const ofOpenOrder = [`orders.orderCommits ${open.id}:1`, `orders.orderViews ${open.id}`];
    expect(await rawScan(shop, [NAME, STREET, PHONE])).toEqual(ofOpenOrder);
    expect(await rawScan(shop, [EMAIL, IP, USER_AGENT])).toEqual([]);
    const closing = { id: open.id, reason: `${NAME} wants none`, idempotencyKey: randomUUID() };
    expect((await admin.client.orderCancel({ input: closing })).orderCancel.userErrors).toEqual([]);
    await eventually(async () => expect(await rawScan(shop, EVERYTHING)).toEqual([]));
    expect(shop.logged.filter((line) => JSON.stringify(line).includes(EMAIL))).toEqual([]);

    const sold = ({ number, totals, lines }: Awaited<ReturnType<typeof numbersOf>>[number]) => {
      const bought = lines?.map(({ sku: of, quantity, total }) => ({ of, quantity, total }));
      return { number, totals, bought };
    };
    expect((await numbersOf(open.id, cancelled.id)).map(sold)).toEqual(before.map(sold));
    const views = (await shop.database('orders')).collection('orderViews');
    const made = await views.find({ customerId: id }).sort({ _id: 1 }).toArray();
    await rebuildOrderViews(await shop.database('orders'));
    expect(await views.find({ customerId: id }).sort({ _id: 1 }).toArray()).toEqual(made);
    expect(made).toHaveLength(2);
  });

  it('who comes again with the same address is somebody new, and has no orders', async () => {
    const email = 'grace@shopgraph.test';
    const { sku } = await anOffer(admin.client);
    const first = await register(email, 'Grace');
    await order(first.client, sku, email);
    await order(shop.anonymous, sku, email);
    await first.client.userAnonymize({ id: first.id, password: PASSWORD });
    const again = await register(email, 'Grace');
    expect(again.id).not.toBe(first.id);
    const query = '{ me { email orders { edges { node { number } } } } }';
    const { data } = await again.client.raw(query);
    expect(data).toEqual({ me: { email, orders: { edges: [] } } });
  });
});

describe('a subgraph that is down', () => {
  it('delays the job, which says who is missing, and loses nothing', async () => {
    const email = 'ada@shopgraph.test';
    const { sku } = await anOffer(admin.client);
    const { id, client } = await register(email, 'Ada');
    const { number } = await order(client, sku, email);
    await shop.services.orders?.close();
    const { userExport } = await client.userExport({ id });
    const jobId = userExport.job?.id ?? '';
    const ordersPart = async () => {
      const { privacyJob } = await client.privacyJob({ id: jobId });
      return privacyJob?.parts.find(({ subgraph }) => subgraph === 'orders')?.status;
    };
    expect(await ordersPart()).toBe('RUNNING');

    const config = loadOrdersConfig({ ...shop.environment, USERS_URL: `${shop.origins.users}/graphql` });
    const connection = await shop.database('orders');
    const deps = { connection, bus: shop.stores.bus, redis: shop.stores.redis, clock: systemClock, ids: typeIds };
    const orders = await buildOrders(config, { ...deps, logger: pino({ level: 'silent' }) });
    await orders.listen({ host: '127.0.0.1', port: 0, operationsPort: 0 });
    await done(client, jobId);
    const { privacyJob } = await client.privacyExport({ id: jobId });
    expect(privacyJob?.document).toMatchObject({ orders: { orders: [{ number }] } });
    await orders.close();
  });
});
