import { createHash, createHmac } from 'node:crypto';
import { createShopgraphClient } from '../src';
import { type ReceivedRequest, refusal } from './scripted-shop';
import { scriptedShops } from './shops';

const start = scriptedShops();
const me = { body: { data: { me: null } } };
const apiKey = `sk_test_01h455vb4pex5vsknk084sn02q${'A'.repeat(49)}`;

/** What the signature of a request must be, worked out from what was received. */
function signatureOf({ method, url, headers, body }: ReceivedRequest): string {
  const bodyHash = createHash('sha256').update(body).digest('hex');
  const { 'x-timestamp': timestamp, 'x-nonce': nonce } = headers;
  const text = ['SHOPGRAPH-HMAC-SHA256', timestamp, nonce, method, url.pathname + url.search, bodyHash].join('\n');
  return createHmac('sha256', apiKey).update(text).digest('base64url');
}

describe('an API key', () => {
  it('is sent as Bearer', async () => {
    const shop = await start(me);
    await createShopgraphClient({ url: shop.url, apiKey }).me();
    expect(shop.requests[0]?.headers.authorization).toBe(`Bearer ${apiKey}`);
  });

  it('that is refused is not tried again', async () => {
    const shop = await start(refusal('UNAUTHENTICATED', 401));
    await expect(createShopgraphClient({ url: shop.url, apiKey }).me()).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect(shop.requests).toHaveLength(1);
  });

  it.each([
    ['beside tokens', { apiKey, getToken: () => 'token' }],
    ['to sign with that is none', { apiKey: 'sk_test_1', signRequests: true }],
    ['to sign with that is missing', { signRequests: true }],
  ])('%s is refused at once', (_what, options) => {
    expect(() => createShopgraphClient({ url: 'http://shop/graphql', ...options })).toThrow(TypeError);
  });
});

describe('a signed request', () => {
  const client = (url: string, options = {}) =>
    createShopgraphClient({ url, apiKey, signRequests: true, retryDelayMs: 1, ...options });

  it('carries a signature and not the key', async () => {
    const shop = await start(me);
    const before = Math.floor(Date.now() / 1_000);
    await client(`${shop.url}?ü=%20 b`).raw('query ($a: String) { me { id } }', { a: 'ü€' });
    const [request] = shop.requests;
    expect(request?.headers).toMatchObject({
      'x-api-key-id': 'apikey_01h455vb4pex5vsknk084sn02q',
      'x-nonce': expect.stringMatching(/^[\w-]{22}$/),
      'x-signature': request && signatureOf(request),
    });
    expect(Number(request?.headers['x-timestamp'])).toBeGreaterThanOrEqual(before);
    expect(JSON.stringify([request?.headers, request?.message])).not.toContain(apiKey);
  });

  it.each([
    ['with the whole query, where its hash is unknown', [refusal('PERSISTED_QUERY_NOT_FOUND'), me], {}],
    ['by GET where its hash is known', [refusal('PERSISTED_QUERY_NOT_FOUND'), me], { useGetForQueries: true }],
    ['after a fault', ['cut', { status: 503 }, me], {}],
  ] as const)('is signed anew %s', async (_when, script, options) => {
    const shop = await start(...script);
    await client(shop.url, options).me();
    expect(shop.requests).toHaveLength(script.length);
    for (const request of shop.requests) expect(request.headers['x-signature']).toBe(signatureOf(request));
    expect(new Set(shop.requests.map(({ headers }) => headers['x-nonce'])).size).toBe(script.length);
  });
});
