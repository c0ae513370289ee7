/** What a session consists of. */
export interface SessionTokens {
  readonly accessToken: string;
  /** Null where it is in the refresh cookie. */
  readonly refreshToken: string | null;
  /** When the access token expires, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Where a session keeps its tokens: in memory, in a browser's storage, in a phone's key chain. */
export interface TokenStore {
  read(): Promise<SessionTokens | null> | SessionTokens | null;
  /** Null when the session has ended. */
  write(tokens: SessionTokens | null): Promise<void> | void;
}

/** Keeps tokens until the process or page ends. */
export function memoryTokenStore(): TokenStore {
  let kept: SessionTokens | null = null;
  return {
    read: () => kept,
    write: (tokens) => {
      kept = tokens;
    },
  };
}

/**
 * Keeps tokens in `localStorage` or `sessionStorage`, where every script of the page can read them: only for
 * pages that run no scripts of others.
 */
export function webTokenStore(
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  key = 'shopgraph',
): TokenStore {
  return {
    read: () => JSON.parse(storage.getItem(key) ?? 'null') as SessionTokens | null,
    write: (tokens) => {
      if (tokens === null) storage.removeItem(key);
      else storage.setItem(key, JSON.stringify(tokens));
    },
  };
}
