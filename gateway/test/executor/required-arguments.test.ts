import { before } from './small-graph';

const COMMENTS = ['one', 'two', 'three', 'four'];

interface Post {
  readonly id: string;
  readonly comments?: readonly string[];
}

const take = (_post: unknown, { limit = 4 }: { limit?: number }) => COMMENTS.slice(0, limit);
const joined = ({ comments = [] }: Post, { by = '+' }: { by?: string }) => comments.join(by);

/** Fields that require the same one with different arguments, in one subgraph and in another, and fields of these. */
const startGraph = () =>
  before({
    posts: [
      `type Query { post: Post posts: [Post!]! } type Mutation { publish: Post }
       type Post implements Page @key(fields: "id") { id: ID! title: String comments(limit: Int): [String!]! author: Author! }
       interface Page { id: ID! comments(limit: Int): [String!]! }
       type Author @key(fields: "id") { id: ID! page: Page! name(length: Int!): String! }`,
      {
        Query: { post: () => ({ id: 'p1' }), posts: () => [{ id: 'p1' }, { id: 'p2' }] },
        Mutation: { publish: () => ({ id: 'p3' }) },
        Post: { title: ({ id }: Post) => `title of ${id}`, comments: take, author: () => ({ id: 'a' }) },
        Page: { __resolveType: () => 'Post' },
        Author: {
          page: () => ({ id: 'p4' }),
          name: (_: unknown, { length }: { length: number }) => 'Ada Lovelace'.slice(0, length),
        },
      },
    ],
    stats: [
      `type Post @key(fields: "id") {
         id: ID! comments(limit: Int): [String!]! @external author: Author! @external
         three(by: String): String @requires(fields: "comments(limit: 3)")
         one(by: String): String @requires(fields: "comments(limit: 1)")
         all: String @requires(fields: "comments")
         again: String @requires(fields: "comments(limit: 3)")
         initials: String @requires(fields: "author { name(length: 1) }")
         first: String @requires(fields: "author { name(length: 3) }")
         size: Int
       }
       type Author @key(fields: "id") { id: ID! name(length: Int!): String! @external }`,
      {
        Post: {
          three: joined,
          one: joined,
          all: joined,
          again: joined,
          initials: ({ author }: { author: { name: string } }) => author.name,
          first: ({ author }: { author: { name: string } }) => author.name,
          size: () => 7,
        },
      },
    ],
    ranks: [
      `type Post @key(fields: "id") {
         id: ID! comments(limit: Int): [String!]! @external three(by: String): String @external one(by: String): String @external
         two: String @requires(fields: "comments(limit: 2)")
         both: String @requires(fields: "three(by: \\"-\\") one")
         dashed: String @requires(fields: "three(by: \\"_\\")")
       }`,
      {
        Post: {
          two: joined,
          both: ({ three, one }: Record<string, string>) => `${three}/${one}`,
          dashed: ({ three }: Record<string, string>) => three,
        },
      },
    ],
  });

let graph: Awaited<ReturnType<typeof startGraph>>;
beforeAll(async () => {
  graph = await startGraph();
});

it.each<[string, string, unknown]>([
  ['in one subgraph', '{ post { three one } }', { three: 'one+two+three', one: 'one' }],
  ['in two subgraphs', '{ post { three two } }', { three: 'one+two+three', two: 'one+two' }],
  ['with and without arguments', '{ post { all one } }', { all: 'one+two+three+four', one: 'one' }],
  ['alike', '{ post { three again size } }', { three: 'one+two+three', again: 'one+two+three', size: 7 }],
  ['within what is required', '{ post { initials first } }', { initials: 'A', first: 'Ada' }],
  [
    'of what has requirements itself',
    '{ post { both dashed } }',
    { both: 'one-two-three/one', dashed: 'one_two_three' },
  ],
  [
    'beside what the client asks of it',
    '{ post { comments(limit: 2) all one required1__comments: title } }',
    { comments: ['one', 'two'], all: 'one+two+three+four', one: 'one', required1__comments: 'title of p1' },
  ],
  [
    'by fields with variables',
    'query ($by: String = ", ", $other: String = "!") { post { three(by: $by) one two again x: three(by: $other) } }',
    { three: 'one, two, three', one: 'one', two: 'one+two', again: 'one+two+three', x: 'one!two!three' },
  ],
  [
    'through fragments',
    `{ post { ...Some ... { one ...Some } title } } fragment Some on Post { three size one again all }`,
    {
      three: 'one+two+three',
      size: 7,
      one: 'one',
      again: 'one+two+three',
      all: 'one+two+three+four',
      title: 'title of p1',
    },
  ],
  [
    'under conditions',
    'query ($no: Boolean = false) { post { three @skip(if: $no) one @include(if: $no) two } }',
    { three: 'one+two+three', two: 'one+two' },
  ],
  [
    'behind an interface',
    '{ post { author { page { comments(limit: 1) ... on Post { three one two } } } } }',
    { author: { page: { comments: ['one'], three: 'one+two+three', one: 'one', two: 'one+two' } } },
  ],
])('fields that require the same one %s get theirs', async (_where, query, post) => {
  expect(await graph.ours(query)).toEqual({ data: { post }, errors: [] });
});

it('every element of a list gets its own, and nothing is asked more often than it has to', async () => {
  const { ours, sent } = graph;
  sent.splice(0);
  const post = { three: 'one+two+three', one: 'one', again: 'one+two+three', two: 'one+two', size: 7 };
  expect(await ours('{ posts { three one again two size } }')).toEqual({ data: { posts: [post, post] }, errors: [] });
  expect(sent.map((call) => call.slice(0, call.indexOf(':'))).sort()).toEqual(['posts', 'ranks', 'stats', 'stats']);
});

it('a mutation is executed once', async () => {
  const { ours, sent } = graph;
  sent.splice(0);
  expect(await ours('mutation { publish { three one two } }')).toEqual({
    data: { publish: { three: 'one+two+three', one: 'one', two: 'one+two' } },
    errors: [],
  });
  expect(sent.filter((call) => call.includes('mutation'))).toHaveLength(1);
});

it('clients do not see what stands for a required field', async () => {
  const { ours } = graph;
  const { data } = await ours('{ __type(name: "Post") { fields { name } } }');
  expect(JSON.stringify(data)).not.toContain('required');
});

it('what is required without arguments is not what the client asks for with some', async () => {
  const { ours } = await before({
    posts: [
      'type Query { post: Post } type Post @key(fields: "id") { id: ID! comments(limit: Int): [String!]! }',
      { Query: { post: () => ({ id: 'p1' }) }, Post: { comments: take } },
    ],
    stats: [
      `type Post @key(fields: "id") {
         id: ID! comments(limit: Int): [String!]! @external all: String @requires(fields: "comments")
       }`,
      { Post: { all: joined } },
    ],
  });
  expect(await ours('{ post { comments(limit: 1) all } }')).toEqual({
    data: { post: { comments: ['one'], all: 'one+two+three+four' } },
    errors: [],
  });
});
