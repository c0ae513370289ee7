import { answering, type Behaviour } from './http-graph';
import { startReviewGraph } from './review-graph';

type Graph = Awaited<ReturnType<typeof startReviewGraph>>;

interface Row {
  readonly title: string;
  readonly query: string;
  readonly variables?: Record<string, unknown> | null;
  readonly reviews?: Behaviour;
  readonly users?: Behaviour;
  /** The whole answer. */
  readonly answer: unknown;
}

let graph: Graph;
beforeAll(async () => {
  graph = await startReviewGraph({ SUBGRAPH_TIMEOUT_MS: '10000' });
});
afterAll(() => graph.stop());
afterEach(() => graph.reset());

const entities = (...values: unknown[]) => answering({ data: { _entities: values } });
const INTERNAL = { code: 'INTERNAL' };
const masked = (...path: (string | number)[]) => ({
  message: 'Something went wrong on our side.',
  path,
  extensions: INTERNAL,
});
const unavailable = (...path: (string | number)[]) => ({
  message: 'This cannot be reached at the moment.',
  path,
  extensions: { code: 'UNAVAILABLE' },
});
const conflict = (path?: (string | number)[]) => ({
  message: 'Changed.',
  ...(path && { path }),
  extensions: { code: 'CONFLICT', stack: ['at db.internal'], host: 'db.internal' },
});
const shown = (...path: (string | number)[]) => ({ message: 'Changed.', path, extensions: { code: 'CONFLICT' } });

describe('errors stand where the client has its fields', () => {
  it.each<Row>([
    {
      title: 'under its aliases, in lists, for every place of an entity that was asked for once',
      query: '{ all: reviews(first: 3) { who: author { called: name } } }',
      users: answering({
        data: { _entities: [null, { called: 'Bob' }] },
        errors: [conflict(['_entities', 0, 'called'])],
      }),
      answer: {
        errors: [shown('all', 0, 'who', 'called'), shown('all', 2, 'who', 'called')],
        data: { all: [{ who: null }, { who: { called: 'Bob' } }, { who: null }] },
      },
    },
    {
      title: 'without an index, at all entities',
      query: '{ reviews(first: 2) { author { email } } }',
      users: answering({ data: null, errors: [conflict(['_entities'])] }),
      answer: {
        errors: [shown('reviews', 0, 'author'), shown('reviews', 1, 'author')],
        data: { reviews: [{ author: { email: null } }, { author: { email: null } }] },
      },
    },
    {
      title: 'without a path, at every field that was asked for',
      query: '{ reviews(first: 1) { author { email age } } }',
      users: answering({ data: null, errors: [conflict()] }),
      answer: {
        errors: [shown('reviews', 0, 'author', 'email'), shown('reviews', 0, 'author', 'age')],
        data: { reviews: [{ author: { email: null, age: null } }] },
      },
    },
    {
      title: 'all of them, of both subgraphs',
      query: '{ me { email reviews { text } } best { text } }',
      reviews: ({ query }, response) =>
        response.end(
          JSON.stringify(
            query.includes('_entities')
              ? { data: { _entities: [{ reviews: null }] }, errors: [conflict(['_entities', 0, 'reviews'])] }
              : { data: { best: { text: null } }, errors: [conflict(['best', 'text']), conflict(['best', 'text'])] },
          ),
        ),
      users: answering({
        data: { me: { __typename: 'User', id: 'u0', email: null } },
        errors: [conflict(['me', 'email'])],
      }),
      answer: {
        errors: expect.arrayContaining([
          shown('me', 'email'),
          shown('me', 'reviews'),
          shown('best', 'text'),
          shown('best', 'text'),
        ]),
        data: { me: { email: null, reviews: null }, best: { text: null } },
      },
    },
    {
      title: 'when a subgraph cannot be reached',
      query: '{ best { text author { n: name } } }',
      users: (_call, response) => response.destroy(),
      answer: { errors: [unavailable('best', 'author', 'n')], data: { best: { text: 'text 0', author: null } } },
    },
    {
      title: 'and tell nothing of what is inside',
      query: '{ best { text author { email } } }',
      users: (_call, response) => response.writeHead(500).end('panic: postgres://db.internal:5432 at main.go:1'),
      answer: {
        errors: [unavailable('best', 'author', 'email')],
        data: { best: { text: 'text 0', author: { email: null } } },
      },
    },
  ])('$title', check);
});

describe('null goes as far as the schema says, and no further', () => {
  it.each<Row>([
    {
      title: 'a missing entity is null in its nullable fields',
      query: '{ best { text author { id email } } }',
      users: entities(null),
      answer: { data: { best: { text: 'text 0', author: { id: 'u0', email: null } } } },
    },
    {
      title: 'a missing entity takes along the object that needs it',
      query: '{ best { text author { name } } }',
      users: entities(null),
      answer: {
        errors: [masked('best', 'author', 'name')],
        data: { best: { text: 'text 0', author: null } },
      },
    },
    {
      title: 'through a non-null field to the next that may be null',
      query: '{ best { text by { name } } me { id } }',
      users: ({ query }, response, answer) =>
        response.end(query.includes('_entities') ? JSON.stringify({ data: { _entities: [null] } }) : answer),
      answer: { errors: [masked('best', 'by', 'name')], data: { best: null, me: { id: 'u0' } } },
    },
    {
      title: 'through a list of what is not null',
      query: '{ reviews(first: 2) { by { name } } me { id } }',
      users: ({ query }, response, answer) =>
        response.end(
          query.includes('_entities') ? JSON.stringify({ data: { _entities: [{ name: 'Ada' }, null] } }) : answer,
        ),
      answer: { errors: [masked('reviews', 1, 'by', 'name')], data: { reviews: null, me: { id: 'u0' } } },
    },
    {
      title: 'up to all data',
      query: '{ strict { by { name } } }',
      users: entities(null),
      answer: { errors: [masked('strict', 'by', 'name')], data: null },
    },
    {
      title: 'where a root field that is not null has failed',
      query: '{ strict { text } me { id } }',
      reviews: answering({ data: null, errors: [conflict(['strict'])] }),
      answer: { errors: [shown('strict')], data: null },
    },
  ])('$title', check);
});

async function answerTo(query: string, variables?: unknown) {
  const { text } = await graph.send(query, variables);
  expect(text).not.toMatch(/internal:|db\.internal|127\.0\.0\.1|main\.go|postgres|stack/);
  return JSON.parse(text) as unknown;
}

async function check({ query, variables, reviews, users, answer }: Row) {
  if (reviews) graph.subgraphs.reviews.behave(reviews);
  if (users) graph.subgraphs.users.behave(users);
  expect(await answerTo(query, variables)).toEqual(answer);
}
