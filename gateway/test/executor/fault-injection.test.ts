import { gzipSync } from 'node:zlib';
import type { Behaviour, ReceivedCall } from './http-graph';
import { startReviewGraph } from './review-graph';

/** Root, two entity calls in parallel, and one that waits for one of them. */
const QUERY = '{ best { text author { email reviews { text author { age } } } } me { role } }';

const isEntityCall = ({ query }: ReceivedCall) => query.includes('_entities');
type Place = readonly [
  where: string,
  subgraph: 'reviews' | 'users',
  isMeant: (call: ReceivedCall) => boolean,
  data: unknown,
  paths: readonly string[],
];

const author = { email: 'ada@example.com', reviews: [{ text: 'text 0', author: { age: 36 } }] };
const best = { text: 'text 0', author };
const me = { role: 'ADMIN' };

/** Each call of the plan: what is left of the answer when it fails, and which fields have errors. */
const PLACES: readonly Place[] = [
  ['a root call', 'users', (call) => !isEntityCall(call), { best, me: null }, ['me']],
  ['the other root call', 'reviews', () => true, { best: null, me }, ['best']],
  [
    'an entity call',
    'users',
    (call) => call.query.includes('email'),
    { best: { ...best, author: { ...author, email: null } }, me },
    ['best.author.email'],
  ],
  [
    'a call of the second level',
    'users',
    (call) => call.query.includes('age'),
    { best: { ...best, author: { ...author, reviews: [{ text: 'text 0', author: { age: null } }] } }, me },
    ['best.author.reviews.0.author.age'],
  ],
];

const LEAK = /db\.internal|127\.0\.0\.1|localhost|ECONN|socket|undici|HTTP|stack|<h1>/;
const errors = [{ message: 'db.internal is down', extensions: { code: 'DB_DOWN', host: 'db.internal' } }];
const json =
  (status: number, value: unknown): Behaviour =>
  (_call, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

type Fault = readonly [what: string, code: 'TIMEOUT' | 'UNAVAILABLE' | 'INTERNAL', behaviour: Behaviour];

const FAULTS: readonly Fault[] = [
  [
    'answers too late',
    'TIMEOUT',
    (_call, response, answer) => void setTimeout(() => response.end(answer), 1_500).unref(),
  ],
  ['never answers', 'TIMEOUT', () => undefined],
  ['begins to answer and goes on forever', 'TIMEOUT', (_call, response) => response.write('{"data":')],
  ['closes before it answers', 'UNAVAILABLE', (_call, _response, _answer, incoming) => incoming.socket.destroy()],
  ['resets the connection', 'UNAVAILABLE', (_call, _response, _answer, incoming) => incoming.socket.resetAndDestroy()],
  [
    'closes after the headers',
    'UNAVAILABLE',
    (_call, response) => {
      response.writeHead(200, { 'content-length': '100' }).flushHeaders();
      setImmediate(() => response.destroy());
    },
  ],
  [
    'closes within the body',
    'UNAVAILABLE',
    (_call, response, answer) => {
      response
        .writeHead(200, { 'content-length': String(answer.length) })
        .write(answer.slice(0, 9), () => response.destroy());
    },
  ],
  [
    'answers half of the JSON',
    'UNAVAILABLE',
    (_call, response, answer) => response.end(answer.slice(0, answer.length / 2)),
  ],
  [
    'answers HTML',
    'UNAVAILABLE',
    (_call, response) => response.setHeader('content-type', 'text/html').end('<h1>db.internal</h1>'),
  ],
  ['answers 500 with JSON', 'UNAVAILABLE', json(500, { error: 'db.internal' })],
  ['answers 500 with an error', 'UNAVAILABLE', json(500, { errors })],
  ['answers 500 with an error and data', 'UNAVAILABLE', json(500, { data: { best: { text: 'x' } }, errors })],
  ['answers 401', 'UNAVAILABLE', json(401, { errors: [{ message: 'who?', extensions: { code: 'UNAUTHENTICATED' } }] })],
  ['answers 404', 'UNAVAILABLE', json(404, {})],
  [
    'answers more than may be',
    'UNAVAILABLE',
    (_call, response) => response.end(`{"data":{"more":"${'x'.repeat(200_000)}"}}`),
  ],
  ['answers more than may be, in pieces', 'UNAVAILABLE', (_call, response) => void forever(response)],
  ['answers nothing', 'UNAVAILABLE', (_call, response) => response.end()],
  ['answers an empty object', 'UNAVAILABLE', json(200, {})],
  ['answers a list', 'UNAVAILABLE', json(200, [])],
  ['answers null', 'UNAVAILABLE', json(200, null)],
  ['answers neither data nor errors', 'UNAVAILABLE', json(200, { data: null })],
  ['answers an error without data', 'INTERNAL', json(200, { errors })],
  [
    'answers compressed, unasked',
    'UNAVAILABLE',
    (_call, response, answer) => response.setHeader('content-encoding', 'gzip').end(gzipSync(answer)),
  ],
  ['answers what is no text', 'UNAVAILABLE', (_call, response) => response.end(Buffer.from([0xff, 0xfe, 0x00, 0xd8]))],
];

/** As fast as the connection takes it, until it is closed. */
function forever(response: Parameters<Behaviour>[1]): void {
  response.on('error', () => undefined);
  const more = () => {
    if (!response.destroyed) response.write('x'.repeat(10_000), more);
  };
  more();
}

let graph: Awaited<ReturnType<typeof startReviewGraph>>;
const rejections: unknown[] = [];
const noteRejection = (reason: unknown) => rejections.push(reason);
beforeAll(async () => {
  process.on('unhandledRejection', noteRejection);
  graph = await startReviewGraph({
    SUBGRAPH_TIMEOUT_MS: '600',
    SUBGRAPH_CONNECTIONS: '4',
    MAX_SUBGRAPH_ANSWER_BYTES: '100000',
  });
});
afterAll(async () => {
  await graph.stop();
  process.off('unhandledRejection', noteRejection);
});
afterEach(() => graph.reset());

const healthy = () => expect(graph.send(QUERY)).resolves.toMatchObject({ status: 200, data: { best, me } });

describe.each(FAULTS)('a subgraph that %s', (_what, code, behaviour) => {
  it('spoils what it was asked, says so, and nothing else', async () => {
    for (const [where, subgraph, isMeant, data, paths] of PLACES) {
      graph.subgraphs[subgraph].behave((call, response, answer, incoming) =>
        isMeant(call) ? behaviour(call, response, answer, incoming) : response.end(answer),
      );
      const answer = await graph.send(QUERY);
      const found = answer.errors?.map(({ path = [], extensions }) => [path.join('.'), extensions]);
      expect({ where, data: answer.data, found }).toEqual({
        where,
        data,
        found: paths.map((path) => [path, { code }]),
      });
      expect(answer.text).not.toMatch(LEAK);
      graph.reset();
    }
    await healthy();
  });
});

describe('an answer about entities that are not those asked for', () => {
  it.each([
    [
      'too many',
      [
        { email: 'a', age: 1 },
        { email: 'b', age: 2 },
      ],
    ],
    ['none', []],
    ['null', null],
    ['no list', { email: 'a' }],
    ['missing', undefined],
  ])("(%s) is nobody's answer", async (_what, entities) => {
    graph.subgraphs.users.behave((call, response, answer) =>
      call.query.includes('email')
        ? json(200, { data: { _entities: entities } })(call, response, answer, response.req)
        : response.end(answer),
    );
    const { data, errors: found } = await graph.send(QUERY);
    expect(data).toEqual({ best: { ...best, author: { ...author, email: null } }, me });
    expect(found).toEqual([
      { message: 'Something went wrong on our side.', path: ['best', 'author'], extensions: { code: 'INTERNAL' } },
    ]);
    graph.reset();
    await healthy();
  });
});

it('an answer is read whatever its content type and characters', async () => {
  graph.subgraphs.users.behave((_call, response) =>
    response
      .setHeader('content-type', 'text/plain')
      .end(Buffer.from([...Buffer.from('{"data":{"me":{"name":"'), 0xff, ...Buffer.from('"}}}')])),
  );
  expect((await graph.send('{ me { name } }')).data).toEqual({ me: { name: '\ufffd' } });
});

it('faults leave no connection behind, and nothing unhandled', async () => {
  await Promise.all(Array.from({ length: 20 }, () => graph.send(QUERY)));
  for (const { sockets } of Object.values(graph.subgraphs)) expect(sockets.size).toBeLessThanOrEqual(4);
  expect(rejections).toEqual([]);
});
