import { writeFile } from 'node:fs/promises';
import { eventually } from '@shopgraph/kit/testing';
import { createClient } from 'graphql-sse';
import { startSubgraph } from '../start-subgraph';
import { signingKeysSchema } from '@shopgraph/kit';
import { compose, SIGNING_KEYS } from '../start-gateway';
import { startTickers, type Tickers } from './tickers';

const QUERY = 'subscription Ticked($id: ID!) { changed: ticked(id: $id) { count price } }';
const TICKED = { query: QUERY, variables: { id: 'a' } };
const COUNTED = { query: 'subscription { ticked(id: "a") { count } }' };

let shop: Tickers;
beforeEach(async () => {
  shop = await startTickers();
});
afterEach(() => shop.stop());

const answer = (count: number) => ({ data: { changed: { count, price: 7 } } });

describe.each(['socket', 'events'] as const)('by %s', (way) => {
  const subscribe = async () => (way === 'socket' ? shop.bySocket(TICKED) : shop.byEvents(TICKED));

  it('every event is answered from both subgraphs, in order, and complete comes at the end', async () => {
    const { answers, ...client } = await subscribe();
    await shop.listening();
    shop.ticks.tick(1);
    shop.ticks.tick(2);
    await eventually(async () => expect(answers).toEqual([answer(1), answer(2)]));
    expect(client.end).toBeUndefined();
  });

  it('complete comes when the subgraph has no more events', async () => {
    const client = await subscribe();
    await shop.listening();
    shop.ticks.tick(1);
    shop.ticks.end();
    await eventually(async () => expect(client.end).toBeNull());
    expect(client.answers).toEqual([answer(1)]);
    expect(await shop.metric('gateway_subscriptions_ended_total')).toMatchObject([
      { labels: { reason: 'complete' }, value: 1 },
    ]);
  });

  it('a client that wants no more ends it in the subgraph too', async () => {
    const client = await subscribe();
    await shop.listening();
    client.stop();
    await shop.listening(0);
    await eventually(async () => expect(await shop.metric('gateway_subscriptions_open')).toMatchObject([{ value: 0 }]));
  });

  it('what another subgraph cannot answer is null with an error, and the next event is answered again', async () => {
    const { answers } = await subscribe();
    await shop.listening();
    const prices = shop.subgraphs.prices;
    if (!prices) throw new Error('there are prices');
    prices.behaviour.hangs = true;
    shop.ticks.tick(1);
    await eventually(async () => expect(prices.calls).toHaveLength(1));
    prices.cut();
    await eventually(async () =>
      expect(answers).toMatchObject([
        { data: { changed: { count: 1, price: null } }, errors: [{ extensions: { code: 'UNAVAILABLE' } }] },
      ]),
    );
    prices.behaviour.hangs = false;
    shop.ticks.tick(2);
    await eventually(async () => expect(answers[1]).toEqual(answer(2)));
  });

  it('one that is open is answered by the supergraph with which it began, until it ends', async () => {
    const { answers } = await subscribe();
    await shop.listening();
    const { tickers } = shop.subgraphs;
    await writeFile(shop.supergraphPath, compose(tickers ? [tickers] : []));
    await eventually(async () => expect((await shop.send('{ ticker { price } }')).status).toBe(400));
    shop.ticks.tick(1);
    await eventually(async () => expect(answers).toEqual([answer(1)]));

    const later = await (way === 'socket' ? shop.bySocket(COUNTED) : shop.byEvents(COUNTED));
    await shop.listening(2);
    shop.ticks.tick(2);
    await eventually(async () => expect(later.answers).toEqual([{ data: { ticked: { count: 2 } } }]));
    await eventually(async () => expect(answers).toEqual([answer(1), answer(2)]));
    shop.ticks.end();
  });

  it('a stream that breaks off begins again, and events flow again', async () => {
    const { answers } = await subscribe();
    await shop.listening();
    shop.ticks.tick(1);
    await eventually(async () => expect(answers).toHaveLength(1));
    shop.subgraphs.tickers?.cut();
    await shop.listening(0);
    await shop.listening(1);
    shop.ticks.tick(2);
    await eventually(async () => expect(answers).toEqual([answer(1), answer(2)]));
  });

  it('a subgraph that stops and starts anew is subscribed to again', async () => {
    const { answers } = await subscribe();
    await shop.listening();
    const { port } = new URL(shop.subgraphs.tickers?.url ?? '');
    await shop.subgraphs.tickers?.stop();
    await shop.listening(0);
    const keys = signingKeysSchema.parse(SIGNING_KEYS);
    const again = await startSubgraph(shop.definition, keys, shop.clock, Number(port));
    await shop.listening(1);
    shop.ticks.tick(2);
    await eventually(async () => expect(answers).toEqual([answer(2)]));
    await again.stop();
  });
});

it('a subgraph that stays away ends its subscriptions with an error', async () => {
  const impatient = await startTickers({ SUBSCRIPTION_RECONNECT_MS: '50' });
  const client = await impatient.byEvents(TICKED);
  await impatient.listening();
  await impatient.subgraphs.tickers?.stop();
  await eventually(async () => expect(client.end).toBeNull());
  expect(client.answers).toMatchObject([{ errors: [{ extensions: { code: 'UNAVAILABLE' } }] }]);
  await impatient.stop();
});

it('the client of graphql-sse understands the events', async () => {
  const client = createClient({ url: shop.url, retryAttempts: 0 });
  const counts: unknown[] = [];
  const done = new Promise<void>((resolve, reject) => {
    client.subscribe(TICKED, { next: ({ data }) => counts.push(data), error: reject, complete: resolve });
  });
  await shop.listening();
  shop.ticks.tick(3);
  shop.ticks.end();
  await done;
  expect(counts).toEqual([answer(3).data]);
  client.dispose();
});

it('a GET with the operation in its address is answered by events too', async () => {
  const url = `${shop.url}?${new URLSearchParams({ query: QUERY, variables: '{"id":"a"}' }).toString()}`;
  const response = await fetch(url, { headers: { accept: 'text/event-stream' } });
  await shop.listening();
  shop.ticks.tick(4);
  shop.ticks.end();
  expect(await response.text()).toBe(
    `:\n\nevent: next\ndata: ${JSON.stringify(answer(4))}\n\nevent: complete\ndata: \n\n`,
  );
});

it('signs of life keep a silent stream open', async () => {
  const response = await fetch(
    `${shop.url}?${new URLSearchParams({ query: 'subscription { ticked(id: 1) { id } }' })}`,
    {
      headers: { accept: 'text/event-stream' },
    },
  );
  const reader = (response.body ?? new ReadableStream()).getReader();
  const seen: string[] = [];
  while (seen.length < 3) seen.push(new TextDecoder().decode((await reader.read()).value));
  expect(seen).toEqual([':\n\n', ':\n\n', ':\n\n']);
  await reader.cancel();
});
