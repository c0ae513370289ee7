import { aService, anonymous, aUser } from '@shopgraph/kit/testing';
import { request } from 'undici';
import { journeys } from './journeys';
import { startUsers, type TestUsers } from './start-users';

let users: TestUsers;
let ada: Awaited<ReturnType<ReturnType<typeof journeys>['join']>>;
beforeAll(async () => {
  users = await startUsers();
  ada = await journeys(users).join();
});
afterAll(() => users.stop());

const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on User { email name sessions { id } } }
}`;
const support = aUser({ permissions: ['user:read'] });
const stranger = aUser({ permissions: ['order:read'] });
const representations = () => [{ __typename: 'User', id: ada.user.id }];

describe('a user', () => {
  it('sees themself, as who they are and as a part of other data', async () => {
    const seen = { email: ada.email, name: 'Ada Lovelace', sessions: [{ id: ada.viewer.sessionId }] };
    expect((await users.send(ada.viewer, '{ me { email name sessions { id } } }')).data).toEqual({ me: seen });
    const { data } = await users.send(ada.viewer, ENTITIES, { representations: representations() });
    expect(data).toEqual({ _entities: [seen] });
  });

  it.each([
    ['support', support],
    ['a sibling service', aService('orders')],
  ])('is visible to %s', async (_who, viewer) => {
    const { data } = await users.send(viewer, ENTITIES, { representations: representations() });
    expect(data).toMatchObject({ _entities: [{ email: ada.email }] });
    const query = 'query ($id: ID!) { user(id: $id) { email } }';
    expect((await users.send(viewer, query, { id: ada.user.id })).data).toEqual({ user: { email: ada.email } });
  });

  it.each([
    ['a stranger', stranger],
    ['nobody known', anonymous],
  ])('looks to %s like one that does not exist', async (_who, viewer) => {
    const missing = [{ __typename: 'User', id: 'user_01h455vb4pex5vsknk084sn02q' }];
    const real = await users.send(viewer, ENTITIES, { representations: representations() });
    expect(real).toEqual({ data: { _entities: [null] } });
    expect(await users.send(viewer, ENTITIES, { representations: missing })).toEqual(real);
  });

  it.each([
    ['a stranger', stranger, 'FORBIDDEN'],
    ['nobody known', anonymous, 'UNAUTHENTICATED'],
  ])('is not looked up for %s, who is refused whether they exist or not', async (_who, viewer, code) => {
    for (const id of [ada.user.id, 'user_01h455vb4pex5vsknk084sn02q']) {
      const { data, errors } = await users.send(viewer, 'query ($id: ID!) { user(id: $id) { id } }', { id });
      expect(data).toEqual({ user: null });
      expect(errors).toMatchObject([{ extensions: { code } }]);
    }
  });

  it('is nobody when nobody is signed in, or a service asks', async () => {
    for (const viewer of [anonymous, aService('orders')]) {
      expect(await users.send(viewer, '{ me { id } }')).toEqual({ data: { me: null } });
    }
  });

  it('is nobody when their account is gone', async () => {
    const gone = aUser({ id: 'user_01h455vb4pex5vsknk084sn02q' });
    expect(await users.send(gone, '{ me { id } }')).toEqual({ data: { me: null } });
  });

  it('costs one query for users and one for sessions, however many are asked for', async () => {
    const commands: string[] = [];
    users.connection.getClient().on('commandStarted', ({ commandName, command }) => {
      const collection: unknown = command[commandName];
      if (['users', 'sessions'].includes(String(collection))) commands.push(`${commandName} ${String(collection)}`);
    });
    const many = Array.from({ length: 30 }, () => representations()).flat();
    const { data } = await users.send<{ _entities: unknown[] }>(support, ENTITIES, { representations: many });
    expect(data._entities).toHaveLength(30);
    expect(commands.filter((command) => command === 'find users')).toHaveLength(1);
    expect(commands.filter((command) => command === 'find sessions')).toHaveLength(1);
  });
});

describe('the subgraph', () => {
  it('refuses calls that are not signed', async () => {
    const options = { body: '{"query":"{ me { id } }"}', headers: { 'content-type': 'application/json' } };
    const response = await request(`${users.origin}/graphql`, { method: 'POST', ...options });
    expect(response.statusCode).toBe(401);
    expect(await response.body.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('shows its schema to the gateway', async () => {
    const { data } = await users.send<{ _service: { sdl: string } }>(anonymous, '{ _service { sdl } }');
    expect(data._service.sdl).toContain('type User\n  @key(fields: "id")');
    expect(data._service.sdl).not.toContain('passwordHash');
  });
});
