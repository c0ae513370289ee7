import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { allow, signingKeysSchema } from '@shopgraph/kit';
import { GraphQLScalarType } from 'graphql';
import { request } from 'undici';
import { open, scores } from './shop';
import { SIGNING_KEYS, startShop } from './start-gateway';
import { startSubgraph, type SubgraphDefinition } from './start-subgraph';

const refuseAll = (): never => {
  throw new Error('this is no day');
};

/** With a scalar that the gateway knows by name only. */
const calendar: SubgraphDefinition = {
  name: 'calendar',
  typeDefs: /* GraphQL */ `
    scalar Day
    type Query {
      holiday(day: Day): String
      today: String
    }
  `,
  resolvers: {
    Day: new GraphQLScalarType({ name: 'Day', parseValue: refuseAll, parseLiteral: refuseAll }),
    Query: { holiday: () => 'Easter', today: () => 'Monday' },
  },
};

let shop: Awaited<ReturnType<typeof startShop>>;
afterEach(() => shop.stop());

describe('input that only the subgraph can judge', () => {
  beforeEach(async () => {
    const table = { Query: open('best', 'holiday', 'today'), User: allow };
    shop = await startShop({}, [scores, calendar], () => table);
  });

  it.each<[string, string, object]>([
    ['in a variable', 'query ($day: Day) { best holiday(day: $day) }', { day: 'x' }],
    ['in the document', '{ best holiday(day: "x") }', {}],
  ])('%s is the fault of the client', async (_where, query, variables) => {
    const { status, data, errors } = await shop.send(query, variables);
    expect([status, data]).toEqual([200, { best: 7, holiday: null }]);
    expect(errors).toMatchObject([
      { path: ['holiday'], message: expect.stringContaining('this is no day'), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });

  it('that is nested too deeply to be sent on is the fault of the client, too', async () => {
    // Deeper than JSON.stringify goes, so that it is written by hand.
    const day = '['.repeat(100_000) + ']'.repeat(100_000);
    const body = `{"query":"query ($day: Day) { best holiday(day: $day) }","variables":{"day":${day}}}`;
    const headers = { 'content-type': 'application/json' };
    const answer = await request(shop.url, { method: 'POST', headers, body });
    expect(await answer.body.json()).toMatchObject({
      data: { best: 7, holiday: null },
      errors: [{ path: ['holiday'], extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });

  it('spoils everything that was asked in the same call, and says so', async () => {
    const { data, errors } = await shop.send('query ($day: Day) { today holiday(day: $day) }', { day: 'x' });
    expect(data).toEqual({ today: null, holiday: null });
    expect(errors?.map(({ path }) => path)).toEqual([['today'], ['holiday']]);
  });
});

describe('what is no answer', () => {
  const badAnswer = { status: 200, body: '' };
  const server = createServer((_request, response) => {
    response.statusCode = badAnswer.status;
    response.end(badAnswer.body);
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(async () => {
    shop = await startShop({
      SUBGRAPH_URLS: `scores=http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    });
  });

  const unknownField = { message: 'Cannot query field "best".', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } };

  it.each([
    ['a page of a proxy', 502, '<h1>Bad gateway at proxy.internal</h1>', 'UNAVAILABLE'],
    ['a page that claims to be fine', 200, '<h1>Hello from proxy.internal</h1>', 'UNAVAILABLE'],
    ['JSON of another shape', 200, '{"data": [1], "host": "proxy.internal"}', 'UNAVAILABLE'],
    ['a refusal of the whole request', 400, JSON.stringify({ errors: [unknownField] }), 'UNAVAILABLE'],
    ['a fault of ours beside data', 200, JSON.stringify({ data: null, errors: [unknownField] }), 'INTERNAL'],
    [
      'an unexpected error that is not masked',
      200,
      JSON.stringify({
        data: { best: null },
        errors: [{ message: 'proxy.internal', path: ['best'], extensions: { code: 'INTERNAL' } }],
      }),
      'INTERNAL',
    ],
    [
      'a code that nobody knows',
      200,
      JSON.stringify({
        data: { best: null },
        errors: [{ message: 'proxy.internal', path: ['best'], extensions: { code: 'E11000' } }],
      }),
      'INTERNAL',
    ],
  ])('such as %s, becomes an error that tells nothing', async (_what, status, body, code) => {
    Object.assign(badAnswer, { status, body });
    const { data, errors, text } = await shop.send('{ me { name } best }');
    expect(data).toEqual({ me: { name: 'Ada' }, best: null });
    expect(errors).toMatchObject([{ extensions: { code } }]);
    expect(text).not.toMatch(/proxy\.internal|Cannot query/);
    expect(JSON.stringify(shop.logged)).toMatch(/proxy\.internal|Cannot query|no answer/);
  });

  it('tells the client where the failure belongs when the subgraph does not', async () => {
    const failure = { message: 'Not now.', extensions: { code: 'CONFLICT' } };
    Object.assign(badAnswer, { status: 200, body: JSON.stringify({ data: null, errors: [failure] }) });
    const { errors } = await shop.send('{ first: best second: best }');
    expect(errors).toEqual([
      { message: 'Not now.', path: ['first'], extensions: { code: 'CONFLICT' } },
      { message: 'Not now.', path: ['second'], extensions: { code: 'CONFLICT' } },
    ]);
  });
});

describe('settings for a subgraph that does not exist', () => {
  it('are named in the log', async () => {
    shop = await startShop({ SUBGRAPH_URLS: 'scroes=http://127.0.0.1:9/graphql', SUBGRAPH_TIMEOUTS: 'users=100' });
    expect(shop.logged.filter(({ msg }) => msg.includes('settings for'))).toMatchObject([{ unknown: ['scroes'] }]);
  });
});

describe('a subgraph at another address than the supergraph says', () => {
  it('is asked where it is', async () => {
    shop = await startShop();
    const moved = await startSubgraph(
      { ...scores, resolvers: { ...scores.resolvers, Query: { best: () => 8 } } },
      signingKeysSchema.parse(SIGNING_KEYS),
      shop.clock,
    );
    await shop.stop();
    shop = await startShop({ SUBGRAPH_URLS: `scores=${moved.url}` });
    expect((await shop.send('{ best }')).data).toEqual({ best: 8 });
    await moved.stop();
  });
});
