import { eventually } from '@shopgraph/kit/testing';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'undici';
import { WebSocket } from 'ws';
import { revokedSessionKey } from '../../src/authentication';
import { startTickers, type Tickers } from './tickers';

const query = 'subscription { ticked(id: "a") { count } }';
const ways = ['socket', 'events'] as const;
let shop: Tickers;
afterEach(() => shop.stop());

const start = async (environment: Record<string, string> = {}) => (shop = await startTickers(environment));

/** Subscribes as whoever the token is of. */
async function subscribe(way: (typeof ways)[number], operation: string, claims?: Record<string, unknown>) {
  const authorization = claims && `Bearer ${await shop.token(claims)}`;
  const credentials = authorization === undefined ? {} : { authorization };
  if (way === 'events') return shop.byEvents({ query: operation }, credentials);
  const client = shop.socketClient(credentials);
  return Object.assign(shop.bySocket({ query: operation }, client), { closes: client.closes });
}

/** The code with which something ended or never began. */
function codeOf(subscribed: Awaited<ReturnType<typeof subscribe>>): unknown {
  if ('text' in subscribed && subscribed.text !== '') {
    const { errors } = JSON.parse(subscribed.text) as { errors: { extensions: { code: string } }[] };
    return errors[0]?.extensions.code;
  }
  const [error] = Array.isArray(subscribed.end) ? (subscribed.end as { extensions?: { code: string } }[]) : [];
  return error?.extensions?.code;
}

const connected = (headers: Record<string, string> = {}, path = '/graphql') =>
  new WebSocket(shop.origin.replace('http', 'ws') + path, 'graphql-transport-ws', { headers });

/** The status with which a socket is refused, or the code with which it is closed. */
const refusalOf = (socket: WebSocket) =>
  new Promise((resolve) => {
    socket.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode));
    socket.on('close', resolve);
    socket.on('error', () => undefined);
  });

describe.each(ways)('by %s', (way) => {
  it('what a rule refuses does not begin', async () => {
    await start();
    const [anonymous, known] = [
      await subscribe(way, 'subscription { audited { count } }'),
      await subscribe(way, 'subscription { audited { count } }', {}),
    ];
    await eventually(async () => expect([codeOf(anonymous), codeOf(known)]).toEqual(['UNAUTHENTICATED', 'FORBIDDEN']));
    expect(shop.ticks.listeners).toBe(0);
    expect(shop.received().trim()).toBe('');
  });

  it('a field that is refused is null with an error in every event, and nobody is asked for it', async () => {
    await start();
    const { answers } = await subscribe(way, 'subscription { ticked(id: "a") { count cost } }', {});
    await shop.listening();
    shop.ticks.tick(1);
    await eventually(async () =>
      expect(answers).toMatchObject([
        {
          data: { ticked: { count: 1, cost: null } },
          errors: [{ path: ['ticked', 'cost'], extensions: { code: 'FORBIDDEN' } }],
        },
      ]),
    );
    expect(shop.received()).not.toContain('cost');
  });

  it('what the subgraph refuses does not begin', async () => {
    await start();
    const refused = await subscribe(way, 'subscription { refused { count } }');
    await eventually(async () => expect(codeOf(refused)).toBe('NOT_FOUND'));
  });

  it('queries are sent elsewhere, and mutations have no effect', async () => {
    await start();
    const [asked, changed] = [await subscribe(way, '{ ticker { count } }'), await subscribe(way, 'mutation { stop }')];
    await eventually(async () => expect([codeOf(asked), codeOf(changed)]).toEqual(['BAD_REQUEST', 'BAD_REQUEST']));
    expect(shop.received().trim()).toBe('');
  });

  it.each([
    ['skips its only field', 'subscription { ticked(id: "a") @skip(if: true) { count } }', 'BAD_USER_INPUT'],
    ['asks for nothing but its type', 'subscription { __typename }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'is beyond a limit',
      `subscription { ticked(id: "a") { ${[...Array(60).keys()].map((n) => `a${n}: count`).join(' ')} } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['has two fields', 'subscription { ticked(id: "a") { count } mine { count } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['is no GraphQL', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
  ])('an operation that %s does not begin', async (_what, operation, code) => {
    await start();
    const refused = await subscribe(way, operation);
    await eventually(async () => expect(codeOf(refused)).toBe(code));
    expect(shop.ticks.listeners).toBe(0);
  });

  it.each([
    ['expires', async () => shop.clock.advance(906_000)],
    ['belongs to a session that is ended', () => shop.redis.set(revokedSessionKey('session_1'), '1')],
  ])('a token that %s ends what was subscribed to with it, without any event', async (_what, end) => {
    await start();
    const client = await subscribe(way, 'subscription { mine { count } }', {});
    await shop.listening();
    await end();
    await shop.listening(0);
    if ('closes' in client) await eventually(async () => expect(client.closes).toMatchObject([{ code: 4403 }]));
    else {
      await eventually(async () => expect(client.end).toBeNull());
      expect(client.answers).toMatchObject([{ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] }]);
    }
    expect(await shop.metric('gateway_subscriptions_ended_total')).toMatchObject([{ labels: { reason: 'session' } }]);
  });

  it('no event reaches a session that has ended since the last look', async () => {
    await start({ SUBSCRIPTION_CHECK_MS: '600000' });
    const client = await subscribe(way, 'subscription { mine { count } }', {});
    await shop.listening();
    await shop.redis.set(revokedSessionKey('session_1'), '1');
    shop.ticks.tick(1);
    await shop.listening(0);
    expect(client.answers.filter((answer) => 'data' in answer)).toEqual([]);
  });

  it('a user has so many subscriptions open, and one more when one has ended', async () => {
    await start({ MAX_SUBSCRIPTIONS_PER_USER: '1' });
    const first = await subscribe(way, query, {});
    await shop.listening();
    const second = await subscribe(way, query, {});
    await eventually(async () => expect(codeOf(second)).toBe('RATE_LIMITED'));
    await subscribe(way, query, { sub: 'user_2' });
    await shop.listening(2);
    first.stop();
    await shop.listening(1);
    await subscribe(way, query, {});
    await shop.listening(2);
  });

  it('beginning one counts as a request', async () => {
    await start({ RATE_LIMIT_ANONYMOUS: '3/60' });
    const clients = [];
    for (let n = 0; n < 4; n += 1) clients.push(await subscribe(way, query));
    await eventually(async () => expect(await shop.metric('gateway_rate_limited_total')).not.toEqual([]));
    expect(shop.ticks.listeners).toBeLessThan(4);
  });

  it('a hash stands for a subscription that was sent before', async () => {
    await start();
    const persistedQuery = { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') };
    const send = async (text: string) => {
      const payload = { query: text, extensions: { persistedQuery } };
      return way === 'socket' ? shop.bySocket(payload) : shop.byEvents(payload);
    };
    const unknown = await send('');
    await eventually(async () => expect(codeOf(unknown as never)).toMatch(/PERSISTED_QUERY_NOT_FOUND|BAD_REQUEST/));
    await send(query);
    await shop.listening(1);
    if (way === 'events') return;
    await send('');
    await shop.listening(2);
  });

  it('a client that does not read is given up, and told so', async () => {
    await start({ SUBSCRIPTION_QUEUE: '5' });
    const client = await subscribe(way, 'subscription { ticked(id: "a") { count price text } }');
    await shop.listening();
    const { prices } = shop.subgraphs;
    if (!prices) throw new Error('there are prices');
    // The answers wait for it, and so the events wait for the answers.
    prices.behaviour.hangs = true;
    for (let count = 0; count < 20; count += 1) shop.ticks.tick(count);
    await shop.listening(0);
    prices.cut();
    const told = () => codeOf(client) ?? client.answers.at(-1)?.errors?.[0]?.extensions?.code;
    await eventually(async () => expect(told()).toBe('RATE_LIMITED'));
    expect(await shop.metric('gateway_subscriptions_ended_total')).toMatchObject([{ labels: { reason: 'slow' } }]);
  });

  it('closing the gateway ends it', async () => {
    await start();
    const client = await subscribe(way, query);
    await shop.listening();
    await shop.service.close();
    if ('closes' in client) await eventually(async () => expect(client.closes).toMatchObject([{ code: 1001 }]));
    else await eventually(async () => expect(client.end).toBeNull());
    await shop.listening(0);
  });
});

it('a POST that wants JSON is told how to subscribe', async () => {
  await start();
  const { status, errors } = await shop.post({ query });
  expect([status, errors?.[0]?.extensions.code]).toEqual([400, 'BAD_REQUEST']);
  expect(errors?.[0]?.message).toContain('text/event-stream');
});

it('a bad token opens neither a stream nor a socket', async () => {
  await start();
  const stream = await shop.byEvents({ query }, { authorization: 'Bearer nonsense' });
  expect(stream.status).toBe(401);
  const client = shop.socketClient({ Authorization: 'Bearer nonsense' });
  shop.bySocket({ query }, client);
  await eventually(async () => expect(client.closes).toMatchObject([{ code: 4403 }]));
  expect(shop.ticks.listeners).toBe(0);
});

it('sockets are refused to pages of other origins, at other paths, and beyond what an address may have', async () => {
  await start({ ALLOWED_ORIGINS: 'https://shop.example', MAX_SOCKETS_PER_ADDRESS: '2' });
  expect(await refusalOf(connected({ origin: 'https://evil.example' }))).toBe(403);
  expect(await refusalOf(connected({}, '/other'))).toBe(404);
  const open = [connected({ origin: 'https://shop.example' }), connected({ origin: shop.origin })];
  await Promise.all(open.map((socket) => once(socket, 'open')));
  expect(await refusalOf(connected())).toBe(429);
  open[0]?.terminate();
  await eventually(async () => {
    const again = connected();
    await once(again, 'open');
    again.terminate();
  });
});

it('a socket that says nothing is closed', async () => {
  await start({ SOCKET_INIT_TIMEOUT_MS: '30' });
  expect(await refusalOf(connected())).toBe(4408);
});

it('a socket that says too much, nonsense, or asks before it has said who it is, is closed', async () => {
  await start({ MAX_BODY_BYTES: '1000' });
  const said = async (text: string) => {
    const socket = connected();
    const closed = refusalOf(socket);
    await once(socket, 'open');
    socket.send(text);
    return closed;
  };
  expect(await said('x'.repeat(2_000))).toBe(1009);
  expect(await said('{"type":"nonsense"}')).toBe(4400);
  expect(await said('{"type":"subscribe","id":"1","payload":{"query":"subscription { mine { id } }"}}')).toBe(4401);
});

it('operations that are not on the list do not begin', async () => {
  await start({ PERSISTED_QUERIES: 'safelist' });
  const stream = await shop.byEvents({ query });
  const socket = shop.bySocket({ query });
  await eventually(async () =>
    expect([codeOf(stream), codeOf(socket as never)]).toEqual(Array(2).fill('PERSISTED_QUERY_NOT_IN_LIST')),
  );
});

it('rubbish in the address of a stream is a bad request', async () => {
  await start();
  const { statusCode, body } = await request(`${shop.url}?query=x&variables={`, {
    headers: { accept: 'text/event-stream' },
  });
  await body.dump();
  expect(statusCode).toBe(400);
});
