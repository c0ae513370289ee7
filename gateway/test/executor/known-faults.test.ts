import type { QueryPlan } from '@apollo/query-planner';
import { buildSchema, getOperationAST, parse } from 'graphql';
import { Executor, type ExecutorRequest } from '../../src/executor/executor';
import { before } from './small-graph';

const comments = ['one', 'two', 'three', 'four'];
const takeComments = (_post: unknown, { limit }: { limit: number }) => comments.slice(0, limit);

/** A field that requires another with an argument. */
const posts = () =>
  before({
    posts: [
      `type Query { post: Post }
       type Post @key(fields: "id") { id: ID! title: String comments(limit: Int!): [String!]! }`,
      {
        Query: { post: () => ({ id: 'p1', title: 'Hello' }) },
        Post: { __resolveReference: ({ id }: { id: string }) => ({ id, title: 'Hello' }), comments: takeComments },
      },
    ],
    stats: [
      `type Post @key(fields: "id") {
         id: ID! comments(limit: Int!): [String!]! @external
         top: String @requires(fields: "comments(limit: 3)")
         short: Int @requires(fields: "comments(limit: 2)")
       }`,
      {
        Post: {
          top: ({ comments: required }: { comments: string[] }) => required.join('+'),
          short: ({ comments: required }: { comments: string[] }) => required.length,
        },
      },
    ],
  });

describe('what a field requires', () => {
  it('does not change what the client asks of the same field', async () => {
    const { ours } = await posts();
    expect(await ours('{ post { comments(limit: 1) top } }')).toEqual({
      data: { post: { comments: ['one'], top: 'one+two+three' } },
      errors: [],
    });
  });

  it('does not meet an alias that is called like it, or like a key', async () => {
    const { ours } = await posts();
    expect(await ours('{ post { comments: title id: title top __typename: title } }')).toEqual({
      data: { post: { comments: 'Hello', id: 'Hello', top: 'one+two+three', __typename: 'Hello' } },
      errors: [],
    });
  });

  it('may be called like a name that is moved out of the way', async () => {
    const { ours } = await posts();
    expect(await ours('{ post { client__comments: title client__x: title comments(limit: 1) } }')).toEqual({
      data: { post: { client__comments: 'Hello', client__x: 'Hello', comments: ['one'] } },
      errors: [],
    });
  });
});

it('a key that can be resolved is taken, though one that cannot comes first', async () => {
  const { ours } = await before({
    accounts: [
      `type Query { account: Account }
       type Account @key(fields: "id", resolvable: false) @key(fields: "id tenant") { id: ID! tenant: ID! }`,
      { Query: { account: () => ({ id: 'a', tenant: 't' }) } },
    ],
    names: [
      `type Account @key(fields: "id", resolvable: false) @key(fields: "id tenant") { id: ID! tenant: ID! name: String owner: Owner }
       type Owner @key(fields: "id") { id: ID! account: Account }`,
      {
        Account: {
          __resolveReference: (reference: { tenant?: string }) => (reference.tenant === undefined ? null : reference),
          name: ({ id, tenant }: { id: string; tenant: string }) => `${id} of ${tenant}`,
          owner: () => ({ id: 'o' }),
        },
        Owner: { account: () => ({ id: 'b', tenant: 't' }) },
      },
    ],
    owners: [
      `type Query { owner: Owner } type Owner @key(fields: "id") { id: ID! }`,
      { Query: { owner: () => ({ id: 'o' }) } },
    ],
  });
  expect((await ours('{ account { name owner { account { name } } } owner { account { name } } }')).data).toEqual({
    account: { name: 'a of t', owner: { account: { name: 'b of t' } } },
    owner: { account: { name: 'b of t' } },
  });
});

describe('conditions', () => {
  const graph = () =>
    before({
      things: [
        `type Query { thing: Thing one: One } union Thing = One | Two
         type One @key(fields: "id") { id: ID! name: String size: Int! }
         type Two { id: ID! name: [String!] label: String weight: Float }`,
        {
          Query: {
            thing: () => ({ __typename: 'Two', id: '2', name: ['b'], label: 'two', weight: 1.5 }),
            one: () => ({ id: '1', name: 'a', size: 3 }),
          },
        },
      ],
      colours: [`type One @key(fields: "id") { id: ID! colour: String }`, { One: { colour: () => 'red' } }],
    });

  it('on one occurrence of a field leave the other', async () => {
    const { ours } = await graph();
    const query = 'query ($no: Boolean!) { one { colour @include(if: $no) name } one { ... { colour } } }';
    expect(await ours(query, { no: false })).toEqual({ data: { one: { colour: 'red', name: 'a' } }, errors: [] });
  });

  it('keep what is skipped from being fetched', async () => {
    const { ours, sent } = await graph();
    const query = 'query ($skip: Boolean = true) { one { name colour @skip(if: $skip) } }';
    expect(await ours(query)).toEqual({ data: { one: { name: 'a' } }, errors: [] });
    expect(sent.filter((call) => call.startsWith('colours'))).toEqual([]);
    expect(await ours(query, { skip: false })).toEqual({ data: { one: { name: 'a', colour: 'red' } }, errors: [] });
  });

  it('leave what nested fragments ask of a union to the member that it is', async () => {
    const { ours } = await graph();
    const query = `{ thing { ...F } }
      fragment F on Thing { ... on One { x: name } ... { ...G } }
      fragment G on Two { x: label y: weight }`;
    expect(await ours(query)).toEqual({ data: { thing: { x: 'two', y: 1.5 } }, errors: [] });
  });

  it('leave one name with two types to the members of a union', async () => {
    const { ours } = await graph();
    const query =
      '{ thing { ... on One { label: size } ... on Two { many: name ... on Thing { ... on Two { id } } } } }';
    expect(await ours(query)).toEqual({ data: { thing: { many: ['b'], id: '2' } }, errors: [] });
  });
});

it('what no subgraph can resolve is an error, and not null', async () => {
  // A planner that finds no way does not say so for mutations: its plan is empty.
  const executor = executorFor({ kind: 'QueryPlan' });
  const { data, errors } = await executor.execute(requestFor('mutation { touch }'));
  expect(data).toBeUndefined();
  expect(errors).toMatchObject([{ extensions: { code: 'INTERNAL' } }]);
  expect(await executor.execute(requestFor('mutation { t: __typename }'))).toMatchObject({
    data: { text: '{"t":"Mutation"}' },
  });
});

const schema = buildSchema('type Query { a: Int } type Mutation { touch: Int }');

function executorFor(plan: QueryPlan) {
  return new Executor({
    planner: {
      supergraph: schema,
      injected: { names: new Map(), onAnyType: new Set(), withArguments: new Set() },
      plan: () => plan,
    },
    callSubgraph: async () => ({ data: null, errors: [] }),
    maxBytes: 1_000_000,
    onPlanLookup: () => undefined,
  });
}

function requestFor(query: string): ExecutorRequest {
  const document = parse(query);
  const operation = getOperationAST(document);
  return {
    schema,
    document,
    operation,
    operationName: null,
    queryHash: query,
    request: {},
  } as unknown as ExecutorRequest;
}
