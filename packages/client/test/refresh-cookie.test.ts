import { createSession, memoryTokenStore } from '../src';
import { type ReceivedRequest, refusal } from './scripted-shop';
import { scriptedShops } from './shops';

const start = scriptedShops();

const refused = { accessToken: null, refreshToken: null, expiresIn: null, user: null, userErrors: [] };

/** A shop that keeps refresh tokens in the cookie; `hasSession` says whether there is one in it. */
function cookieShop(hasSession: boolean) {
  const state = { hasSession, issued: 0, isAway: false };
  const next = () => {
    state.hasSession = true;
    return { ...refused, accessToken: `token ${(state.issued += 1)}`, expiresIn: 900 };
  };
  const answer = ({ message, headers }: ReceivedRequest) => {
    if (state.isAway) return refusal('UNAVAILABLE', 503);
    switch (message.operationName) {
      case 'login':
        return { body: { data: { login: next() } } };
      case 'refreshToken':
        return { body: { data: { refreshToken: state.hasSession ? next() : refused } } };
      case 'logout':
        state.hasSession = false;
        return { body: { data: { logout: { loggedOut: true, userErrors: [] } } } };
      case undefined:
      default:
        return { body: { data: { me: headers.authorization ? { id: headers.authorization } : null } } };
    }
  };
  return { state, answer };
}

async function startSession(hasSession: boolean) {
  const { state, answer } = cookieShop(hasSession);
  const shop = await start(answer);
  const clock = { time: 1_000_000 };
  const store = memoryTokenStore();
  const credentials: (RequestInit['credentials'] | undefined)[] = [];
  const session = createSession({
    url: shop.url,
    store,
    now: () => clock.time,
    retries: 0,
    refreshTokenTransport: 'cookie',
    fetch: (url, init) => {
      credentials.push(init?.credentials);
      return fetch(url, init);
    },
  });
  const sent = (name: string) => shop.requests.filter(({ message }) => message.operationName === name);
  const login = () => session.client.login({ input: { email: 'ann@example.com', password: 'correct horse battery' } });
  return { shop, state, clock, store, session, sent, login, credentials };
}

describe('a session whose refresh token is in the cookie', () => {
  it('says so with every request, and has the browser send and take cookies', async () => {
    const { login, session, shop, credentials } = await startSession(false);
    await login();
    await session.client.me();
    expect(shop.requests.map(({ headers }) => headers['x-refresh-token-transport'])).toEqual(['cookie', 'cookie']);
    expect(credentials).toEqual(['include', 'include']);
  });

  it('keeps the access token only', async () => {
    const { login, store } = await startSession(false);
    await login();
    expect(await store.read()).toEqual({ accessToken: 'token 1', refreshToken: null, expiresAt: 1_900_000 });
  });

  it('goes on after the page was loaded again, asking once for all of its first calls', async () => {
    const { session, sent } = await startSession(true);
    await Promise.all([1, 2, 3].map(() => session.client.me()));
    expect(sent('refreshToken').map(({ message }) => message.variables)).toEqual([{ token: null }]);
    expect(sent('me').map(({ headers }) => headers.authorization)).toEqual(Array(3).fill('Bearer token 1'));
    expect(await session.isSignedIn()).toBe(true);
  });

  it('asks no more than once whether there is one, and goes on as nobody', async () => {
    const { session, sent } = await startSession(false);
    expect((await session.client.me()).me).toBeNull();
    expect((await session.client.me()).me).toBeNull();
    expect(await session.isSignedIn()).toBe(false);
    expect(sent('refreshToken')).toHaveLength(1);
  });

  it('asks again when the shop could not be reached', async () => {
    const { session, state } = await startSession(true);
    state.isAway = true;
    await expect(session.client.me()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    state.isAway = false;
    expect((await session.client.me()).me).toEqual({ id: 'Bearer token 1' });
  });

  it('renews its token without one of its own', async () => {
    const { session, clock, login, sent } = await startSession(false);
    await login();
    clock.time += 850_000;
    expect((await session.client.me()).me).toEqual({ id: 'Bearer token 2' });
    expect(sent('refreshToken').map(({ message }) => message.variables)).toEqual([{ token: null }]);
  });

  it('ends with logout, and is not looked for again', async () => {
    const { session, login, sent } = await startSession(false);
    await login();
    await session.client.logout();
    expect(await session.isSignedIn()).toBe(false);
    expect(sent('refreshToken')).toHaveLength(0);
  });

  it('does not lose a sign-in to the question whether there was one before', async () => {
    const { session, login, store } = await startSession(false);
    const [, { login: answer }] = await Promise.all([session.client.me(), login()]);
    expect(await store.read()).toMatchObject({ accessToken: answer.accessToken });
  });
});

it('a session that keeps its refresh token itself sends neither the wish nor cookies', async () => {
  const shop = await start(cookieShop(false).answer);
  const credentials: unknown[] = [];
  const session = createSession({
    url: shop.url,
    fetch: (url, init) => {
      credentials.push(init?.credentials);
      return fetch(url, init);
    },
  });
  await session.client.me();
  expect(shop.requests[0]?.headers).not.toHaveProperty('x-refresh-token-transport');
  expect(credentials).toEqual([undefined]);
});
