import type { ClientOptions } from './caller';
import { createShopgraphClient, type ShopgraphClient } from './client';
import { ShopgraphError } from './errors';
import { memoryTokenStore, type SessionTokens, type TokenStore } from './token-store';

/** How a session reaches its shop and where it keeps its tokens. */
export interface SessionOptions extends Omit<ClientOptions, 'getToken' | 'refresh' | 'apiKey' | 'signRequests'> {
  /** In memory unless given. */
  readonly store?: TokenStore;
  /** The time in milliseconds since 1970, for tests. */
  readonly now?: () => number;
}

/** Somebody who signs in and out. */
export interface Session {
  /**
   * A client that keeps what `login`, `verifyEmail`, `resetPassword`, `changePassword` and `refreshToken` give, sends it with every call, renews it
   * in time, and forgets it with `logout` and `logoutAll`. A call during which the session turns out to have
   * ended fails as UNAUTHENTICATED; those after it are made as nobody. With `refreshTokenTransport: 'cookie'` its
   * first call asks the shop whether the refresh cookie holds a session that it can go on with.
   */
  readonly client: ShopgraphClient;
  isSignedIn(): Promise<boolean>;
}

/** An access token is renewed when it has less than this left. */
const RENEW_BEFORE_MS = 60_000;

type Renewable = Pick<SessionTokens, 'refreshToken'> & Partial<Pick<SessionTokens, 'accessToken'>>;

interface Authentication {
  readonly accessToken: string | null;
  readonly refreshToken: string | null;
  readonly expiresIn: number | null;
}

/** Makes a session; it goes on with what its store holds. */
export function createSession({ store = memoryTokenStore(), now = Date.now, ...options }: SessionOptions): Session {
  const usesCookie = options.refreshTokenTransport === 'cookie';
  // Signing in must not fail because of an old token, and renewing must not wait for itself.
  const anonymous = createShopgraphClient(options);
  let renewing: Promise<SessionTokens | null> | undefined;
  /** Whether the cookie may hold a session of which the store knows nothing: until the shop has said. */
  let mayRestore = usesCookie;

  async function keep({ accessToken, refreshToken, expiresIn }: Authentication): Promise<SessionTokens | null> {
    if (accessToken === null || (refreshToken === null && !usesCookie)) return null;
    mayRestore = false;
    const tokens = { accessToken, refreshToken, expiresAt: now() + (expiresIn ?? 0) * 1_000 };
    await store.write(tokens);
    return tokens;
  }

  /** Null when the shop says that the session has ended. */
  function renew(tokens: Renewable): Promise<SessionTokens | null> {
    renewing ??= exchange(tokens).finally(() => (renewing = undefined));
    return renewing;
  }

  async function exchange({ accessToken: old, refreshToken: token }: Renewable): Promise<SessionTokens | null> {
    const { refreshToken } = await anonymous.refreshToken({ token });
    const tokens = await keep(refreshToken);
    if (tokens !== null) return tokens;
    const present = await store.read();
    // The shop has refused what is not used any more: a change of the password has begun another session.
    if (present !== null && present.accessToken !== old) return present;
    await forget();
    return null;
  }

  async function forget(): Promise<void> {
    mayRestore = false;
    await store.write(null);
  }

  async function current(): Promise<SessionTokens | null> {
    const tokens = await store.read();
    return tokens === null && mayRestore ? renew({ refreshToken: null }) : tokens;
  }

  async function getToken(): Promise<string | null> {
    const tokens = await current();
    if (tokens === null) return null;
    const leftMs = tokens.expiresAt - now();
    if (leftMs > RENEW_BEFORE_MS) return tokens.accessToken;
    try {
      const renewed = await renew(tokens);
      if (renewed === null) throw new ShopgraphError('The session has ended.', { code: 'UNAUTHENTICATED' });
      return renewed.accessToken;
    } catch (error) {
      const isOver = error instanceof ShopgraphError && error.code === 'UNAUTHENTICATED';
      // The one at hand is still good: whoever cannot be reached now may be later.
      if (!isOver && leftMs > 0) return tokens.accessToken;
      throw error;
    }
  }

  async function refresh(): Promise<boolean> {
    const tokens = await current();
    return tokens !== null && (await renew(tokens)) !== null;
  }

  const client = createShopgraphClient({ ...options, getToken, refresh });
  const forgetting = <Value>(work: Promise<Value>): Promise<Value> => work.finally(forget);
  /** What a renewal under way brings must not replace what signing in gives. */
  const renewed = async (): Promise<void> => void (await renewing?.catch(() => null));
  return {
    client: {
      ...client,
      async login(...call) {
        await renewed();
        const data = await anonymous.login(...call);
        await keep(data.login);
        return data;
      },
      async verifyEmail(...call) {
        await renewed();
        const data = await anonymous.verifyEmail(...call);
        await keep(data.verifyEmail);
        return data;
      },
      async resetPassword(...call) {
        await renewed();
        const data = await anonymous.resetPassword(...call);
        await keep(data.resetPassword);
        return data;
      },
      async changePassword(...call) {
        await renewed();
        const data = await client.changePassword(...call);
        await keep(data.changePassword);
        return data;
      },
      async refreshToken(...call) {
        const data = await anonymous.refreshToken(...call);
        await keep(data.refreshToken);
        return data;
      },
      logout: (...call) => forgetting(client.logout(...call)),
      logoutAll: (...call) => forgetting(client.logoutAll(...call)),
    },
    isSignedIn: async () => (await current()) !== null,
  };
}
