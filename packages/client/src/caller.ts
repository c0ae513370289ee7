import { type ApiKeyOptions, requestSigner, type Sign } from './api-key';
import type { CallOptions, OperationIdentity } from './operation';
import { sendPersisted } from './persisted-queries';
import { withRetries } from './retry';
import { type TokenOptions, Tokens } from './tokens';
import { type Answer, EVENT_STREAM, type Message, send } from './transport';

/** How a client reaches its shop. */
export interface ClientOptions extends TokenOptions, ApiKeyOptions {
  /** The GraphQL endpoint of the gateway: `https://shop.example/graphql`. */
  readonly url: string;
  /** In place of the global one. */
  readonly fetch?: typeof fetch | undefined;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Where the shop is to put refresh tokens: with `cookie` into a cookie that no script can read, otherwise into
   * its answers. Needs a browser, and a page of the shop's own host or of an origin that the shop allows.
   */
  readonly refreshTokenTransport?: 'cookie' | undefined;
  /**
   * How often a query, or a mutation with an idempotency key, is repeated when the shop cannot be reached; 2
   * unless given. Other mutations are never repeated: nobody knows whether they had their effect.
   */
  readonly retries?: number | undefined;
  /** The longest wait before the first repetition, in milliseconds; doubles with each. 100 unless given. */
  readonly retryDelayMs?: number | undefined;
  /** Milliseconds for which the events of a subscription that broke off are sought again; 60,000 unless given. */
  readonly reconnectMs?: number | undefined;
  /** Milliseconds that each attempt may take; 15,000 unless given. */
  readonly timeoutMs?: number | undefined;
  /** Asks queries with GET where the shop knows them by their hash, so that caches on the way can answer. */
  readonly useGetForQueries?: boolean | undefined;
  /** False to send the whole query every time, for shops that keep no persisted queries. */
  readonly persistedQueries?: boolean | undefined;
}

/** One call, as often as it has to be sent. */
export interface ClientRequest {
  /** What the client was released with; undefined for a document of the caller's own. */
  readonly operation: OperationIdentity | undefined;
  readonly message: Message;
  readonly repeatable: boolean;
  /** Whether it is a subscription, which is answered by events. */
  readonly wantsEvents?: boolean;
}

type Caller = (request: ClientRequest, call: CallOptions) => Promise<Answer>;

/**
 * Makes what brings requests to the shop: with a token, by their hash, again where that may help.
 * @throws TypeError for options that do not go together.
 */
export function createCaller(options: ClientOptions): Caller {
  const { retries = 2, retryDelayMs = 100, timeoutMs = 15_000, useGetForQueries = false } = options;
  const { tokens, sign } = credentialsOf(options);

  function ask(
    { operation, message, wantsEvents = false }: ClientRequest,
    call: CallOptions,
    token: string | null,
  ): Promise<Answer> {
    const authorization = token !== null && { authorization: `Bearer ${token}` };
    const usesCookie = options.refreshTokenTransport === 'cookie';
    const cookie = usesCookie && { 'x-refresh-token-transport': 'cookie' };
    const accept = wantsEvents ? EVENT_STREAM : 'application/json';
    const transport = {
      url: options.url,
      fetch: options.fetch ?? fetch,
      headers: { accept, ...options.headers, ...call.headers, ...cookie, ...authorization },
      usesCookies: usesCookie,
      sign,
      timeoutMs: call.timeoutMs ?? timeoutMs,
      signal: call.signal,
    };
    if (operation === undefined || options.persistedQueries === false) return send(transport, message, false);
    const mayGet = useGetForQueries && operation.kind === 'query';
    return sendPersisted(message, operation.hash, (part, hashOnly) => send(transport, part, hashOnly && mayGet));
  }

  /** Sends it, and once more where nothing but the token was wrong. */
  async function attempt(request: ClientRequest, call: CallOptions): Promise<Answer> {
    const token = await tokens.current();
    const answer = await ask(request, call, token);
    const isRefused = isUnauthenticated(answer) && !hadEffect(answer, request);
    return isRefused && (await tokens.replace(token)) ? ask(request, call, await tokens.current()) : answer;
  }

  return (request, call) => {
    const policy = { retries: request.repeatable ? retries : 0, delayMs: retryDelayMs };
    return withRetries(policy, call.signal, () => attempt(request, call));
  };
}

function credentialsOf({ apiKey, signRequests = false, ...options }: ClientOptions): { tokens: Tokens; sign?: Sign } {
  if (apiKey === undefined) {
    if (signRequests) throw new TypeError('signRequests needs an apiKey.');
    return { tokens: new Tokens(options) };
  }
  if (options.getToken ?? options.refresh) throw new TypeError('A client has an apiKey or tokens, not both.');
  return signRequests
    ? { tokens: new Tokens({}), sign: requestSigner(apiKey) }
    : { tokens: new Tokens({ getToken: () => apiKey }) };
}

function isUnauthenticated({ status, errors }: Answer): boolean {
  return status === 401 || errors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED');
}

/** A mutation may have done one of its fields before it refused another. */
function hadEffect({ data }: Answer, { operation }: ClientRequest): boolean {
  return operation?.kind !== 'query' && Object.values(data ?? {}).some((value) => value !== null);
}
