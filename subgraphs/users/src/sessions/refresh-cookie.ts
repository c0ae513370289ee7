import type { ApolloServerPlugin } from '@apollo/server';
import { type Call, encodeRefreshCookie, REFRESH_COOKIE_HEADER, type RefreshCookieChange } from '@shopgraph/kit';
import type { UsersContext } from '../context';

/**
 * The cookie in which a browser keeps its refresh token, out of reach of scripts. It is the gateway's: this is what
 * the gateway has read from it, and what it is told to make of it.
 */
export class RefreshCookie {
  private kept: RefreshCookieChange | null = null;
  private isCleared = false;

  /** @param token What the cookie holds; null when it holds nothing. */
  constructor(readonly token: string | null) {}

  /** The browser is to hold this token from now on, for so many seconds. */
  keep(token: string, maxAgeSeconds: number): void {
    this.kept = { token, maxAgeSeconds };
  }

  /** The browser is to forget its token, unless the same request gives it a new one. */
  clear(): void {
    this.isCleared = true;
  }

  /** What the gateway is to do; null when nothing. */
  get change(): RefreshCookieChange | null {
    return this.kept ?? (this.isCleared ? { token: null, maxAgeSeconds: 0 } : null);
  }
}

/** The refresh cookie of whoever makes a call; null for those who keep their refresh token themselves. */
export function refreshCookieOf({ client }: Pick<Call, 'client'>): RefreshCookie | null {
  const token = client?.refreshToken;
  return token === undefined ? null : new RefreshCookie(token);
}

/** Tells the gateway beside each answer what is to become of the client's refresh cookie. */
export function answerRefreshCookies(): ApolloServerPlugin<UsersContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ contextValue, response }) {
          const change = contextValue.refreshCookie?.change;
          if (change) response.http.headers.set(REFRESH_COOKIE_HEADER, encodeRefreshCookie(change));
        },
      };
    },
  };
}
