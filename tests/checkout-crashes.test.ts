import { eventually, freePort } from '@shopgraph/kit/testing';
import { startHttpProxy } from './support/http-proxy';
import { startMongoProxy } from './support/mongo-proxy';
import { type ServiceProcess, startServiceProcess } from './support/service-process';
import { aCart, aCheckout, anOffer, levelOf } from './support/shop-builders';
import { type SignedIn, startTestShop, type TestShop } from './support/start-test-shop';

/** Everything that orders does to the outside during a checkout, in this order. */
const STEPS = [
  'ask products',
  'insert checkouts',
  'ask inventory: reservationCreate',
  'update checkouts',
  'insert sandboxPayments',
  'update checkouts',
  // From here on one transaction.
  'update checkouts',
  'update carts',
  'findAndModify counters',
  'insert orderCommits',
  'update orderViews',
  'commitTransaction',
];
/** What the process does in its own time: relaying events, and looking for requests about people. */
const BESIDE_REQUESTS: ReadonlySet<string> = new Set(['outbox', 'leases', 'privacyRequests']);
const UNITS = { onHand: 3, bought: 2 };
/** MongoDB keeps the transaction of a dead process open for a minute, unless it is told otherwise. */
const SETTLED_MS = 80_000;

interface Death {
  /** Index of the step. */
  readonly step: number;
  /** After it was sent, the process hears nothing of its outcome. */
  readonly when: 'before' | 'after';
}

let shop: TestShop;
let admin: SignedIn;
let orders: ServiceProcess;
let startOrders: () => Promise<void>;
let stopProxies: () => Promise<unknown>;

/** What was done while watching, and when the process dies. */
let done: string[] = [];
let death: Death | null = null;
let isWatching = false;

/** Notes a step; false when the process is killed instead of doing it. */
function observe(step: string): boolean {
  if (!isWatching) return true;
  const dies = done.length === death?.step;
  done.push(step);
  if (!dies) return true;
  orders.kill();
  isWatching = false;
  return death?.when === 'after';
}

beforeAll(async () => {
  const port = await freePort();
  shop = await startTestShop({ elsewhere: { orders: `http://127.0.0.1:${port}` } });
  admin = await shop.signedIn('ADMIN');
  const mongoUri = new URL(shop.environment.MONGODB_URI ?? '');
  mongoUri.pathname += '_orders';
  const mongo = await startMongoProxy(
    mongoUri.href,
    ({ command, collection }) => BESIDE_REQUESTS.has(collection) || observe(`${command} ${collection}`),
  );
  const products = await startHttpProxy(shop.origins.products, () => observe('ask products'));
  const inventory = await startHttpProxy(shop.origins.inventory, (body) =>
    observe(`ask inventory: ${/reservation\w+/.exec(body)?.[0]}`),
  );
  stopProxies = () => Promise.all([mongo.stop(), products.stop(), inventory.stop()]);
  startOrders = async () => {
    orders = await startServiceProcess('orders', port, {
      ...shop.environment,
      MONGODB_URI: mongo.uri,
      PRODUCTS_URL: `${products.origin}/graphql`,
      INVENTORY_URL: `${inventory.origin}/graphql`,
      CHECKOUT_LEASE_MS: '1500',
      LOG_LEVEL: 'silent',
    });
  };
  await startOrders();
}, 60_000);
afterAll(async () => {
  orders.kill();
  await orders.ended();
  await stopProxies();
  await shop.close();
});

/** Checks a new cart out while the process dies at some point, or does not. */
async function checkOut(dying: Death | null) {
  const { sku } = await anOffer(admin.client, { onHand: UNITS.onHand });
  const input = aCheckout(await aCart(shop.anonymous, { sku, quantity: UNITS.bought }));
  done = [];
  death = dying;
  isWatching = true;
  const answer = await shop.anonymous
    .checkout({ input }, { timeoutMs: 8_000 })
    .catch((error: unknown) => error as Error);
  isWatching = false;
  return { sku, input, answer };
}

/** How many orders there are for a SKU, what is held of it, and how many payments hold money in all. */
async function outcome(sku: string) {
  const database = await shop.database('orders');
  const open = await database.collection('checkouts').countDocuments({ leaseUntil: { $ne: null } });
  const commits = await database.collection('orderCommits').find().toArray();
  const { reserved, allocated, available } = await levelOf(admin.client, sku);
  return {
    open,
    orders: commits.filter((commit) => JSON.stringify(commit).includes(sku)).length,
    held: reserved + allocated,
    available,
    charged: await database.collection('sandboxPayments').countDocuments({ status: 'AUTHORIZED' }),
  };
}

describe('the orders service', () => {
  it('takes these steps for a checkout', async () => {
    const { answer } = await checkOut(null);
    expect(answer).toMatchObject({ checkout: { order: { status: 'PLACED' }, userErrors: [] } });
    expect(done.map((step) => step.replace(/^commitTransaction.*/, 'commitTransaction'))).toEqual(STEPS);
  });

  it.each([
    ...STEPS.map((name, step): [string, string, number] => ['before', name, step]),
    ...['ask inventory: reservationCreate', 'insert sandboxPayments', 'commitTransaction'].map(
      (name): [string, string, number] => ['after', name, STEPS.indexOf(name)],
    ),
  ])(
    'killed %s "%s" (step %d) leaves a complete order, or nothing held and nothing charged',
    async (when, _name, step) => {
      const { charged } = await outcome((await anOffer(admin.client)).sku);
      const { sku, input, answer } = await checkOut({ step, when: when as Death['when'] });
      expect(answer).toBeInstanceOf(Error);
      await orders.ended();
      await startOrders();

      const settled = await eventually(async () => {
        const found = await outcome(sku);
        expect(found.open).toBe(0);
        expect(found.held).toBe(found.orders * UNITS.bought);
        return found;
      }, SETTLED_MS);
      const isPlaced = settled.orders === 1;
      expect(settled).toEqual({
        open: 0,
        orders: isPlaced ? 1 : 0,
        held: isPlaced ? UNITS.bought : 0,
        available: isPlaced ? UNITS.onHand - UNITS.bought : UNITS.onHand,
        charged: charged + (isPlaced ? 1 : 0),
      });
      // Only what was committed can be there.
      expect(isPlaced).toBe(when === 'after' && step === STEPS.length - 1);

      // The client, which does not know, asks again with the same key: one order, never a success without one.
      const { checkout } = await shop.anonymous.checkout({ input });
      expect(checkout).toMatchObject({ order: { status: 'PLACED' }, userErrors: [] });
      expect(await outcome(sku)).toEqual({
        open: 0,
        orders: 1,
        held: UNITS.bought,
        available: UNITS.onHand - UNITS.bought,
        charged: charged + 1,
      });
    },
    120_000,
  );
});
