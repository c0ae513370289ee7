import { createParser } from 'eventsource-parser';
import { errorOf, type GraphqlError, isUnauthenticated, ShopgraphError } from './errors';
import type { CallOptions, SubscribeOptions } from './operation';
import { fullJitter, sleep } from './retry';
import type { Answer } from './transport';

/** How long events that broke off are sought again, and at which pace. */
export interface ReconnectOptions {
  readonly reconnectMs?: number | undefined;
  readonly retryDelayMs?: number | undefined;
}

/** Events in the distinct connections mode of GraphQL over SSE. */
interface ServerEvent {
  readonly type: string;
  readonly data: string;
}

/** One event of a subscription, or its end before there are no more: that has no data. */
interface EventAnswer {
  readonly data?: unknown;
  readonly errors?: readonly GraphqlError[];
}

/** A shop gives a sign of life every twelve seconds. */
const SILENCE_MS = 60_000;
/** Events that flow, or could have, for so long were not refused. */
const STEADY_MS = 5_000;
/** What beginning again helps against: a shop that closes or is out of reach. */
const PASSING = ['UNAVAILABLE', 'NETWORK', 'TIMEOUT'];

/**
 * The data of the events of a subscription; those that break off are begun again.
 * @param begin Opens the events, or answers why there are none.
 * @throws ShopgraphError when the shop refuses, or its events cannot be had again in time.
 */
export async function* subscription<Data>(
  begin: (options: CallOptions) => Promise<Answer>,
  { reconnectMs = 60_000, retryDelayMs = 100 }: ReconnectOptions,
  { onErrors, onResumed, ...call }: SubscribeOptions,
): AsyncGenerator<Data, void, undefined> {
  let hasBegun = false;
  /** Since when events have been missed; null while they flow. */
  let brokenSince: number | null = null;
  for (let repetition = 0; ; repetition += 1) {
    const begunAt = Date.now();
    let fault: ShopgraphError;
    let isOpen = false;
    try {
      const opened = await begin(call);
      if (opened.events === undefined) throw errorOf(opened);
      if (hasBegun) onResumed?.();
      hasBegun = isOpen = true;
      for await (const { data, errors = [] } of answersIn(opened.events, call.signal)) {
        if (data === undefined || data === null) throw errorOf({ ...opened, errors });
        if (errors.length > 0) onErrors?.(errors);
        yield data as Data;
        brokenSince = null;
      }
      return;
    } catch (error) {
      if (!hasBegun || !(error instanceof ShopgraphError)) throw error;
      // The token was good when they began: another one helps, if there is one.
      if (!PASSING.includes(error.code) && !(isOpen && isUnauthenticated(error))) throw error;
      fault = error;
    }
    const now = Date.now();
    if (brokenSince === null || now - begunAt > STEADY_MS) [brokenSince, repetition] = [now, 0];
    if (now - brokenSince >= reconnectMs) throw fault;
    await sleep(fullJitter(retryDelayMs * 2 ** repetition), call.signal);
  }
}

/** The answers in a stream of events, to their end. @throws ShopgraphError NETWORK when it breaks off. */
async function* answersIn(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<EventAnswer, void, undefined> {
  for await (const { type, data } of readEvents(stream, signal)) {
    if (type === 'complete') return;
    yield JSON.parse(data) as EventAnswer;
  }
  throw new ShopgraphError('The events broke off.', { code: 'NETWORK' });
}

/** Server-sent events until the stream ends. @throws ShopgraphError NETWORK when it breaks, or nothing comes any more. */
async function* readEvents(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<ServerEvent, void, undefined> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  const arrived: ServerEvent[] = [];
  const parser = createParser({ onEvent: ({ event = 'message', data }) => arrived.push({ type: event, data }) });
  try {
    for (;;) {
      const { done, value } = await withinSilence(reader.read());
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* arrived.splice(0);
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw cause instanceof ShopgraphError
      ? cause
      : new ShopgraphError('The events broke off.', { code: 'NETWORK', cause });
  } finally {
    // Whoever wants no more, for whatever reason, lets go of the connection.
    await reader.cancel().catch(() => undefined);
  }
}

async function withinSilence<Chunk>(read: Promise<Chunk>): Promise<Chunk> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new ShopgraphError('The shop has fallen silent.', { code: 'NETWORK' })),
      SILENCE_MS,
    );
  });
  try {
    return await Promise.race([read, silence]);
  } finally {
    clearTimeout(timer);
  }
}
