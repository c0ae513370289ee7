import fastifyCookie from '@fastify/cookie';
import { type Client, decodeRefreshCookie, DomainError, type RefreshCookieChange } from '@shopgraph/kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Browsers take `__Host-` only from the host itself, by TLS, for all of its paths (RFC 6265bis, section 4.1.3.2). */
const COOKIE = '__Host-shopgraph-refresh';
const FLAGS = { httpOnly: true, secure: true, sameSite: 'strict', path: '/' } as const;
/** Says where a client wants its refresh token: with `cookie` in the cookie, with `body`, or without it, in the answer. */
const TRANSPORT_HEADER = 'x-refresh-token-transport';
/** The subgraph that issues sessions: nobody else is told of the cookie, or changes it. */
const ISSUER = 'users';
/** Longer than any refresh token. */
const MAX_TOKEN = 512;

interface RefreshCookieOptions {
  /** Origins, beside the gateway's own, whose pages may use the cookie. */
  readonly allowedOrigins: readonly string[];
}

/** The refresh cookie of one HTTP request: what it holds, and what the issuer of sessions makes of it. */
export class RefreshCookie {
  private kept: RefreshCookieChange | null = null;
  private cleared: RefreshCookieChange | null = null;

  constructor(private readonly token: string | null) {}

  /** What a subgraph is told of the client: the issuer of sessions also what is in the cookie. */
  clientFor(subgraph: string, client: Client): Client {
    return subgraph === ISSUER ? { ...client, refreshToken: this.token } : client;
  }

  /** Takes what a subgraph says of the cookie; of several, in one request, the last one that gives it a token counts. */
  answered(subgraph: string, header: string | undefined): void {
    if (subgraph !== ISSUER || header === undefined) return;
    const change = decodeRefreshCookie(header);
    if (change.token === null) this.cleared = change;
    else this.kept = change;
  }

  /** What becomes of the cookie; null when it stays as it is. */
  get change(): RefreshCookieChange | null {
    return this.kept ?? this.cleared;
  }
}

/**
 * Keeps refresh tokens in a cookie that no script can read, for clients that ask for it with the header
 * `x-refresh-token-transport: cookie`. The cookie counts only together with that header, which pages of other
 * origins cannot send without being asked, only for POST, and only from pages of the gateway's own host or of an
 * allowed origin.
 * @throws DomainError FORBIDDEN for pages of other origins; BAD_REQUEST for a transport that there is not.
 */
export async function carryRefreshCookies(
  app: FastifyInstance,
  { allowedOrigins }: RefreshCookieOptions,
): Promise<void> {
  await app.register(fastifyCookie, { hook: false });
  app.decorateRequest('refreshCookie', null);
  app.addHook('onRequest', async (request) => {
    const transport = request.headers[TRANSPORT_HEADER];
    if (transport === undefined || transport === 'body') return;
    if (transport !== 'cookie') {
      throw new DomainError('BAD_REQUEST', { message: `${TRANSPORT_HEADER} is cookie or body.` });
    }
    if (!isFromAllowedPage(request, allowedOrigins)) {
      throw new DomainError('FORBIDDEN', { message: 'Pages of this origin may not use the refresh cookie.' });
    }
    if (request.method === 'POST')
      request.refreshCookie = new RefreshCookie(tokenIn(app.parseCookie(request.headers.cookie ?? '')));
  });
  app.addHook('onSend', async ({ refreshCookie }, reply) => {
    const change = refreshCookie?.change;
    if (!change) return;
    const { token, maxAgeSeconds: maxAge } = change;
    void reply.header('set-cookie', app.serializeCookie(COOKIE, token ?? '', { ...FLAGS, maxAge }));
  });
}

/** Browsers send `Origin` with every POST; programs, which no foreign page can drive, need not. */
function isFromAllowedPage(
  { headers: { origin }, host, protocol }: FastifyRequest,
  allowedOrigins: readonly string[],
): boolean {
  if (origin === undefined || allowedOrigins.includes(origin)) return true;
  if (!URL.canParse(origin)) return false;
  const page = new URL(origin);
  // A page that came without TLS may be anybody's.
  return page.host === host && !(protocol === 'https' && page.protocol !== 'https:');
}

function tokenIn({ [COOKIE]: token }: Record<string, string | undefined>): string | null {
  return token !== undefined && token !== '' && token.length <= MAX_TOKEN ? token : null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null for clients that keep their refresh token themselves. */
    refreshCookie: RefreshCookie | null;
  }
}
