import type { ServiceEndpointDefinition } from '@apollo/gateway';
import { type Clock, DomainError, type SigningKeys } from '@shopgraph/kit';
import { Agent, type Dispatcher } from 'undici';
import type { GatewayContext } from '../context';
import type { SubgraphAnswer, SubgraphCall } from '../executor/subgraph-call';
import { fieldsAsked } from '../fields-asked';
import { parseAnswer } from '../parsed-answer';
import { clientErrorOf, readSubgraphErrors } from '../subgraph-error';
import { headersOf } from '../subgraph-transport';
import { readEvents } from './event-stream-reader';

/** Subgraphs give signs of life three times as often: after so long without, a stream is dead. */
const SILENCE_MS = 30_000;

interface SubgraphStreamOptions {
  /** Of all replicas. */
  readonly urls: readonly string[];
  /** Apart from that of calls, whose connections streams would use up. */
  readonly dispatcher: Dispatcher;
  readonly signingKeys: SigningKeys;
  /** Milliseconds until a subgraph has to have begun. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** A pool for streams, as many as are asked for. */
export function streamDispatcher(): Agent {
  return new Agent({ bodyTimeout: SILENCE_MS });
}

/** Makes the way to the events of each subgraph. @param urls Addresses, by subgraph, that differ from the supergraph's. */
export function subgraphStreams(
  urls: ReadonlyMap<string, readonly string[]>,
  options: Omit<SubgraphStreamOptions, 'urls'>,
): (subgraph: ServiceEndpointDefinition) => SubgraphStream {
  return ({ name, url = '' }) => new SubgraphStream({ ...options, urls: urls.get(name) ?? [url] });
}

/** The way to the events of one subgraph: server-sent events of a signed POST, in their distinct connections mode. */
export class SubgraphStream {
  private opened = 0;

  constructor(private readonly options: SubgraphStreamOptions) {}

  /**
   * Begins a subscription on behalf of the viewer. The events fail with an Error when they break off before the
   * subgraph says that they are complete.
   * @throws DomainError as the subgraph refuses it; Error when the subgraph cannot be reached, or has faults.
   */
  async open(
    call: SubgraphCall,
    context: GatewayContext,
    signal: AbortSignal,
  ): Promise<AsyncGenerator<SubgraphAnswer, void>> {
    const { urls, dispatcher, timeoutMs: headersTimeout } = this.options;
    // By turns: whoever begins again after a replica has gone gets to another one.
    const { origin, pathname, search } = new URL(urls[this.opened++ % urls.length] ?? '');
    const [path, body] = [pathname + search, call.body()];
    const headers = {
      ...headersOf({ path, body, call: context, client: context.client }, this.options),
      accept: 'text/event-stream',
    };
    const answer = await dispatcher.request({ method: 'POST', origin, path, headers, body, signal, headersTimeout });
    if (answer.statusCode !== 200 || !String(answer.headers['content-type']).startsWith('text/event-stream')) {
      throw refusalOf(answer.statusCode, await answer.body.text());
    }
    return answersIn(answer.body, call);
  }
}

async function* answersIn(
  body: AsyncIterable<Uint8Array>,
  { query }: SubgraphCall,
): AsyncGenerator<SubgraphAnswer, void> {
  for await (const { type, data: text } of readEvents(body)) {
    if (type === 'complete') return;
    if (type !== 'next') continue;
    const { data, errors } = parseAnswer(text);
    yield { data, errors: readSubgraphErrors(errors, () => fieldsAsked(query, [])) };
  }
  throw new Error('the stream broke off');
}

function refusalOf(status: number, text: string): Error {
  const fault = new Error(`HTTP ${status}: ${text.slice(0, 500)}`);
  try {
    const [error] = parseAnswer(text).errors;
    const shown = error && clientErrorOf(error);
    return shown && shown.code !== 'UNAVAILABLE' ? shown : fault;
  } catch {
    return fault;
  }
}

/** What the client is told when a subgraph cannot be subscribed to. */
export function openingError(error: unknown): DomainError {
  return error instanceof DomainError ? error : new DomainError('UNAVAILABLE', { cause: error });
}
