import { answering } from './http-graph';
import { startReviewGraph } from './review-graph';

let graph: Awaited<ReturnType<typeof startReviewGraph>>;
beforeAll(async () => {
  graph = await startReviewGraph();
});
afterAll(() => graph.stop());
afterEach(() => graph.reset());

const me = (value: unknown) => answering({ data: { me: value } });
const masked = (...path: (string | number)[]) => ({
  message: 'Something went wrong on our side.',
  path,
  extensions: { code: 'INTERNAL' },
});

const answerTo = async (query: string) => JSON.parse((await graph.send(query)).text) as unknown;

describe('values are what the schema says', () => {
  const fits: readonly [field: string, value: unknown][] = [
    ['age', 36],
    ['height', 1.5],
    ['height', 2],
    ['role', 'ADMIN'],
    ['active', false],
    ['tags', []],
    ['more', { a: [1, null] }],
    ['id', 'x'],
  ];
  it.each(fits)('%s may be %j', async (field, value) => {
    graph.subgraphs.users.behave(me({ [field]: value }));
    expect(await answerTo(`{ me { ${field} } }`)).toEqual({ data: { me: { [field]: value } } });
  });

  const misfits: readonly [field: string, value: unknown, selection?: string][] = [
    ['age', '36'],
    ['age', 1.5],
    ['age', 2 ** 31],
    ['age', -(2 ** 31) - 1],
    ['age', true],
    ['age', [1]],
    ['age', {}],
    ['email', 1],
    ['email', {}],
    ['email', ['a']],
    ['height', '1.5'],
    ['active', 1],
    ['active', 'true'],
    ['role', 'OWNER'],
    ['role', 'admin'],
    ['role', 1],
    ['tags', 'a'],
    ['tags', { 0: 'a' }],
  ];
  it.each(misfits)('%s may not be %j', async (field, value) => {
    graph.subgraphs.users.behave(me({ [field]: value }));
    expect(await answerTo(`{ me { ${field} } }`)).toEqual({
      errors: [masked('me', field)],
      data: { me: { [field]: null } },
    });
  });

  it.each([
    {
      title: 'one element of a list',
      query: '{ me { tags } }',
      users: me({ tags: ['a', 1] }),
      answer: { errors: [masked('me', 'tags', 1)], data: { me: { tags: null } } },
    },
    {
      title: 'a list where one object is meant',
      query: '{ me { id } }',
      users: me([{ id: 'a' }]),
      answer: { errors: [masked('me')], data: { me: null } },
    },
    {
      title: 'a scalar where an object is meant',
      query: '{ me { id } }',
      users: me('a'),
      answer: { errors: [masked('me')], data: { me: null } },
    },
    {
      title: 'an object where a list is meant',
      query: '{ users { id } me { id } }',
      users: answering({ data: { users: { id: 'a' }, me: { id: 'b' } } }),
      answer: { errors: [masked('users')], data: null },
    },
  ])('and so is $title', async ({ query, users, answer }) => {
    graph.subgraphs.users.behave(users);
    expect(await answerTo(query)).toEqual(answer);
  });
});
