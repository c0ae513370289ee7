import { anonymous, aUser } from '@shopgraph/kit/testing';
import { GOOD_PASSWORD, LOGIN, REFRESH, REGISTER, VERIFY } from './journeys';
import { startUsers, type TestUsers } from './start-users';

let users: TestUsers;
beforeAll(async () => {
  users = await startUsers();
});
afterAll(() => users.stop());

const LONG = 'x'.repeat(10_000);
const good = { email: 'ada@example.com', password: GOOD_PASSWORD, name: 'Ada' };

describe('bad input', () => {
  it.each<[string, string, object]>([
    ['an operator as an address', REGISTER, { input: { ...good, email: { $gt: '' } } }],
    ['an operator as a password', LOGIN, { input: { email: good.email, password: { $ne: null } } }],
    ['an operator as a token', VERIFY, { token: { $exists: true } }],
    ['a list as a token', REFRESH, { token: ['a', 'b'] }],
    ['a number as a name', REGISTER, { input: { ...good, name: 7 } }],
    ['null as a password', REGISTER, { input: { ...good, password: null } }],
    ['a null byte in an address', REGISTER, { input: { ...good, email: 'ada\0@example.com' } }],
    ['a null byte in a name', REGISTER, { input: { ...good, name: 'Ada\0' } }],
    ['a line break in a name', REGISTER, { input: { ...good, name: 'Ada\nBcc: eve@example.com' } }],
    ['half a character in a name', REGISTER, { input: { ...good, name: 'Ada \ud800' } }],
    ['white space for a name', REGISTER, { input: { ...good, name: ' \t ' } }],
    ['10,000 characters of address', REGISTER, { input: { ...good, email: `${LONG}@example.com` } }],
    ['10,000 characters of name', REGISTER, { input: { ...good, name: LONG } }],
    ['10,000 characters of password', REGISTER, { input: { ...good, password: LONG } }],
    ['10,000 characters of password to sign in', LOGIN, { input: { email: good.email, password: LONG } }],
    ['10,000 characters of token', VERIFY, { token: LONG }],
    ['an empty token', REFRESH, { token: '' }],
    ['a field that there is not', REGISTER, { input: { ...good, roleIds: ['ADMIN'] } }],
    [
      'a field of every object',
      REGISTER,
      { input: JSON.parse(`{"email":"a@b.example","__proto__":{"name":"x"}}`) as object },
    ],
  ])('such as %s is refused, and nobody is registered', async (_what, query, variables) => {
    const { errors } = await users.send(anonymous, query, variables);
    const codes = (errors ?? []).map(({ extensions }) => extensions.code);
    expect([...new Set(codes)]).toEqual(['BAD_USER_INPUT']);
    expect(await users.collection('users').countDocuments()).toBe(0);
  });

  it.each<[string, object, string[]]>([
    ['an address', { ...good, email: 'ada' }, ['input', 'email']],
    ['a name', { ...good, name: 'Ada\0' }, ['input', 'name']],
    ['a password', { ...good, password: LONG }, ['input', 'password']],
  ])('is named by its path: %s', async (_what, input, path) => {
    const { errors } = await users.send(anonymous, REGISTER, { input });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }]);
  });

  it.each(['1', 'prod_01h455vb4pex5vsknk084sn02q', '{"$gt":""}', '__proto__', ''])(
    'such as the user id %j is refused',
    async (id) => {
      const staff = aUser({ permissions: ['user:read'] });
      const { errors } = await users.send(staff, 'query ($id: ID!) { user(id: $id) { id } }', { id });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: ['id'] }] } }]);
    },
  );

  it('in a reference finds nobody', async () => {
    const staff = aUser({ permissions: ['user:read'] });
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { id } } }';
    for (const id of ['__proto__', { $gt: '' }, null]) {
      const { data } = await users.send<{ _entities: unknown[] } | null>(staff, query, {
        r: [{ __typename: 'User', id }],
      });
      expect(data?._entities ?? [null]).toEqual([null]);
    }
  });
});
