import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createApiKeySecret, decodeViewer, hashApiKeySecret } from '@shopgraph/kit';
import { request } from 'undici';
import { changedKeyNote } from '../../src/api-keys/api-key-authenticator';
import { startShop } from '../start-gateway';
import { scores, users } from '../shop';
import type { SubgraphDefinition } from '../start-subgraph';

const KEY_ID = 'apikey_01h455vb4pex5vsknk084sn02q';
const SECRET = createApiKeySecret(KEY_ID, 'test');
const other = () => createApiKeySecret('apikey_01h455vb4pex5vsknk084sn09q', 'test');

const identity = (id = KEY_ID) => ({
  id,
  ownerId: 'user_1',
  permissions: ['user:read'],
  validUntil: null as string | null,
});
/** What the users subgraph would let in, and refuse. */
const known = { secrets: new Map<string, ReturnType<typeof identity>>(), refusal: 'UNAUTHENTICATED' };
const answer = (found: ReturnType<typeof identity> | undefined, refusal: string) =>
  found ? { identity: found, userErrors: [] } : { identity: null, userErrors: [{ code: refusal }] };

const SIGNATURE = 's'.repeat(43);
const identityService: SubgraphDefinition = {
  name: 'users',
  typeDefs: `${users.typeDefs}
    type Identity { id: ID! ownerId: ID! permissions: [String!]! validUntil: String }
    type Refusal { code: String! }
    type Answer { identity: Identity userErrors: [Refusal!]! }
    input ApiKeyAuthenticateInput { keyId: ID! secretHash: String! ip: String! }
    input ApiKeyVerifySignatureInput {
      keyId: ID! timestamp: String! nonce: String! method: String! path: String! bodyHash: String! signature: String!
      ip: String!
    }
    extend type Mutation {
      apiKeyAuthenticate(input: ApiKeyAuthenticateInput!): Answer!
      apiKeyVerifySignature(input: ApiKeyVerifySignatureInput!): Answer!
    }`,
  resolvers: {
    ...users.resolvers,
    Mutation: {
      apiKeyAuthenticate: (_parent: unknown, { input }: { input: { secretHash: string } }) =>
        answer(known.secrets.get(input.secretHash), known.refusal),
      apiKeyVerifySignature: (_parent: unknown, { input }: { input: { signature: string } }) =>
        answer(input.signature === SIGNATURE ? identity() : undefined, 'SIGNATURE_INVALID'),
    },
  },
};

let shop: Awaited<ReturnType<typeof startShop>>;
const start = async (environment: Record<string, string> = {}) => {
  shop = await startShop({ MAX_BODY_BYTES: '2000', ...environment }, [identityService, scores]);
};
beforeEach(() => {
  known.secrets.clear();
  known.secrets.set(hashApiKeySecret(SECRET), identity());
  known.refusal = 'UNAUTHENTICATED';
});
afterEach(() => shop.stop());

const QUERY = { query: '{ me { name } }' };
const send = (secret = SECRET) => shop.post(QUERY, { authorization: `Bearer ${secret}` });
const asked = (name = 'apiKeyAuthenticate') =>
  (shop.subgraphs.users?.calls ?? []).filter(({ query }) => query.includes(name));
const viewersSeen = () =>
  (shop.subgraphs.users?.calls ?? [])
    .filter(({ query }) => query.includes('me'))
    .map(({ headers }) => decodeViewer(String(headers['x-viewer'])));
const codeOf = ({ status, errors }: Awaited<ReturnType<typeof send>>) => [status, errors?.[0]?.extensions.code];
const signed = (headers: Record<string, string> = {}) => ({
  'x-api-key-id': KEY_ID,
  'x-timestamp': '1767225600',
  'x-nonce': 'n'.repeat(16),
  'x-signature': SIGNATURE,
  ...headers,
});

describe('an API key', () => {
  it('makes a program of who sends it, either way', async () => {
    await start();
    for (const headers of [{ authorization: `Bearer ${SECRET}` }, { 'x-api-key': SECRET }]) {
      const { data, headers: answered } = await shop.post(QUERY, headers);
      expect(data).toEqual({ me: { name: 'Ada' } });
      expect(answered.vary).toMatch(/Authorization, X-Api-Key, X-Api-Key-Id/);
    }
    const viewer = { kind: 'api-key', id: KEY_ID, ownerId: 'user_1', permissions: ['user:read'] };
    expect(viewersSeen()).toEqual([viewer, viewer]);
    const [question] = asked();
    expect(decodeViewer(String(question?.headers['x-viewer']))).toEqual({ kind: 'service', name: 'gateway' });
    expect(question?.variables).toEqual({
      input: { keyId: KEY_ID, secretHash: hashApiKeySecret(SECRET), ip: '127.0.0.1' },
    });
    expect(shop.received()).not.toContain(SECRET);
    expect(JSON.stringify(shop.logged)).not.toContain(SECRET);
  });

  it('with a typing error is refused without asking anybody', async () => {
    await start();
    const mistyped = `${SECRET.slice(0, -1)}${SECRET.endsWith('0') ? '1' : '0'}`;
    for (const secret of [mistyped, 'sk_live_', `sk_${'x'.repeat(80)}`]) {
      expect(codeOf(await send(secret))).toEqual([401, 'UNAUTHENTICATED']);
    }
    expect(asked()).toEqual([]);
  });

  it.each([
    ['UNAUTHENTICATED', 401],
    ['IP_NOT_ALLOWED', 403],
    ['SIGNATURE_REQUIRED', 401],
  ])('that is refused as %s ends the request with HTTP %d, and is asked about again', async (code, status) => {
    await start();
    known.refusal = code;
    const secret = other();
    for (const _time of [1, 2]) expect(codeOf(await send(secret))).toEqual([status, code]);
    expect(asked().length).toBe(2);
    expect(viewersSeen()).toEqual([]);
  });

  it('is remembered for ten seconds, for each address', async () => {
    await start({ TRUST_PROXY: '1' });
    const from = (ip: string) => shop.post(QUERY, { 'x-api-key': SECRET, 'x-forwarded-for': ip });
    await from('192.0.2.1');
    shop.clock.advance(9_999);
    await from('192.0.2.1');
    expect(asked().length).toBe(1);
    await from('192.0.2.2');
    expect(asked().length).toBe(2);
    shop.clock.advance(1);
    await from('192.0.2.1');
    expect(asked().length).toBe(3);
  });

  it('is asked about once by requests at once', async () => {
    await start();
    const answers = await Promise.all(Array.from({ length: 10 }, () => send()));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(asked().length).toBe(1);
  });

  it('is remembered no longer than it is valid', async () => {
    await start();
    const validUntil = new Date(shop.clock.now().getTime() + 3_000).toISOString();
    known.secrets.set(hashApiKeySecret(SECRET), { ...identity(), validUntil });
    await send();
    known.secrets.clear();
    shop.clock.advance(2_999);
    expect((await send()).status).toBe(200);
    shop.clock.advance(1);
    expect((await send()).status).toBe(401);
  });

  it('that has changed is asked about at once', async () => {
    await start();
    await send();
    known.secrets.set(hashApiKeySecret(SECRET), { ...identity(), permissions: [] });
    expect(viewersSeen().at(-1)).toMatchObject({ permissions: ['user:read'] });
    await shop.redis.set(changedKeyNote(KEY_ID), '1');
    await send();
    expect(viewersSeen().at(-1)).toMatchObject({ permissions: [] });
    known.secrets.clear();
    expect((await send()).status).toBe(401);
  });

  it('that has changed goes on for ten seconds at the most while Redis is away', async () => {
    await start();
    await send();
    shop.redis.disconnect();
    known.secrets.clear();
    shop.clock.advance(9_999);
    expect((await send()).status).toBe(200);
    shop.clock.advance(1);
    expect((await send()).status).toBe(401);
  });

  it('that is remembered goes on while the users subgraph is away; of others nobody can tell', async () => {
    await start({ SUBGRAPH_TIMEOUT_MS: '100' });
    await send();
    Object.assign(shop.subgraphs.users?.behaviour ?? {}, { hangs: true });
    const ask = (secret: string) => shop.post({ query: '{ best }' }, { 'x-api-key': secret });
    expect(await ask(SECRET)).toMatchObject({ status: 200, data: { best: 7 } });
    const [stranger, signature] = await Promise.all([ask(other()), shop.post({ query: '{ best }' }, signed())]);
    expect(codeOf(stranger)).toEqual([503, 'UNAVAILABLE']);
    expect(codeOf(signature)).toEqual([503, 'UNAVAILABLE']);
  });
});

describe('a signed request', () => {
  const lastQuestion = () => asked('apiKeyVerifySignature').at(-1)?.variables.input;

  it('is asked about each time, with the bytes of its body', async () => {
    await start();
    const body = '{ "query":\n"{ me { name } }" , "variables": {"ü": 1}}';
    const sendBody = () =>
      request(`${shop.url}?a=%20b`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signed() },
        body,
      });
    for (const _time of [1, 2]) {
      const response = await sendBody();
      expect([response.statusCode, await response.body.json()]).toEqual([200, { data: { me: { name: 'Ada' } } }]);
    }
    expect(asked('apiKeyVerifySignature').length).toBe(2);
    expect(lastQuestion()).toEqual({
      keyId: KEY_ID,
      timestamp: '1767225600',
      nonce: 'n'.repeat(16),
      method: 'POST',
      path: '/graphql?a=%20b',
      bodyHash: createHash('sha256').update(body).digest('hex'),
      signature: SIGNATURE,
      ip: '127.0.0.1',
    });
    expect(viewersSeen().at(-1)).toMatchObject({ kind: 'api-key', id: KEY_ID });
  });

  it('by GET has the query in its path, and no body', async () => {
    await start();
    const path = `/graphql?query=${encodeURIComponent('{ me { name } }')}`;
    const response = await request(shop.origin + path, {
      headers: { 'apollo-require-preflight': 'true', ...signed() },
    });
    expect(await response.body.json()).toEqual({ data: { me: { name: 'Ada' } } });
    expect(lastQuestion()).toMatchObject({ method: 'GET', path, bodyHash: createHash('sha256').digest('hex') });
  });

  it('by a bad signature is refused as a whole', async () => {
    await start();
    expect(codeOf(await shop.post(QUERY, signed({ 'x-signature': 'x'.repeat(43) })))).toEqual([
      401,
      'SIGNATURE_INVALID',
    ]);
    expect(viewersSeen()).toEqual([]);
  });

  it.each(['with', 'without'])('that is too large is refused %s its length, unasked', async (knowsLength) => {
    await start();
    const socket = connect(Number(new URL(shop.origin).port), '127.0.0.1');
    const headers = Object.entries({ host: 'shop', 'content-type': 'application/json', ...signed() });
    const length = knowsLength === 'with' ? 'content-length: 4000' : 'transfer-encoding: chunked';
    socket.write(
      `POST /graphql HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}${length}\r\n\r\n`,
    );
    if (knowsLength === 'without') socket.write(`fa0\r\n${' '.repeat(4_000)}\r\n`);
    const [head] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(head.toString()).toMatch(/^HTTP\/1\.1 413 /);
    expect(asked('apiKeyVerifySignature')).toEqual([]);
  });
});

describe('requests with an API key', () => {
  const RATES = { RATE_LIMIT_ANONYMOUS: '10/60', RATE_LIMIT_API_KEY: '20/60' };
  const times = (count: number, status: number) => Array<number>(count).fill(status);
  const statuses = async (count: number, ask: () => ReturnType<typeof send>) =>
    (await Promise.all(Array.from({ length: count }, ask))).map(({ status }) => status).sort();

  it('are counted by key, signed or not, whatever their address has used up', async () => {
    await start(RATES);
    await statuses(15, () => shop.post(QUERY));
    expect(await statuses(15, () => send())).toEqual(times(15, 200));
    expect(await statuses(10, () => shop.post(QUERY, signed()))).toEqual([...times(5, 200), ...times(5, 429)]);
    expect((await send()).headers['ratelimit-limit']).toBe('20');
    const secret = other();
    known.secrets.set(hashApiKeySecret(secret), identity('apikey_01h455vb4pex5vsknk084sn09q'));
    expect((await send(secret)).headers['ratelimit-remaining']).toBe('19');
  });

  it.each([
    ['a refused key', () => send(other())],
    ['a mistyped key', () => send('sk_live_x')],
    ['a refused signature', () => shop.post(QUERY, signed({ 'x-signature': 'x'.repeat(43) }))],
    ['a malformed signature', () => shop.post(QUERY, signed({ 'x-signature': 'x' }))],
  ])('are counted by address with %s', async (_what, ask) => {
    await start(RATES);
    expect(await statuses(15, ask)).toEqual([...times(10, 401), ...times(5, 429)]);
    expect((await shop.post(QUERY)).status).toBe(429);
  });

  it('are not asked about any more after too many refusals, but for those that have worked', async () => {
    await start(RATES);
    await send();
    for (let guess = 0; guess < 12; guess += 1) await send(other());
    const before = asked().length;
    expect(codeOf(await send(other()))).toEqual([429, 'RATE_LIMITED']);
    expect(asked().length).toBe(before);
    shop.clock.advance(10_000);
    expect((await send()).status).toBe(200);
    expect(asked().length).toBe(before + 1);
  });

  it('count once for each operation of a batch', async () => {
    await start({ ...RATES, MAX_BATCH_SIZE: '4' });
    const { headers } = await shop.post([QUERY, QUERY, QUERY], signed());
    expect(headers['ratelimit-remaining']).toBe('17');
  });
});
