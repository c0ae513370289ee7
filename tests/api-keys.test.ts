import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiKeyCreateInput, createShopgraphClient, type Permission } from '@shopgraph/client';
import { buildGateway, loadConfig } from '@shopgraph/gateway';
import { eventually, FakeClock } from '@shopgraph/kit/testing';
import { pino } from 'pino';
import { aCart, aCheckout, anOffer } from './support/shop-builders';
import { aSignedRequest, sendWire, type WireRequest } from './support/signed-request';
import { type SignedIn, startTestShop, type TestShop } from './support/start-test-shop';

const PER_KEY = 30;
const clock = new FakeClock();
let shop: TestShop;
let admin: SignedIn;
let owner: SignedIn;
beforeAll(async () => {
  const environment = {
    TRUST_PROXY: '1',
    RATE_LIMITS: 'on',
    RATE_LIMIT_ANONYMOUS: '100000/60',
    RATE_LIMIT_USER: '100000/60',
    RATE_LIMIT_API_KEY: `${PER_KEY}/3600`,
    MAX_BATCH_SIZE: '3',
    KEY_ENCRYPTION_SECRET: 'k'.repeat(32),
  };
  shop = await startTestShop({ clock, environment });
  [admin, owner] = [await shop.signedIn('ADMIN'), await shop.signedIn('ADMIN')];
});
afterAll(() => shop.close());
// The counts of fields begin anew, and nothing is remembered of keys.
beforeEach(() => clock.advance(60_000));

/** A key that `maker` has made, with its secret. */
async function aKey(scopes: Permission[], input: Partial<ApiKeyCreateInput> = {}, maker = owner) {
  const { apiKeyCreate } = await maker.client.apiKeyCreate({ input: { name: 'Program', scopes, ...input } });
  const { apiKey, secret, userErrors } = apiKeyCreate;
  if (!apiKey || secret === null) throw new Error(JSON.stringify(userErrors));
  return { apiKey, secret, client: programOf(secret) };
}
const programOf = (apiKey: string, options = {}) =>
  createShopgraphClient({ url: shop.url, apiKey, retries: 0, ...options });
const codesOf = async (client: ReturnType<typeof programOf>, query: string) =>
  (await client.raw(query)).errors.map(({ extensions }) => extensions?.code);
/** Whether a program sees orders, or why not. */
const outcomeOf = async (secret: string, headers: Record<string, string> = {}) => {
  const client = programOf(secret, { headers });
  const { data, errors } = await client.raw<{ orders: object | null }, object>('{ orders { edges { cursor } } }');
  return data?.orders ? 'sees orders' : errors[0]?.extensions?.code;
};

describe('a program', () => {
  it('does by its scopes what staff does, in all subgraphs, and nothing else', async () => {
    const { sku, productId } = await anOffer(admin.client);
    const customer = await shop.signedIn('CUSTOMER');
    const { cart } = await aCart(customer.client, { sku, quantity: 1 });
    const { checkout } = await customer.client.checkout({ input: aCheckout({ cart, token: null }) });
    const orderId = checkout.order?.id ?? '';
    const { productCreate } = await admin.client.productCreate({
      input: { name: 'A draft', description: '', options: [] },
    });
    const draftId = productCreate.product?.id ?? '';

    const reads = `{
      user(id: "${customer.id}") { email orders { edges { node { id } } } cart { id } }
      product(id: "${draftId}") { name }
      inventoryItem(sku: "${sku}") { sku }
      orders { edges { node { id } } }
      order(id: "${orderId}") { id customer { email } }
      me { id }
    }`;
    const { client } = await aKey(['USER_READ', 'PRODUCT_READ', 'INVENTORY_READ', 'ORDER_READ']);
    const { data, errors } = await client.raw<Record<string, unknown>, object>(reads);
    expect(errors).toEqual([]);
    expect(data).toMatchObject({
      user: { email: customer.email, orders: { edges: [{ node: { id: orderId } }] }, cart: null },
      product: { name: 'A draft' },
      inventoryItem: { sku },
      order: { id: orderId, customer: { email: customer.email } },
      me: null,
    });
    const key = randomUUID();
    for (const write of [
      `productArchive(id: "${productId}") { userErrors { code } }`,
      `stockAdjust(input: { sku: "${sku}", delta: 1, reason: RECEIVED, idempotencyKey: "${key}" }) { userErrors { code } }`,
      `userSetStatus(id: "${customer.id}", status: DEACTIVATED) { userErrors { code } }`,
      `orderCancel(input: { id: "${orderId}", idempotencyKey: "${key}" }) { userErrors { code } }`,
      'logout { loggedOut }',
    ]) {
      expect(await codesOf(client, `mutation { ${write} }`)).toEqual(['FORBIDDEN']);
    }

    const { client: writer, apiKey } = await aKey([
      'INVENTORY_ADJUST',
      'INVENTORY_READ',
      'PRODUCT_WRITE',
      'ORDER_CANCEL',
    ]);
    const adjusted = await writer.stockAdjust({
      input: { sku, delta: 1, reason: 'RECEIVED', idempotencyKey: randomUUID() },
    });
    expect(adjusted.stockAdjust.userErrors).toEqual([]);
    const cancelled = await writer.orderCancel({ input: { id: orderId, idempotencyKey: randomUUID() } });
    expect(cancelled.orderCancel).toMatchObject({ order: { status: 'CANCELLED' }, userErrors: [] });
    expect(await codesOf(writer, `mutation { productArchive(id: "${productId}") { product { status } } }`)).toEqual([]);
    const { data: item } = await writer.raw<{ inventoryItem: { movements: { edges: { node: object }[] } } }, object>(
      `{ inventoryItem(sku: "${sku}") { movements(last: 10) { edges { node { actor } } } } }`,
    );
    expect(item?.inventoryItem.movements.edges.map(({ node }) => node)).toContainEqual({ actor: apiKey.id });
  });

  it('has no cart of its own: what it makes is a guest cart', async () => {
    const { sku } = await anOffer(admin.client);
    const { client } = await aKey(['ORDER_READ']);
    const { cart, token } = await aCart(client, { sku, quantity: 1 });
    expect(token).not.toBeNull();
    expect((await client.cart({ id: cart.id })).cart).toBeNull();
    expect((await client.cart({ id: cart.id, token })).cart).toMatchObject({ id: cart.id });
  });

  it('makes no keys, whatever it may do', async () => {
    const { client, apiKey } = await aKey(['API_KEY_MANAGE', 'ORDER_READ']);
    expect((await client.apiKeys({ first: 1 })).apiKeys.edges).toHaveLength(1);
    for (const change of [
      'apiKeyCreate(input: { name: "a", scopes: [ORDER_READ] }) { secret }',
      `apiKeyRotate(id: "${apiKey.id}") { secret }`,
      `apiKeyRevoke(id: "${apiKey.id}") { apiKey { id } }`,
    ]) {
      expect(await codesOf(client, `mutation { ${change} }`)).toEqual(['FORBIDDEN']);
    }
  });

  it('never gets scopes beyond what its maker may do', async () => {
    const permissions: Permission[] = ['API_KEY_MANAGE', 'ORDER_READ'];
    await admin.client.roleUpsert({ input: { id: 'KEY_MAKER', name: 'Key maker', permissions } });
    const maker = await shop.signedIn('KEY_MAKER');
    const input = { name: 'Program', scopes: ['ORDER_READ', 'ORDER_CANCEL'] as Permission[] };
    expect((await maker.client.apiKeyCreate({ input })).apiKeyCreate).toMatchObject({
      apiKey: null,
      secret: null,
      userErrors: [{ code: 'FORBIDDEN', field: ['input', 'scopes'] }],
    });
    expect(await outcomeOf((await aKey(['ORDER_READ'], {}, maker)).secret)).toBe('sees orders');
  });

  it('is counted by its key, from wherever it asks', async () => {
    const { secret } = await aKey(['ORDER_READ']);
    const outcomes = await Promise.all(
      Array.from({ length: PER_KEY + 5 }, (_, index) => outcomeOf(secret, { 'x-forwarded-for': `192.0.2.${index}` })),
    );
    expect(outcomes.filter((outcome) => outcome === 'RATE_LIMITED')).toHaveLength(5);
    expect(await outcomeOf((await aKey(['ORDER_READ'])).secret)).toBe('sees orders');
  });

  it('leaves a trace of its last use', async () => {
    const { client, apiKey } = await aKey(['ORDER_READ']);
    await client.raw('{ __typename }', {}, { headers: { 'x-forwarded-for': '192.0.2.77' } });
    await eventually(async () => {
      const { apiKeys } = await owner.client.apiKeys({ first: 1 });
      expect(apiKeys.edges[0]?.node).toMatchObject({
        id: apiKey.id,
        lastUsedAt: clock.now().toISOString(),
        lastUsedIp: '192.0.2.77',
        owner: { id: owner.id },
      });
    });
  });
});

describe('a key', () => {
  it('that is revoked is refused at once', async () => {
    const { apiKey, secret } = await aKey(['ORDER_READ']);
    expect(await outcomeOf(secret)).toBe('sees orders');
    await owner.client.apiKeyRevoke({ id: apiKey.id });
    expect(await outcomeOf(secret)).toBe('UNAUTHENTICATED');
  });

  it('that is rotated works by both secrets until the overlap ends, or by the new one at once', async () => {
    const { apiKey, secret } = await aKey(['ORDER_READ']);
    expect(await outcomeOf(secret)).toBe('sees orders');
    const { apiKeyRotate: second } = await owner.client.apiKeyRotate({ id: apiKey.id, overlapSeconds: 60 });
    clock.advance(59_000);
    expect([await outcomeOf(secret), await outcomeOf(second.secret ?? '')]).toEqual(['sees orders', 'sees orders']);
    clock.advance(1_000);
    expect([await outcomeOf(secret), await outcomeOf(second.secret ?? '')]).toEqual(['UNAUTHENTICATED', 'sees orders']);
    const { apiKeyRotate: third } = await owner.client.apiKeyRotate({ id: apiKey.id, overlapSeconds: 0 });
    expect(await outcomeOf(second.secret ?? '')).toBe('UNAUTHENTICATED');
    expect(await outcomeOf(third.secret ?? '')).toBe('sees orders');
  });

  it('ends when it expires, also while it is remembered', async () => {
    const expiresAt = new Date(clock.now().getTime() + 5_000).toISOString();
    const { secret } = await aKey(['ORDER_READ'], { expiresAt });
    expect(await outcomeOf(secret)).toBe('sees orders');
    clock.advance(5_000);
    expect(await outcomeOf(secret)).toBe('UNAUTHENTICATED');
  });

  it('works from its addresses only, by IPv4 and IPv6', async () => {
    const { secret } = await aKey(['ORDER_READ'], { allowedIps: ['192.0.2.0/24', '2001:db8::/32'] });
    const from = (address: string) => outcomeOf(secret, { 'x-forwarded-for': address });
    expect(await from('192.0.2.7')).toBe('sees orders');
    expect(await from('::ffff:192.0.2.7')).toBe('sees orders');
    expect(await from('2001:db8:7::1')).toBe('sees orders');
    expect(await from('198.51.100.7')).toBe('IP_NOT_ALLOWED');
    expect(await from('2001:db9::1')).toBe('IP_NOT_ALLOWED');
    // What the program claims stands before what the proxy has seen.
    expect(await from('192.0.2.7, 198.51.100.7')).toBe('IP_NOT_ALLOWED');
  });

  it('loses at once what its owner loses: by a role, by a change of a role, with the account', async () => {
    const permissions: Permission[] = ['API_KEY_MANAGE', 'ORDER_READ', 'USER_READ'];
    const role = { id: 'ORDER_LEAD', name: 'Order lead' };
    await admin.client.roleUpsert({ input: { ...role, permissions } });
    const lead = await shop.signedIn('ORDER_LEAD');
    const { secret } = await aKey(['ORDER_READ', 'USER_READ'], {}, lead);
    expect(await outcomeOf(secret)).toBe('sees orders');
    await admin.client.roleUpsert({ input: { ...role, permissions: ['API_KEY_MANAGE', 'USER_READ'] } });
    expect(await outcomeOf(secret)).toBe('FORBIDDEN');
    await admin.client.roleUpsert({ input: { ...role, permissions } });
    clock.advance(10_000);
    expect(await outcomeOf(secret)).toBe('sees orders');
    await admin.client.userSetRoles({ id: lead.id, roleIds: ['CUSTOMER'] });
    expect(await outcomeOf(secret)).toBe('FORBIDDEN');
    await admin.client.userSetRoles({ id: lead.id, roleIds: ['ORDER_LEAD'] });
    clock.advance(10_000);
    expect(await outcomeOf(secret)).toBe('sees orders');
    await admin.client.raw(`mutation { userSetStatus(id: "${lead.id}", status: DEACTIVATED) { user { id } } }`);
    expect(await outcomeOf(secret)).toBe('UNAUTHENTICATED');
  });
});

describe('signed requests', () => {
  const QUERY = '{ orders { edges { cursor } } }';
  const send = (wire: WireRequest, origin = shop.origins.gateway) => sendWire(origin, wire);
  const signed = (secret: string, options = {}) => aSignedRequest(secret, QUERY, clock.now(), options);

  it('are what a key may require, by POST and by GET', async () => {
    const { secret } = await aKey(['ORDER_READ'], { requireSignature: true });
    expect(await outcomeOf(secret)).toBe('SIGNATURE_REQUIRED');
    expect(await send(signed(secret))).toEqual([200, undefined]);
    expect(await send(signed(secret, { method: 'GET' }))).toEqual([200, undefined]);
  });

  it('are refused with any part of them changed', async () => {
    const { secret } = await aKey(['ORDER_READ'], { requireSignature: true });
    const { secret: other, apiKey: otherKey } = await aKey(['ORDER_READ'], { allowSignature: true });
    const wire = signed(secret);
    const get = signed(secret, { method: 'GET' });
    const withHeader = (name: string, value: string) => ({ ...wire, headers: { ...wire.headers, [name]: value } });
    const altered: WireRequest[] = [
      { ...wire, body: wire.body.replace('orders', 'orders ') },
      { ...wire, body: '' },
      { ...wire, path: '/graphql?a' },
      { ...get, path: get.path.replace('cursor', 'cursor%20') },
      { ...get, method: 'POST', body: wire.body },
      withHeader('x-timestamp', String(Number(wire.headers['x-timestamp']) - 1)),
      withHeader('x-nonce', randomUUID()),
      withHeader('x-signature', signed(other).headers['x-signature'] ?? ''),
      withHeader('x-signature', 'none'),
      withHeader('x-api-key-id', otherKey.id),
      withHeader('x-api-key-id', 'apikey_01h455vb4pex5vsknk084sn02q'),
    ];
    for (const request of altered) expect(await send(request)).toEqual([401, 'SIGNATURE_INVALID']);
    // None of them has used up the nonce.
    expect(await send(wire)).toEqual([200, undefined]);
    expect(await send(get)).toEqual([200, undefined]);
  });

  it('cover whole batches', async () => {
    const { secret } = await aKey(['ORDER_READ'], { requireSignature: true });
    const wire = signed(secret);
    const batch = `[${wire.body},${wire.body}]`;
    expect(await send({ ...wire, body: batch })).toEqual([401, 'SIGNATURE_INVALID']);
  });

  it('are accepted five minutes off, and no more', async () => {
    const { secret } = await aKey(['ORDER_READ'], { requireSignature: true });
    for (const skewSeconds of [-300, 300])
      expect(await send(signed(secret, { skewSeconds }))).toEqual([200, undefined]);
    for (const skewSeconds of [-302, 302]) {
      expect(await send(signed(secret, { skewSeconds }))).toEqual([401, 'SIGNATURE_EXPIRED']);
    }
  });

  it('are refused a second time, by every gateway', async () => {
    const { origins, environment, stores } = shop;
    const config = loadConfig({
      ...environment,
      SUPERGRAPH_PATH: join(__dirname, '../schema/supergraph.graphql'),
      SUBGRAPH_URLS: (['users', 'products', 'inventory', 'orders'] as const)
        .map((name) => `${name}=${origins[name]}/graphql`)
        .join(','),
    });
    const second = await buildGateway(config, { redis: stores.redis, clock, logger: pino({ level: 'silent' }) });
    const { origin } = await second.listen({ host: '127.0.0.1', port: 0, operationsPort: 0 });
    const { secret } = await aKey(['ORDER_READ'], { requireSignature: true });
    const wire = signed(secret);
    const answers = await Promise.all([origin, shop.origins.gateway, origin].map((address) => send(wire, address)));
    expect(answers.filter(([status]) => status === 200)).toHaveLength(1);
    expect(answers.filter(([, code]) => code === 'SIGNATURE_REPLAYED')).toHaveLength(2);
    expect(await send(signed(secret), origin)).toEqual([200, undefined]);
    await second.close();
  });

  it('are what the client sends, every attempt with a nonce of its own', async () => {
    const { secret } = await aKey(['ORDER_READ', 'INVENTORY_READ'], { requireSignature: true });
    const { sku } = await anOffer(admin.client);
    // The client goes by the real time.
    const real = clock.now().getTime() - Date.now();
    const sent: string[] = [];
    const now = jest.spyOn(Date, 'now').mockImplementation(() => new Date().getTime() + real);
    const client = programOf(secret, {
      signRequests: true,
      useGetForQueries: true,
      fetch: (url: string, init: RequestInit) => {
        sent.push(`${init.method} ${new Headers(init.headers).get('x-nonce')}`);
        expect(JSON.stringify([url, init])).not.toContain(secret);
        return fetch(url, init);
      },
    });
    for (const _time of [1, 2]) expect((await client.inventoryItem({ sku })).inventoryItem).toMatchObject({ sku });
    now.mockRestore();
    expect(sent.map((line) => line.split(' ')[0])).toEqual(expect.arrayContaining(['GET']));
    expect(new Set(sent).size).toBe(sent.length);
  });
});

describe('what the gateway asks about keys', () => {
  it('is no part of the graph, for nobody', async () => {
    const schema = readFileSync(join(__dirname, '../schema/api.graphql'), 'utf8');
    expect(schema).not.toMatch(/apiKeyAuthenticate|apiKeyVerifySignature|ApiKeyIdentity|ApiKeyAuthent|VerifySignature/);
    const query = `mutation { apiKeyAuthenticate(input: {
      keyId: "apikey_01h455vb4pex5vsknk084sn02q", secretHash: "${'a'.repeat(43)}", ip: "192.0.2.1"
    }) { identity { id } } }`;
    for (const client of [shop.anonymous, admin.client]) {
      expect(await codesOf(client, query)).toContain('GRAPHQL_VALIDATION_FAILED');
    }
  });

  it('and what is logged holds no secret', async () => {
    const { secret } = await aKey(['ORDER_READ'], { allowSignature: true });
    await outcomeOf(secret);
    await outcomeOf(`${secret.slice(0, -1)}${secret.endsWith('0') ? '1' : '0'}`);
    expect(JSON.stringify(shop.logged)).not.toContain(secret.slice(8, -1));
  });
});
