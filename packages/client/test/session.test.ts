import { createSession, memoryTokenStore, type SessionTokens, webTokenStore } from '../src';
import { type ReceivedRequest, refusal } from './scripted-shop';
import { scriptedShops } from './shops';

const start = scriptedShops();

const authenticated = (accessToken: string) => ({
  accessToken,
  refreshToken: `refresh ${accessToken}`,
  expiresIn: 900,
  user: null,
  userErrors: [],
});
const refused = {
  accessToken: null,
  refreshToken: null,
  expiresIn: null,
  user: null,
  userErrors: [{ code: 'INVALID_TOKEN' }],
};

/** A shop whose tokens are numbered; `valid` says which access token it accepts and `refusesRefresh` ends sessions. */
function numberedTokens() {
  const state = {
    issued: 0,
    refusesRefresh: false,
    isAway: false,
    valid: '',
    beforeRefresh: undefined as (() => void) | undefined,
  };
  const next = () => authenticated((state.valid = `token ${(state.issued += 1)}`));
  const answer = ({ message, headers }: ReceivedRequest) => {
    if (state.isAway) return refusal('UNAVAILABLE', 503);
    switch (message.operationName) {
      case 'login':
        return { body: { data: { login: next() } } };
      case 'verifyEmail':
        return { body: { data: { verifyEmail: next() } } };
      case 'resetPassword':
        return { body: { data: { resetPassword: next() } } };
      case 'changePassword':
        return { body: { data: { changePassword: next() } } };
      case 'refreshToken':
        state.beforeRefresh?.();
        return { body: { data: { refreshToken: state.refusesRefresh ? refused : next() } } };
      case 'logout':
        return { body: { data: { logout: { loggedOut: true, userErrors: [] } } } };
      case undefined:
      default:
        return headers.authorization === undefined || headers.authorization === `Bearer ${state.valid}`
          ? { body: { data: { me: null } } }
          : refusal('UNAUTHENTICATED', 401);
    }
  };
  return { state, answer };
}

async function startSession(tokens: SessionTokens | null = null) {
  const { state, answer } = numberedTokens();
  const shop = await start(answer);
  const clock = { time: 1_000_000 };
  const store = memoryTokenStore();
  await store.write(tokens);
  const session = createSession({ url: shop.url, store, now: () => clock.time, retries: 0 });
  const sent = (name: string) => shop.requests.filter(({ message }) => message.operationName === name);
  const login = () => session.client.login({ input: { email: 'ann@example.com', password: 'correct horse battery' } });
  return { shop, state, clock, store, session, sent, login };
}

const stale: SessionTokens = { accessToken: 'stale', refreshToken: 'refresh stale', expiresAt: 1_000_000 + 30_000 };

describe('a session', () => {
  it('keeps what signing in gives, and sends it', async () => {
    const { session, store, login, sent } = await startSession();
    await login();
    await session.client.me();
    expect(await store.read()).toEqual({
      accessToken: 'token 1',
      refreshToken: 'refresh token 1',
      expiresAt: 1_900_000,
    });
    expect(sent('me')[0]?.headers.authorization).toBe('Bearer token 1');
    expect(await session.isSignedIn()).toBe(true);
  });

  it('begins with a confirmed address as well', async () => {
    const { session, store } = await startSession();
    await session.client.verifyEmail({ token: 'from the mail' });
    expect(await store.read()).toMatchObject({ accessToken: 'token 1' });
  });

  it('begins with a new password as well, without the token that it had before', async () => {
    const { session, store, sent } = await startSession(stale);
    await session.client.resetPassword({ token: 'from the mail', password: 'amber-lantern-hums-77' });
    expect(sent('resetPassword')[0]?.headers.authorization).toBeUndefined();
    expect(await store.read()).toMatchObject({ accessToken: 'token 1' });
  });

  it('goes on with what a changed password gives', async () => {
    const { session, login, sent } = await startSession();
    await login();
    await session.client.changePassword({ current: 'correct horse battery', next: 'amber-lantern-hums-77' });
    await session.client.me();
    expect(sent('changePassword')[0]?.headers.authorization).toBe('Bearer token 1');
    expect(sent('me')[0]?.headers.authorization).toBe('Bearer token 2');
  });

  it('goes on with what a changed password gives, also when the renewal of what was before is refused then', async () => {
    const { session, state, store, sent } = await startSession(stale);
    state.refusesRefresh = true;
    state.beforeRefresh = () => void store.write({ ...stale, accessToken: 'another', expiresAt: 9_000_000 });
    state.valid = 'another';
    await session.client.me();
    expect(sent('me')[0]?.headers.authorization).toBe('Bearer another');
    expect(await store.read()).toMatchObject({ accessToken: 'another' });
  });

  it('signs in without the token that it had before', async () => {
    const { login, sent } = await startSession(stale);
    await login();
    expect(sent('login')[0]?.headers.authorization).toBeUndefined();
  });

  it('renews its token shortly before it expires, once for parallel calls', async () => {
    const { session, clock, login, sent } = await startSession();
    await login();
    clock.time += 850_000;
    await Promise.all([1, 2, 3].map(() => session.client.me()));
    expect(sent('refreshToken')).toHaveLength(1);
    expect(sent('refreshToken')[0]?.headers.authorization).toBeUndefined();
    expect(sent('refreshToken')[0]?.message.variables).toEqual({ token: 'refresh token 1' });
    expect(sent('me').map(({ headers }) => headers.authorization)).toEqual(Array(3).fill('Bearer token 2'));
  });

  it('renews a token that the shop refuses before its time', async () => {
    const { session, state, login, sent } = await startSession();
    await login();
    state.valid = 'revoked';
    await session.client.me();
    expect(sent('me').map(({ headers }) => headers.authorization)).toEqual(['Bearer token 1', 'Bearer token 2']);
  });

  it('goes on with a token that is still good when it cannot be renewed now', async () => {
    const { session, state, sent } = await startSession(stale);
    state.isAway = true;
    await expect(session.client.me()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(sent('me')[0]?.headers.authorization).toBe('Bearer stale');
  });

  it('that the shop has ended fails the call at hand, and is forgotten', async () => {
    const { session, state, store, sent } = await startSession(stale);
    state.refusesRefresh = true;
    await expect(session.client.me()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(sent('me')).toHaveLength(0);
    expect(await store.read()).toBeNull();
    await expect(session.client.me()).resolves.toEqual({ me: null });
    expect(sent('me')[0]?.headers.authorization).toBeUndefined();
  });

  it('ends with logout, also when the shop cannot be reached', async () => {
    const { session, state, store, login, sent } = await startSession();
    await login();
    await session.client.logout();
    expect(sent('logout')[0]?.headers.authorization).toBe('Bearer token 1');
    expect(await store.read()).toBeNull();

    await login();
    state.isAway = true;
    await expect(session.client.logout()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await session.isSignedIn()).toBe(false);
  });

  it('goes on after a restart with what its store holds', async () => {
    const { session, sent, state } = await startSession({ ...stale, expiresAt: 9_000_000 });
    state.valid = 'stale';
    await session.client.me();
    expect(sent('me')[0]?.headers.authorization).toBe('Bearer stale');
  });
});

describe('the store in a browser', () => {
  it('reads what it has written, until it is told that the session has ended', () => {
    const items = new Map<string, string>();
    const storage = {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
      removeItem: (key: string) => void items.delete(key),
    };
    const store = webTokenStore(storage, 'session');
    expect(store.read()).toBeNull();
    void store.write(stale);
    expect(store.read()).toEqual(stale);
    void store.write(null);
    expect(items.size).toBe(0);
  });
});
