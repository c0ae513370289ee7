import type { Sign } from './api-key';
import { type GraphqlError, ShopgraphError } from './errors';
import { codeOfStatus, retryAfterOf } from './http-status';

/** What one HTTP request carries. */
export interface Message {
  readonly operationName?: string;
  /** Left out where the hash in the extensions says enough. */
  readonly query?: string;
  readonly variables?: object;
  readonly extensions?: object;
}

/** An answer of the shop, whatever its status. */
export interface Answer {
  /** False for what a proxy has written in place of the shop; `errors` then hold what the status says. */
  readonly isGraphql: boolean;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly GraphqlError[];
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly requestId: string | null;
  /** Milliseconds after which the shop wants to be asked again. */
  readonly retryAfterMs: number | null;
  /** Of a subscription that has begun: server-sent events, which take their own time. */
  readonly events?: ReadableStream<Uint8Array>;
}

interface Transport {
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the browser sends and takes the shop's cookies, also where it is on another host. */
  readonly usesCookies: boolean;
  /** Where requests are signed instead of carrying who sends them. */
  readonly sign: Sign | undefined;
  readonly timeoutMs: number;
  /** The caller's. */
  readonly signal: AbortSignal | undefined;
}

/** What subscriptions are answered as. */
export const EVENT_STREAM = 'text/event-stream';

/** Longer addresses are cut or refused on the way. */
const MAX_URL_LENGTH = 2_000;

/**
 * Sends one request and reads its answer; with GET, where `preferGet` and the address gets no longer than 2000
 * characters, so that caches on the way can answer.
 * @throws ShopgraphError NETWORK when there is no answer, TIMEOUT when there is none in time; the reason of the
 * caller's signal when that ends the request.
 */
export async function send(transport: Transport, message: Message, preferGet: boolean): Promise<Answer> {
  return inTime(transport, async (signal) => {
    const response = await request(transport, message, preferGet, signal);
    const { headers, body } = response;
    const isStream = headers.get('content-type')?.startsWith(EVENT_STREAM) ?? false;
    return isStream && body !== null
      ? { ...answerOf(response, {}), events: body }
      : answerOf(response, parsed(await response.text()));
  });
}

/** @param work Gets a signal that aborts with the caller's, and when its time is up before it ends. */
async function inTime<Result>(
  { signal, timeoutMs }: Transport,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), timeoutMs);
  try {
    return await work(signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]));
  } catch (cause) {
    signal?.throwIfAborted();
    if (late.signal.aborted) throw new ShopgraphError(`No answer within ${timeoutMs} ms.`, { code: 'TIMEOUT', cause });
    throw new ShopgraphError('The shop cannot be reached.', { code: 'NETWORK', cause });
  } finally {
    clearTimeout(timer);
  }
}

async function request(
  transport: Transport,
  message: Message,
  preferGet: boolean,
  signal: AbortSignal,
): Promise<Response> {
  const { url, init } = requestFor(transport, message, preferGet);
  const signature = await transport.sign?.({ url, ...init });
  return transport.fetch(url, {
    method: init.method,
    headers: { ...init.headers, ...signature },
    ...(init.body !== '' && { body: init.body }),
    ...(transport.usesCookies && { credentials: 'include' }),
    signal,
  });
}

function requestFor({ url, headers }: Transport, message: Message, preferGet: boolean) {
  const address = preferGet ? withQuery(url, message) : url;
  if (preferGet && address.length <= MAX_URL_LENGTH) {
    // Without it the shop takes a GET for one that a foreign page has caused.
    const getHeaders = { ...headers, 'apollo-require-preflight': 'true' };
    return { url: address, init: { method: 'GET', headers: getHeaders, body: '' } };
  }
  const body = JSON.stringify(message);
  return { url, init: { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body } };
}

function withQuery(url: string, message: Message): string {
  const parameters = Object.entries(message)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
  return `${url}${url.includes('?') ? '&' : '?'}${new URLSearchParams(parameters).toString()}`;
}

/** @param body Null for what is not GraphQL. */
function answerOf({ status, headers }: Response, body: Partial<Answer> | null): Answer {
  const { data = null, errors = [], extensions = {} } = body ?? failure(status);
  return {
    isGraphql: body !== null,
    data,
    errors,
    extensions,
    status,
    requestId: headers.get('x-request-id'),
    retryAfterMs: retryAfterOf(headers.get('retry-after')),
  };
}

function failure(status: number): Partial<Answer> {
  const code = codeOfStatus(status);
  return { errors: [{ message: `The answer is not GraphQL (HTTP ${status}).`, extensions: { code } }] };
}

function parsed(text: string): Partial<Answer> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isAnswer = typeof value === 'object' && value !== null && ('data' in value || 'errors' in value);
    return isAnswer ? (value as Partial<Answer>) : null;
  } catch {
    return null;
  }
}
