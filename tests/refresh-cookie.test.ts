import { createSession } from '@shopgraph/client';
import { FakeClock } from '@shopgraph/kit/testing';
import { decodeJwt } from 'jose';
import { Browser } from './support/browser';
import { PASSWORD, startTestShop, type TestShop } from './support/start-test-shop';

const APP = 'https://app.shop.test';
const NAME = '__Host-shopgraph-refresh';
const FLAGS = 'Path=/; HttpOnly; Secure; SameSite=Strict';
const CLEARED = `${NAME}=; Max-Age=0; ${FLAGS}`;
const AUTH = '{ accessToken refreshToken userErrors { code } }';
const LOGIN = `mutation ($input: LoginInput!) { login(input: $input) ${AUTH} }`;
const REFRESH = { query: `mutation { refreshToken ${AUTH} }` };

const clock = new FakeClock();
let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop({ clock, environment: { ALLOWED_ORIGINS: APP, MAX_BATCH_SIZE: '3' } });
});
afterAll(() => shop.close());

/** Somebody who has signed in with a browser that keeps the refresh token in the cookie. */
async function signedInBrowser() {
  const { email, id } = await shop.signedIn('CUSTOMER');
  const input = { email, password: PASSWORD };
  const browser = new Browser({ url: shop.url });
  const answer = await browser.send({ query: LOGIN, variables: { input } });
  const accessToken = answer.data?.login?.accessToken as string;
  return { browser, answer, accessToken, input, id, sessionId: decodeJwt<{ sid: string }>(accessToken).sid };
}

const alarms = async (sessionId: string, userId: string) => {
  const users = await shop.database('users');
  const reused = { subject: sessionId, action: 'session.refresh-token-reused' };
  const entries = await users.collection('auditEntries').countDocuments(reused);
  const mails = await users.collection('mails').countDocuments({ userId, letter: 'session-stolen' });
  return { entries, mails };
};

describe('a client that asks for its refresh token in the cookie', () => {
  it('gets it there, out of reach of scripts and other sites, and nowhere else', async () => {
    const { browser, answer } = await signedInBrowser();
    expect(answer.data?.login).toEqual({ accessToken: expect.any(String), refreshToken: null, userErrors: [] });
    expect(browser.cookie).toMatch(/^[\w-]{43}$/);
    expect(answer.setCookies).toEqual([`${NAME}=${browser.cookie}; Max-Age=2592000; ${FLAGS}`]);
    expect(answer.text).not.toContain(browser.cookie);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('stays signed in by the cookie, which changes every time', async () => {
    const { browser, sessionId } = await signedInBrowser();
    const first = browser.cookie;
    clock.advance(11_000);
    const { data, text } = await browser.send(REFRESH);
    expect(data?.refreshToken).toEqual({ accessToken: expect.any(String), refreshToken: null, userErrors: [] });
    expect(decodeJwt(data?.refreshToken?.accessToken as string)).toMatchObject({ sid: sessionId });
    expect(browser.cookie).not.toBe(first);
    expect(text).not.toContain(browser.cookie);
    expect((await browser.send(REFRESH)).data).toMatchObject({ refreshToken: { userErrors: [] } });
  });

  it('gets one successor for simultaneous uses, and raises no alarm', async () => {
    const { browser, sessionId, id } = await signedInBrowser();
    const tabs = Array.from({ length: 10 }, () => browser.with({}));
    const answers = await Promise.all(tabs.map((tab) => tab.send(REFRESH)));
    expect(answers.map(({ data }) => data?.refreshToken?.userErrors)).toEqual(Array(10).fill([]));
    expect(new Set(tabs.map(({ cookie }) => cookie)).size).toBe(1);
    expect(await alarms(sessionId, id)).toEqual({ entries: 0, mails: 0 });
    clock.advance(11_000);
    expect((await tabs[9]!.send(REFRESH)).data).toMatchObject({ refreshToken: { userErrors: [] } });
  });

  it('loses the cookie, and is warned, when it was used a second time later', async () => {
    const { browser, sessionId, id } = await signedInBrowser();
    const thief = browser.with({});
    await browser.send(REFRESH);
    clock.advance(11_000);
    expect(await thief.send(REFRESH)).toMatchObject({
      data: { refreshToken: { accessToken: null, refreshToken: null, userErrors: [{ code: 'INVALID_TOKEN' }] } },
      setCookies: [CLEARED],
    });
    expect((await browser.send(REFRESH)).setCookies).toEqual([CLEARED]);
    expect(browser.cookies.size).toBe(0);
    expect(await alarms(sessionId, id)).toEqual({ entries: 1, mails: 1 });
  });

  it('is told that nobody is signed in when there is no cookie', async () => {
    const { data } = await new Browser({ url: shop.url }).send(REFRESH);
    expect(data).toMatchObject({ refreshToken: { accessToken: null, userErrors: [{ code: 'INVALID_TOKEN' }] } });
  });

  it.each([
    ['logout', () => 'mutation { logout { loggedOut } }'],
    ['logoutAll', () => 'mutation { logoutAll { loggedOut } }'],
    ['revokeSession', (id: string) => `mutation { revokeSession(id: "${id}") { session { id } userErrors { code } } }`],
  ])('loses the cookie with %s', async (_name, mutation) => {
    const { browser, accessToken, sessionId } = await signedInBrowser();
    const copy = browser.with({});
    expect((await browser.send({ query: mutation(sessionId) }, accessToken)).setCookies).toEqual([CLEARED]);
    expect(browser.cookies.size).toBe(0);
    expect((await copy.send(REFRESH)).data).toMatchObject({ refreshToken: { accessToken: null } });
  });

  it('keeps it when another device is signed out', async () => {
    const { browser, accessToken, input } = await signedInBrowser();
    const other = await shop.anonymous.login({ input });
    const { sid } = decodeJwt<{ sid: string }>(other.login.accessToken ?? '');
    const query = `mutation { revokeSession(id: "${sid}") { session { id } } }`;
    expect((await browser.send({ query }, accessToken)).setCookies).toEqual([]);
  });

  it('can bring a token that it has kept itself into the cookie', async () => {
    const { input } = await signedInBrowser();
    const { login } = await shop.anonymous.login({ input });
    const browser = new Browser({ url: shop.url });
    const query = `mutation { refreshToken(token: "${login.refreshToken}") ${AUTH} }`;
    expect((await browser.send({ query })).data).toMatchObject({
      refreshToken: { refreshToken: null, userErrors: [] },
    });
    expect((await browser.send(REFRESH)).data).toMatchObject({ refreshToken: { userErrors: [] } });
  });

  it('gets one cookie, and no token in the answer, however it asks', async () => {
    const { input } = await signedInBrowser();
    const twice = `mutation ($input: LoginInput!) {
      a: login(input: $input) { t: refreshToken ...F } b: login(input: $input) { ...F }
    } fragment F on AuthPayload { u: refreshToken refreshToken accessToken }`;
    for (const body of [
      { query: twice, variables: { input } },
      [1, 2, 3].map(() => ({ query: LOGIN, variables: { input } })),
    ]) {
      const browser = new Browser({ url: shop.url });
      const { text, setCookies } = await browser.send(body);
      expect(setCookies).toEqual([expect.stringContaining(`${NAME}=${browser.cookie}; Max-Age=2592000`)]);
      expect(text).toContain('accessToken');
      // Access tokens have dots; nothing else in it is as long as a token.
      expect(text.replaceAll(/[\w-]+\.[\w-]+\.[\w-]+/g, '')).not.toMatch(/[\w-]{43}/);
      expect((await browser.send(REFRESH)).data).toMatchObject({ refreshToken: { userErrors: [] } });
    }
  });

  it('does not lose what it has just been given to a refusal in the same request', async () => {
    const { input } = await signedInBrowser();
    const browser = new Browser({ url: shop.url });
    const query = `mutation ($input: LoginInput!) { login(input: $input) ${AUTH} refreshToken ${AUTH} }`;
    await browser.send({ query, variables: { input } });
    expect((await browser.send(REFRESH)).data).toMatchObject({ refreshToken: { userErrors: [] } });
  });
});

describe('the refresh cookie', () => {
  it('is worth nothing without the header, which makes browsers ask first', async () => {
    const { browser, input } = await signedInBrowser();
    const plain = browser.with({ transport: null });
    expect(await plain.send(REFRESH)).toMatchObject({ codes: ['BAD_USER_INPUT'], setCookies: [] });
    const { data, setCookies } = await plain.send({ query: LOGIN, variables: { input } });
    expect(data?.login?.refreshToken).toMatch(/^[\w-]{43}$/);
    expect(setCookies).toEqual([]);
    expect((await browser.send(REFRESH)).data).toMatchObject({ refreshToken: { userErrors: [] } });
  });

  it.each(['https://evil.test', 'null', 'https://app.shop.test.evil.test', 'http://app.shop.test', 'not an origin'])(
    'is refused to pages of %s, and not used up by them',
    async (origin) => {
      const { browser } = await signedInBrowser();
      expect(await browser.with({ origin }).send(REFRESH)).toMatchObject({
        status: 403,
        codes: ['FORBIDDEN'],
        setCookies: [],
      });
      expect((await browser.send(REFRESH)).data).toMatchObject({ refreshToken: { userErrors: [] } });
    },
  );

  it('is there for pages of the shop itself and of allowed origins', async () => {
    const { browser } = await signedInBrowser();
    for (const origin of [APP, shop.origins.gateway]) {
      const page = browser.with({ origin });
      expect((await page.send(REFRESH)).data).toMatchObject({ refreshToken: { userErrors: [] } });
    }
    const { headers } = await browser.with({ origin: APP }).send(REFRESH);
    expect(headers).toMatchObject({
      'access-control-allow-origin': APP,
      'access-control-allow-credentials': 'true',
    });
  });

  it('is not used by GET', async () => {
    const { browser } = await signedInBrowser();
    const { status, data, setCookies } = await browser.get(REFRESH.query);
    expect([status, data, setCookies]).toEqual([405, null, []]);
    expect((await browser.send(REFRESH)).data).toMatchObject({ refreshToken: { userErrors: [] } });
  });

  it('knows no other transport', async () => {
    const browser = new Browser({ url: shop.url, transport: 'Cookie' });
    expect(await browser.send(REFRESH)).toMatchObject({ status: 400, codes: ['BAD_REQUEST'] });
  });

  it('that holds anything but a token is refused, and cleared', async () => {
    for (const value of ['%00', '{"$ne":""}', 'x'.repeat(4_000)]) {
      const browser = new Browser({ url: shop.url });
      browser.cookies.set(NAME, value);
      const { data, setCookies } = await browser.send(REFRESH);
      expect(data).toMatchObject({ refreshToken: { userErrors: [{ code: 'INVALID_TOKEN' }] } });
      expect(setCookies).toEqual([CLEARED]);
    }
  });

  it('is not in any log', async () => {
    const { browser } = await signedInBrowser();
    const seen = [browser.cookie];
    await browser.send(REFRESH);
    seen.push(browser.cookie);
    await browser.send({ query: 'mutation { refreshToken { nothing } }' });
    const lines = JSON.stringify(shop.logged);
    for (const token of seen) expect(lines).not.toContain(token);
  });
});

describe('simultaneous uses of a refresh token that its client keeps itself', () => {
  it('get one successor, and raise no alarm', async () => {
    const { input, id } = await signedInBrowser();
    const { login } = await shop.anonymous.login({ input });
    const token = login.refreshToken ?? '';
    const answers = await Promise.all(Array.from({ length: 10 }, () => shop.anonymous.refreshToken({ token })));
    expect(answers.flatMap(({ refreshToken }) => refreshToken.userErrors)).toEqual([]);
    expect(new Set(answers.map(({ refreshToken }) => refreshToken.refreshToken)).size).toBe(1);
    const { sid } = decodeJwt<{ sid: string }>(login.accessToken ?? '');
    expect(await alarms(sid, id)).toEqual({ entries: 0, mails: 0 });
  });
});

describe("the client's session with the cookie", () => {
  /** What `fetch` does in a browser. */
  function browserFetch(): typeof fetch {
    let cookie = '';
    return async (url, init) => {
      const headers = { ...(init?.headers as Record<string, string>), ...(cookie !== '' && { cookie }) };
      const response = await fetch(url, { ...init, headers });
      const [setCookie] = response.headers.getSetCookie();
      if (setCookie !== undefined) cookie = setCookie.includes('Max-Age=0') ? '' : (setCookie.split(';')[0] ?? '');
      return response;
    };
  }

  it('goes on when the page is loaded again, renews itself, and ends for good with logout', async () => {
    const { input } = await signedInBrowser();
    const options = { url: shop.url, fetch: browserFetch(), refreshTokenTransport: 'cookie' } as const;
    const before = createSession(options);
    expect(await before.isSignedIn()).toBe(false);
    await before.client.login({ input });

    let time = Date.now();
    const page = createSession({ ...options, now: () => time });
    expect((await page.client.me()).me).toMatchObject({ email: input.email });
    time += 860_000;
    clock.advance(860_000);
    expect((await page.client.me()).me).toMatchObject({ email: input.email });
    await page.client.logout();
    expect(await page.isSignedIn()).toBe(false);
    expect((await createSession(options).client.me()).me).toBeNull();
  });
});
