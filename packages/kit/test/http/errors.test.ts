import { startThings } from './start-things';

let things: Awaited<ReturnType<typeof startThings>>;
beforeAll(async () => {
  things = await startThings();
});
afterAll(() => things.service.close());

const linesOf = (requestId: string) => things.lines().filter((line) => JSON.stringify(line).includes(requestId));

describe('an error in a resolver', () => {
  it('reaches the client as it is when the client may know it, and is not logged', async () => {
    const { json } = await things.ask('{ fail(how: "conflict") }', {}, { 'x-request-id': 'req_known' });
    expect(json.errors).toMatchObject([
      {
        message: expect.stringContaining('changed meanwhile') as string,
        path: ['fail'],
        extensions: { code: 'CONFLICT' },
      },
    ]);
    expect(linesOf('req_known')).toEqual([]);
  });

  it('reaches the client masked when it is unexpected, and the log with the request id and the trace', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const headers = { 'x-request-id': 'req_masked', traceparent };
    const { text, json } = await things.ask('query Failing { fail(how: "unexpected") }', {}, headers);
    expect(json.errors).toEqual([
      expect.objectContaining({
        message: 'Something went wrong on our side.',
        path: ['fail'],
        extensions: { code: 'INTERNAL' },
      }),
    ]);
    expect(text).not.toMatch(/ECONNREFUSED|mongo|stack|at /);
    expect(linesOf('req_masked')).toMatchObject([
      {
        'log.level': 'error',
        message: 'unexpected error',
        'http.request.id': 'req_masked',
        'trace.id': '0af7651916cd43dd8448eb211c80319c',
        operationName: 'Failing',
        path: ['fail'],
        error: { message: 'connect ECONNREFUSED mongo-7.internal:27017' },
      },
    ]);
  });
});

describe('a request that does not fit', () => {
  it.each([
    ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ call', 'GRAPHQL_PARSE_FAILED'],
    ['query A { call } query B { call }', 'OPERATION_RESOLUTION_FAILURE'],
    ['query ($how: String!) { fail(how: $how) }', 'BAD_USER_INPUT'],
  ])('%s is answered with %s', async (query, code) => {
    const { json } = await things.ask(query);
    expect(json.errors).toMatchObject([{ extensions: { code } }]);
  });

  it('is refused when it has more than 20 levels, fragments written out', async () => {
    const nested = (levels: number): string => (levels === 0 ? 'id' : `inner { ${nested(levels - 1)} }`);
    const ofLevels = (levels: number) => `{ thing(id: "1") { ${nested(levels - 2)} } }`;
    expect((await things.ask(ofLevels(20))).json.errors).toBeUndefined();
    const refused = { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } };
    expect((await things.ask(ofLevels(21))).json.errors).toMatchObject([refused]);

    const inFragments = (levels: number) =>
      `{ thing(id: "1") { ...Half } } fragment Half on Thing { inner { ...Rest } } fragment Rest on Thing { ${nested(levels - 3)} }`;
    expect((await things.ask(inFragments(20))).json.errors).toBeUndefined();
    expect((await things.ask(inFragments(21))).json.errors).toMatchObject([refused]);
  });

  it('is refused when its fragments go in circles', async () => {
    const query =
      '{ thing(id: "1") { ...A } } fragment A on Thing { inner { ...B } } fragment B on Thing { inner { ...A } }';
    expect((await things.ask(query)).json.errors).toMatchObject([
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
  });
});
