import { once } from 'node:events';
import { startReviewGraph } from './review-graph';

let graph: Awaited<ReturnType<typeof startReviewGraph>>;
beforeAll(async () => {
  graph = await startReviewGraph({ SUBGRAPH_TIMEOUT_MS: '500', REQUEST_TIMEOUT_MS: '1000' });
});
afterAll(() => graph.stop());
afterEach(() => graph.reset());

const answerTo = async (query: string, variables?: unknown) =>
  JSON.parse((await graph.send(query, variables)).text) as unknown;

describe('entities', () => {
  it('are asked for once, however often they occur', async () => {
    const { data } = await graph.send('{ reviews { author { name } } }');
    expect(data).toEqual({
      reviews: Array.from({ length: 20 }, (_, index) => ({ author: { name: index % 2 === 0 ? 'Ada' : 'Bob' } })),
    });
    expect(graph.subgraphs.users.calls.map(({ variables }) => variables)).toEqual([
      {
        representations: [
          { __typename: 'User', id: 'u0' },
          { __typename: 'User', id: 'u1' },
        ],
      },
    ]);
  });

  it('are not asked for when there are none, or nothing is wanted of them', async () => {
    expect(await answerTo('{ reviews(first: 0) { author { name } } }')).toEqual({ data: { reviews: [] } });
    expect(
      await answerTo('query ($no: Boolean!) { best { author { id name @include(if: $no) } } }', { no: false }),
    ).toEqual({
      data: { best: { author: { id: 'u0' } } },
    });
    expect(graph.subgraphs.users.calls).toEqual([]);
  });
});

describe('type names', () => {
  it('are answered everywhere, under any name, without asking anybody where nobody has to be asked', async () => {
    expect(await answerTo('{ __typename a: __typename ...{ b: __typename } }')).toEqual({
      data: { __typename: 'Query', a: 'Query', b: 'Query' },
    });
    expect(await answerTo('mutation { __typename }')).toEqual({ data: { __typename: 'Mutation' } });
    expect([...graph.subgraphs.users.calls, ...graph.subgraphs.reviews.calls]).toEqual([]);
    expect(
      await answerTo('{ best { t: __typename author { __typename t: __typename email } } me { __typename } }'),
    ).toEqual({
      data: {
        best: { t: 'Review', author: { __typename: 'User', t: 'User', email: 'ada@example.com' } },
        me: { __typename: 'User' },
      },
    });
  });

  it('stand beside introspection and data', async () => {
    const query =
      'query ($name: String = "Role") { __type(name: $name) { kind values: enumValues { name } } me { id } }';
    expect(await answerTo(query)).toEqual({
      data: { __type: { kind: 'ENUM', values: [{ name: 'ADMIN' }, { name: 'CUSTOMER' }] }, me: { id: 'u0' } },
    });
    const { data } = await graph.send('{ __schema { queryType { name } types { name } } }');
    expect(data).toMatchObject({ __schema: { queryType: { name: 'Query' } } });
    expect(JSON.stringify(data)).not.toMatch(/join__|_Entity|_Any/);
  });
});

describe('variables', () => {
  it.each<[string, string, unknown, object]>([
    [
      'null for all of them',
      'query ($limit: Int = 5) { search(by: {}, limit: $limit) }',
      null,
      { limit: 5, by: { role: 'ADMIN' } },
    ],
    [
      'none, into a field that has a default',
      'query ($limit: Int) { search(by: {}, limit: $limit) }',
      {},
      { by: { role: 'ADMIN' }, limit: 2 },
    ],
    [
      'within lists within inputs',
      'query ($word: String, $role: Role!) { search(by: { any: [{ words: ["a", $word] }, { role: $role }], words: [$word] }) }',
      { word: 'b', role: 'CUSTOMER' },
      {
        by: { any: [{ words: ['a', 'b'], role: 'ADMIN' }, { role: 'CUSTOMER' }], words: ['b'], role: 'ADMIN' },
        limit: 2,
      },
    ],
    [
      'whole inputs, of which some is left out',
      'query ($by: Search! = { words: ["x"] }) { search(by: $by) }',
      { by: { any: { words: 'one' } } },
      { by: { any: [{ words: ['one'], role: 'ADMIN' }], role: 'ADMIN' }, limit: 2 },
    ],
  ])('may be %s', async (_what, query, variables, args) => {
    const { data } = (await answerTo(query, variables)) as { data: { search: string } };
    expect(JSON.parse(data.search)).toEqual(args);
  });

  it('may not be null where a default does not help', async () => {
    const query = 'query ($limit: Int) { search(by: {}, limit: $limit) }';
    expect(await answerTo(query, { limit: null })).toMatchObject({
      data: { search: null },
      errors: [{ path: ['search'] }],
    });
  });

  it.each<[string, unknown]>([
    ['of no known value', { role: 'OWNER' }],
    ['null', { role: null }],
    ['missing', {}],
    ['of another type', { role: 1 }],
  ])('that are %s are refused before anybody is asked', async (_what, variables) => {
    const { status, text } = await graph.send('query ($role: Role!) { search(by: { role: $role }) }', variables);
    expect([status, JSON.parse(text)]).toMatchObject([400, { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] }]);
    expect(graph.subgraphs.users.calls).toEqual([]);
  });
});

describe('mutations', () => {
  it('run one after the other, each as often as it is written, even when one fails', async () => {
    const running = new Set<string>();
    const order: string[] = [];
    const note =
      (subgraph: string) => (call: { query: string }, response: { end(text: string): void }, answer: string) => {
        expect(running.size).toBe(0);
        running.add(subgraph);
        order.push(subgraph);
        setTimeout(() => {
          running.delete(subgraph);
          response.end(
            call.query.includes('review')
              ? '{"data":{"c":null},"errors":[{"message":"No.","path":["c"],"extensions":{"code":"CONFLICT"}}]}'
              : answer,
          );
        }, 20);
      };
    graph.subgraphs.users.behave(note('users'));
    graph.subgraphs.reviews.behave(note('reviews'));
    const answer = await answerTo(
      'mutation { a: touch b: touch c: review(text: "x") { id } d: touch e: rename(name: "Eve") { name } }',
    );
    expect(answer).toEqual({
      errors: [{ message: 'No.', path: ['c'], extensions: { code: 'CONFLICT' } }],
      data: { a: 1, b: 1, c: null, d: 1, e: { name: 'Eve' } },
    });
    expect(order).toEqual(['users', 'reviews', 'users']);
    const sent = graph.subgraphs.users.calls.map(({ query }) => query.match(/touch|rename/g));
    expect(sent).toEqual([
      ['touch', 'touch'],
      ['touch', 'rename'],
    ]);
  });

  it('are never sent again', async () => {
    graph.subgraphs.users.behave((_call, response) => response.destroy());
    expect(await answerTo('mutation { rename(name: "x") { id } }')).toMatchObject({ data: { rename: null } });
    expect(graph.subgraphs.users.calls).toHaveLength(1);
  });

  it('ask for entities afterwards, once each', async () => {
    expect(await answerTo('mutation { review(text: "x") { text author { name } } }')).toEqual({
      data: { review: { text: 'x', author: { name: 'Ada' } } },
    });
    expect(graph.subgraphs.reviews.calls).toHaveLength(1);
    expect(graph.subgraphs.users.calls).toHaveLength(1);
  });
});

describe('time', () => {
  it('that is up leaves what is there, and says where it was up', async () => {
    graph.subgraphs.users.behave(() => undefined);
    expect(await answerTo('{ best { text author { id email } } }')).toEqual({
      errors: [{ message: 'This took too long.', path: ['best', 'author', 'email'], extensions: { code: 'TIMEOUT' } }],
      data: { best: { text: 'text 0', author: { id: 'u0', email: null } } },
    });
  });

  it('that the client does not take ends everything that was asked for it', async () => {
    const left = new AbortController();
    const arrived: Promise<unknown>[] = [];
    const closed: Promise<unknown>[] = [];
    for (const subgraph of Object.values(graph.subgraphs)) {
      arrived.push(
        new Promise((resolve) =>
          subgraph.behave((_call, _response, _answer, { socket }) => {
            closed.push(once(socket, 'close'));
            resolve(null);
          }),
        ),
      );
    }
    const answer = graph
      .send('{ best { text } me { email } }', {}, left.signal)
      .catch((error: unknown) => (error as Error).name);
    await Promise.all(arrived);
    const start = performance.now();
    left.abort();
    expect(await answer).toBe('AbortError');
    await Promise.all(closed);
    // Not because the calls took too long.
    expect(performance.now() - start).toBeLessThan(400);
    expect(closed).toHaveLength(2);
  });
});
