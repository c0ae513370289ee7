import { encodeRefreshCookie } from '@shopgraph/kit';
import { request } from 'undici';
import { RefreshCookie } from '../src/refresh-cookie';
import { startShop } from './start-gateway';

const client = { ip: '192.0.2.1', userAgent: null };
const given = (token: string | null) => encodeRefreshCookie({ token, maxAgeSeconds: token === null ? 0 : 60 });

describe('what is in the refresh cookie', () => {
  it('is told to the issuer of sessions only', () => {
    const cookie = new RefreshCookie('secret');
    expect(cookie.clientFor('users', client)).toEqual({ ...client, refreshToken: 'secret' });
    expect(cookie.clientFor('orders', client)).toBe(client);
  });

  it('is changed by the issuer of sessions only', () => {
    const cookie = new RefreshCookie('secret');
    cookie.answered('orders', given('forged'));
    cookie.answered('users', undefined);
    expect(cookie.change).toBeNull();
    cookie.answered('users', given('next'));
    expect(cookie.change).toEqual({ token: 'next', maxAgeSeconds: 60 });
  });

  it.each([
    ['the last of two tokens', ['first', 'last'], 'last'],
    ['a token given before it is cleared', ['first', null], 'first'],
    ['a token given after it is cleared', [null, 'last'], 'last'],
    ['nothing when it is cleared', [null], null],
  ])('becomes %s in one request', (_what, tokens, expected) => {
    const cookie = new RefreshCookie('secret');
    for (const token of tokens) cookie.answered('users', given(token));
    expect(cookie.change?.token).toBe(expected);
  });
});

describe.each([
  ['explicit origins', 'https://shop.test', 'true'],
  ['all origins', '*', undefined],
  ['all origins beside one', 'https://shop.test,*', undefined],
])('with %s', (_what, ALLOWED_ORIGINS, allowsCredentials) => {
  let shop: Awaited<ReturnType<typeof startShop>>;
  beforeAll(async () => {
    shop = await startShop({ ALLOWED_ORIGINS });
  });
  afterAll(() => shop.stop());

  const headers = { 'content-type': 'application/json', cookie: '__Host-shopgraph-refresh=secret' };
  const wish = { 'x-refresh-token-transport': 'cookie' };
  const clientSeen = () => {
    const sent = shop.subgraphs.users?.calls.at(-1)?.headers['x-client'];
    return sent === '' ? null : (JSON.parse(Buffer.from(String(sent), 'base64url').toString()) as object);
  };
  let people = 0;
  /** A mutation that is limited by address, a new one each time. */
  const login = () => `mutation { login(input: { email: "${(people += 1)}@x.org", password: "p" }) }`;
  const send = async (query: string, more: Record<string, string>) => {
    const sent = { method: 'POST', headers: { ...headers, ...more }, body: JSON.stringify({ query }) } as const;
    const response = await request(shop.url, sent);
    await response.body.dump();
    return response.statusCode;
  };

  it(`browsers are ${allowsCredentials ? '' : 'not '}told that they may send cookies`, async () => {
    const { statusCode, headers: answered } = await request(shop.url, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://shop.test',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-refresh-token-transport',
      },
    });
    expect(statusCode).toBe(204);
    expect(answered['access-control-allow-credentials']).toBe(allowsCredentials);
    expect(answered['access-control-allow-headers']).toContain('x-refresh-token-transport');
  });

  it(`pages of ${allowsCredentials ? 'those' : 'no other'} origins may use the cookie`, async () => {
    const statusFor = (origin: string) => send(login(), { ...wish, origin });
    expect(await statusFor('https://shop.test')).toBe(ALLOWED_ORIGINS.includes('shop.test') ? 200 : 403);
    expect(await statusFor('https://evil.test')).toBe(403);
    expect(await statusFor(shop.origin)).toBe(200);
  });

  it('the issuer of sessions is told of the cookie with mutations, and with the header, only', async () => {
    await send(login(), wish);
    expect(clientSeen()).toMatchObject({ refreshToken: 'secret' });
    await send(login(), {});
    expect(clientSeen()).not.toHaveProperty('refreshToken');
    await send('{ me { name } }', wish);
    expect(clientSeen()).toBeNull();
  });
});
