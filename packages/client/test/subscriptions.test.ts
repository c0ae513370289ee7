import { createShopgraphClient, type SubscribeOptions } from '../src';
import { refusal } from './scripted-shop';
import { scriptedShops } from './shops';

const start = scriptedShops();
const LEVEL = { id: 'level_1' };

/** What a shop sends: events, and `complete` unless they break off. */
function stream(answers: readonly object[], end: 'complete' | 'cut' = 'complete') {
  const events = answers.map((answer) => `event: next\ndata: ${JSON.stringify(answer)}\n\n`);
  const body = `:\n\n${events.join('')}${end === 'complete' ? 'event: complete\ndata:\n\n' : ''}`;
  return { headers: { 'content-type': 'text/event-stream; charset=utf-8' }, body };
}
const level = (onHand: number) => ({ data: { stockChanged: { ...LEVEL, onHand } } });
const ended = (code: string) => ({ errors: [{ message: `${code} it is`, extensions: { code } }] });

type Options = Partial<Parameters<typeof createShopgraphClient>[0]>;

/** Everything that comes until the end, and how that is. */
async function collect(url: string, options: Options = {}, subscribeOptions: SubscribeOptions = {}) {
  const client = createShopgraphClient({ url, retryDelayMs: 1, ...options });
  const seen: unknown[] = [];
  try {
    for await (const data of client.stockChanged({ sku: 'MUG' }, subscribeOptions)) seen.push(data);
    return { seen };
  } catch (error) {
    return { seen, error };
  }
}

describe('a subscription', () => {
  it('gives the data of each event, until there are no more', async () => {
    const shop = await start(stream([level(1), level(2)]));
    expect(await collect(shop.url)).toEqual({ seen: [level(1).data, level(2).data] });
  });

  it('asks for events by the hash of the operation, and in full where that is not known', async () => {
    const shop = await start(refusal('PERSISTED_QUERY_NOT_FOUND', 404), stream([level(1)]));
    expect(await collect(shop.url, { useGetForQueries: true })).toEqual({ seen: [level(1).data] });
    expect(shop.requests.map(({ method, headers, message }) => [method, headers.accept, message.query])).toEqual([
      ['POST', 'text/event-stream', undefined],
      ['POST', 'text/event-stream', expect.stringContaining('subscription stockChanged')],
    ]);
    expect(shop.requests[1]?.message.variables).toEqual({ sku: 'MUG' });
  });

  it('does nothing before somebody iterates', async () => {
    const shop = await start(stream([]));
    createShopgraphClient({ url: shop.url }).stockChanged();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(shop.requests).toEqual([]);
  });

  it('takes documents of your own', async () => {
    const shop = await start(stream([level(1)]));
    const client = createShopgraphClient({ url: shop.url });
    const events = client.subscribe<{ stockChanged: { onHand: number } }, object>(
      'subscription { stockChanged { id } }',
    );
    const { value } = await events.next();
    expect(value?.stockChanged.onHand).toBe(1);
    expect(shop.requests[0]?.message.query).toBe('subscription { stockChanged { id } }');
  });

  it('goes on after an event of which something is missing, and tells what', async () => {
    const partial = { data: { stockChanged: null }, errors: [{ message: 'no', path: ['stockChanged'] }] };
    const shop = await start(stream([partial, level(2)]));
    const missing: unknown[] = [];
    const { seen } = await collect(shop.url, {}, { onErrors: (errors) => missing.push(errors) });
    expect(seen).toEqual([partial.data, level(2).data]);
    expect(missing).toEqual([partial.errors]);
  });

  it('understands events whose characters come in parts', async () => {
    const text = stream([{ data: { stockChanged: { note: 'Tschüß 🏷' } } }]).body;
    const bytes = new TextEncoder().encode(text);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const response = new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    const { seen } = await collect('http://shop.test/graphql', { fetch: async () => response });
    expect(seen).toEqual([{ stockChanged: { note: 'Tschüß 🏷' } }]);
  });

  it.each([
    ['a refusal', refusal('FORBIDDEN'), 'FORBIDDEN', 1],
    ['a refusal that would pass', refusal('UNAVAILABLE'), 'UNAVAILABLE', 1],
    ['a shop that is out of reach', 'cut' as const, 'NETWORK', 3],
    ['what is no stream', { body: { data: {} } }, 'INTERNAL', 1],
  ])('fails when the shop answers with %s at its beginning', async (_what, step, code, requests) => {
    const shop = await start(step);
    expect(await collect(shop.url)).toMatchObject({ seen: [], error: { code } });
    expect(shop.requests).toHaveLength(requests);
  });

  it.each([
    ['breaks off', stream([level(1)], 'cut')],
    ['ends because the shop closes', stream([level(1), ended('UNAVAILABLE')])],
  ])('that %s begins again, and says so', async (_what, first) => {
    const shop = await start(first, 'cut', refusal('UNAVAILABLE', 503), stream([level(2)]));
    const onResumed = jest.fn();
    expect(await collect(shop.url, {}, { onResumed })).toEqual({ seen: [level(1).data, level(2).data] });
    expect(onResumed).toHaveBeenCalledTimes(1);
  });

  it('that breaks off is given up when its time is over', async () => {
    const shop = await start(stream([level(1)], 'cut'), 'cut');
    const { seen, error } = await collect(shop.url, { reconnectMs: 50 });
    expect(seen).toEqual([level(1).data]);
    expect(error).toMatchObject({ code: 'NETWORK' });
    expect(shop.requests.length).toBeGreaterThan(2);
  });

  it('is not begun again for one who does not keep up', async () => {
    const shop = await start(stream([level(1), ended('RATE_LIMITED')]));
    expect(await collect(shop.url)).toMatchObject({ seen: [level(1).data], error: { code: 'RATE_LIMITED' } });
    expect(shop.requests).toHaveLength(1);
  });

  it('goes on with a new token when its own has expired', async () => {
    const shop = await start(
      stream([level(1), ended('UNAUTHENTICATED')]),
      refusal('UNAUTHENTICATED', 401),
      stream([level(2)]),
    );
    let token = 'old';
    const refresh = async (): Promise<boolean> => {
      token = 'new';
      return true;
    };
    expect(await collect(shop.url, { getToken: () => token, refresh })).toEqual({
      seen: [level(1).data, level(2).data],
    });
    expect(shop.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer old',
      'Bearer old',
      'Bearer new',
    ]);
  });

  it('ends when the session has', async () => {
    const shop = await start(stream([level(1), ended('UNAUTHENTICATED')]), refusal('UNAUTHENTICATED', 401));
    const { error } = await collect(shop.url, { getToken: () => 'old', refresh: async () => false });
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(shop.requests).toHaveLength(2);
  });

  it.each([
    ['stops to iterate', false],
    ['ends it by a signal', true],
  ])('lets go of its connection when somebody %s', async (_what, aborts) => {
    let isCancelled = false;
    const body = (signal: AbortSignal | null | undefined) =>
      new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(new TextEncoder().encode(stream([level(1)], 'cut').body));
          signal?.addEventListener('abort', () => controller.error(signal.reason));
        },
        cancel: () => void (isCancelled = true),
      });
    const client = createShopgraphClient({
      url: 'http://shop.test/graphql',
      fetch: async (_url, init) =>
        new Response(body(init?.signal), { headers: { 'content-type': 'text/event-stream' } }),
    });
    const controller = new AbortController();
    const iterate = async (): Promise<void> => {
      for await (const _event of client.stockChanged({}, { signal: controller.signal })) {
        if (!aborts) break;
        setImmediate(() => controller.abort(new Error('enough')));
      }
    };
    if (aborts) await expect(iterate()).rejects.toThrow('enough');
    else {
      await iterate();
      expect(isCancelled).toBe(true);
    }
  });

  it('that gives no sign of life for a minute begins again', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    try {
      let opened = 0;
      const silent = () =>
        new ReadableStream<Uint8Array>({
          start(controller) {
            const { body } = stream([level((opened += 1))], opened === 1 ? 'cut' : 'complete');
            controller.enqueue(new TextEncoder().encode(body));
          },
        });
      const headers = { 'content-type': 'text/event-stream' };
      const collected = collect('http://shop.test/graphql', { fetch: async () => new Response(silent(), { headers }) });
      while (opened < 2) await jest.advanceTimersByTimeAsync(10_000);
      await jest.runAllTimersAsync();
      expect(await collected).toEqual({ seen: [level(1).data, level(2).data] });
    } finally {
      jest.useRealTimers();
    }
  });
});
