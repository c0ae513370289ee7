import { type Client, type Clock, DomainError, type SigningKeys, signRequest } from '@shopgraph/kit';
import type { Dispatcher } from 'undici';
import { AnswerReader, type HttpAnswer } from './answer-reader';
import type { GatewayContext } from './context';

/** Made once: a stack for each of many calls would say the same and cost more. */
const LATE = new Error('the call took too long');

interface TransportOptions {
  readonly url: string;
  /** Keeps a pool of connections for each subgraph. */
  readonly dispatcher: Dispatcher;
  /** Null for subgraphs that do not ask who calls. */
  readonly signingKeys: SigningKeys | null;
  readonly clock: Clock;
}

/** The way to one subgraph. */
export interface SubgraphTransport {
  /**
   * Sends a GraphQL request, which says of its `client` where it comes from, and waits no longer than `timeoutMs`, the
   * call's deadline and the client do.
   * @throws DomainError TIMEOUT; otherwise Error when there is no answer.
   */
  send(body: string, call: GatewayContext, timeoutMs: number, client: Client | null): Promise<HttpAnswer>;
}

/** POST over kept connections, signed for the viewer, with request id, trace and deadline. */
export class HttpTransport implements SubgraphTransport {
  private readonly origin: string;
  private readonly path: string;

  constructor(private readonly options: TransportOptions) {
    const url = new URL(options.url);
    this.origin = url.origin;
    this.path = url.pathname + url.search;
  }

  async send(body: string, call: GatewayContext, timeoutMs: number, client: Client | null): Promise<HttpAnswer> {
    const { dispatcher, clock } = this.options;
    const { signal } = call;
    signal.throwIfAborted();
    const remainingMs = Math.max(0, Math.min(timeoutMs, call.deadline.getTime() - clock.now().getTime()));
    const request = {
      method: 'POST',
      origin: this.origin,
      path: this.path,
      headers: {
        ...headersOf({ path: this.path, body, call, client }, this.options),
        'x-timeout-ms': String(remainingMs),
      },
      body,
    } as const;
    return new Promise((resolve, reject) => {
      const answer = new AnswerReader(settle(resolve), settle(reject));
      // Not AbortSignal.any and AbortSignal.timeout: they cost more than the rest of the call.
      const timer = setTimeout(() => answer.abandon(new DomainError('TIMEOUT', { cause: LATE })), remainingMs);
      const abort = () => answer.abandon(signal.reason as Error);
      signal.addEventListener('abort', abort);
      dispatcher.dispatch(request, answer);

      function settle<Outcome>(end: (outcome: Outcome) => void): (outcome: Outcome) => void {
        return (outcome) => {
          clearTimeout(timer);
          signal.removeEventListener('abort', abort);
          end(outcome);
        };
      }
    });
  }
}

interface SignedRequest {
  readonly path: string;
  readonly body: string;
  readonly call: GatewayContext;
  /** Where the call comes from, for those who are to know. */
  readonly client: Client | null;
}

/** The headers of a call in JSON: signed for the viewer, with request id and trace. */
export function headersOf(
  { path, body, call, client }: SignedRequest,
  { signingKeys, clock }: Pick<TransportOptions, 'signingKeys' | 'clock'>,
): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-request-id': call.requestId,
    ...(call.traceparent !== null && { traceparent: call.traceparent }),
    ...(signingKeys && signRequest({ method: 'POST', path, body }, call.viewer, signingKeys, clock, client)),
  };
}
