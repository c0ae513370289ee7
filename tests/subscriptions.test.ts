import { randomUUID } from 'node:crypto';
import { eventually } from '@shopgraph/kit/testing';
import { createClient as createEventClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { aCart, aCheckout, anOffer, receive } from './support/shop-builders';
import { Browser } from './support/browser';
import { PASSWORD, type SignedIn, startTestShop, type TestShop } from './support/start-test-shop';

let shop: TestShop;
let staff: Person;
let customer: Person;
beforeAll(async () => {
  shop = await startTestShop();
  staff = await signedIn('ADMIN');
  customer = await signedIn('CUSTOMER');
});
afterAll(() => shop.close());

type Person = SignedIn & { readonly accessToken: string };

async function signedIn(...roles: string[]): Promise<Person> {
  const person = await shop.signedIn(...roles);
  const { login } = await shop.anonymous.login({ input: { email: person.email, password: PASSWORD } });
  return { ...person, accessToken: login.accessToken ?? '' };
}

/** Sends what the client has no method for. */
async function send({ accessToken }: Person, query: string): Promise<void> {
  const { data, codes } = await new Browser({ url: shop.url, transport: null }).send({ query }, accessToken);
  expect([codes, Object.values(data ?? {})]).toEqual([[], [{ userErrors: [] }]]);
}

const ways = ['socket', 'events'] as const;

/** What a subscription brings, by either way. */
function follow(way: (typeof ways)[number], query: string, person: Person | null) {
  const seen: { data?: unknown; errors?: readonly { extensions?: { code?: string } }[] }[] = [];
  const failures: unknown[] = [];
  const credentials = person === null ? {} : { authorization: `Bearer ${person.accessToken}` };
  const sink = {
    next: (answer: unknown) => void seen.push(answer as (typeof seen)[number]),
    error: (error: unknown) => void failures.push(error),
    complete: () => undefined,
  };
  const client =
    way === 'socket'
      ? createSocketClient({
          url: shop.url.replace('http', 'ws'),
          webSocketImpl: WebSocket,
          connectionParams: credentials,
          retryAttempts: 0,
        })
      : createEventClient({ url: shop.url, headers: credentials, retryAttempts: 0 });
  client.subscribe({ query }, sink);
  return {
    seen,
    failures,
    stop: async (): Promise<void> => {
      await client.dispose();
    },
  };
}

/** Repeats a change until it was heard of: nobody tells when a subscription has begun. */
async function heard(seen: readonly unknown[], change: () => Promise<unknown>): Promise<void> {
  await eventually(async () => {
    await change();
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen.length).toBeGreaterThan(0);
  });
}

describe.each(ways)('by %s', (way) => {
  it('whoever follows a product hears of its changes, with what other subgraphs know', async () => {
    const { productId: id } = await anOffer(staff.client);
    const query = `subscription { productUpdated(id: "${id}") { name variants { edges { node { availability { quantity } } } } } }`;
    const followed = follow(way, query, null);
    const browser = new Browser({ url: shop.url, transport: null });
    await heard(followed.seen, async () => {
      const { data } = await browser.send({ query: `{ product(id: "${id}") { version } }` });
      const version = Number(data?.product?.version);
      const change = `id: "${id}", expectedVersion: ${version}, input: { name: "Name ${version}" }`;
      await send(staff, `mutation { productUpdate(${change}) { userErrors { code } } }`);
    });
    expect(followed.seen[0]).toMatchObject({
      data: {
        productUpdated: {
          name: expect.stringMatching(/^Name/) as string,
          variants: { edges: [{ node: { availability: { quantity: 10 } } }] },
        },
      },
    });
    await followed.stop();
  });

  it('staff hears of stock, and of what runs low', async () => {
    const { sku } = await anOffer(staff.client);
    const stock = follow(way, `subscription { stockChanged(sku: "${sku}") { onHand } }`, staff);
    const low = follow(way, 'subscription { lowStockAlert { available } }', staff);
    await heard(stock.seen, () => receive(staff.client, sku, 1));
    expect(low.seen).toEqual([]);
    const set = (quantity: number) => {
      const input = `{ sku: "${sku}", quantity: ${quantity}, reason: COUNTED, idempotencyKey: "${randomUUID()}" }`;
      return send(staff, `mutation { stockSet(input: ${input}) { userErrors { code } } }`);
    };
    const out = async () => {
      await set(5);
      await set(0);
    };
    await heard(low.seen, out);
    // What is told is what there is when it is told: five may be low, too.
    await eventually(async () => expect(low.seen).toContainEqual({ data: { lowStockAlert: { available: 0 } } }));
    const refused = follow(way, `subscription { stockChanged(sku: "${sku}") { onHand } }`, customer);
    await eventually(async () => expect(refused.failures).toHaveLength(1));
    for (const { stop } of [stock, low, refused]) await stop();
  });

  it('customers hear of their orders, and nobody of those of somebody else', async () => {
    const { sku } = await anOffer(staff.client, { onHand: 100 });
    const stranger = await signedIn('CUSTOMER');
    const mine = follow(way, 'subscription { myOrdersUpdated { id status } }', customer);
    const theirs = follow(way, 'subscription { myOrdersUpdated { id status } }', stranger);
    const buy = async () => {
      const cart = await aCart(customer.client, { sku, quantity: 1 });
      const { checkout } = await customer.client.checkout({ input: aCheckout(cart) });
      return checkout.order?.id ?? '';
    };
    let id = '';
    await heard(mine.seen, async () => (id = await buy()));
    expect(mine.seen[0]).toMatchObject({ data: { myOrdersUpdated: { status: expect.any(String) as string } } });

    const order = `subscription { orderUpdated(id: "${id}") { id status } }`;
    const [own, foreign, nobodys] = [
      follow(way, order, customer),
      follow(way, order, stranger),
      follow(way, order, null),
    ];
    await eventually(async () =>
      expect([foreign.failures, nobodys.failures].map(({ length }) => length)).toEqual([1, 1]),
    );
    await customer.client.orderCancel({
      input: { id, reason: 'changed my mind', idempotencyKey: randomUUID() },
    });
    // That it was placed may be told only now.
    await eventually(async () =>
      expect(own.seen.at(-1)).toEqual({ data: { orderUpdated: { id, status: 'CANCELLED' } } }),
    );
    expect([...theirs.seen, ...foreign.seen, ...nobodys.seen]).toEqual([]);
    for (const { stop } of [mine, theirs, own, foreign, nobodys]) await stop();
  });
});
