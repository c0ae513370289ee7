import type { Viewer } from '@shopgraph/kit';
import { anApiKey, aUser } from '@shopgraph/kit/testing';
import { permissionsOf } from '../builders';
import { journeys, viewerOf } from '../journeys';
import { startUsers, type TestUsers } from '../start-users';
import { roleRequests } from './role-requests';

const admin = aUser({ id: 'user_01h455vb4pex5vsknk084sn02q', permissions: permissionsOf(['ADMIN']) });

let users: TestUsers;
let person: ReturnType<typeof journeys>;
let staff: ReturnType<typeof roleRequests>;
let limited: Viewer & { kind: 'user' };
beforeAll(async () => {
  users = await startUsers();
  person = journeys(users);
  staff = roleRequests(users);
  await staff.upsert(admin, { id: 'LIMITED', permissions: ['USER_READ', 'USER_MANAGE', 'ROLE_MANAGE'] });
  await staff.upsert(admin, { id: 'AUDITOR', permissions: ['AUDIT_READ'] });
  const { user, email } = await person.join();
  await staff.setRoles(admin, user.id, ['LIMITED']);
  limited = viewerOf((await person.login(email)).accessToken);
});
afterAll(() => users.stop());

const FORBIDDEN = (...field: string[]) => [{ code: 'FORBIDDEN', field }];

/** The limited administrator in person, and by a key of theirs. */
const WAYS: [string, () => Viewer][] = [
  ['a limited administrator', () => limited],
  [
    'an API key of a limited administrator',
    () => anApiKey({ ownerId: limited.id, permissions: ['user:read', 'user:manage', 'role:manage'] }),
  ],
];

describe.each(WAYS)('%s', (_who, viewer) => {
  it('holds what their role permits, and no more', () => {
    expect(limited.permissions).toEqual(['role:manage', 'user:manage', 'user:read']);
  });

  it('is shown no role that permits more than they may', async () => {
    expect((await staff.list(viewer())).map(({ id }) => id)).toEqual(['CUSTOMER', 'LIMITED']);
  });

  it('does not see who is an administrator, and what that permits', async () => {
    const { user } = await person.join();
    await staff.setRoles(admin, user.id, ['CUSTOMER', 'ADMIN']);
    const query = `query ($id: ID!) { user(id: $id) { roles { id } permissions } }`;
    const held = ['role:manage', 'user:manage', 'user:read'];
    const { data } = await users.send(viewer(), query, { id: user.id });
    expect(data).toEqual({ user: { roles: [{ id: 'CUSTOMER' }], permissions: [] } });
    expect(JSON.stringify(await users.send(admin, query, { id: user.id }))).toContain('ADMIN');
    const { data: own } = await users.send(admin, query, { id: limited.id });
    expect(own).toEqual({ user: { roles: [{ id: 'LIMITED' }], permissions: held } });
  });

  it.each([['ADMIN'], ['AUDITOR'], ['SUPPORT']])('gives nobody %s, and takes it from nobody', async (roleId) => {
    const { user } = await person.join();
    const given = await staff.setRoles(viewer(), user.id, ['CUSTOMER', roleId]);
    expect(given).toEqual({ user: null, userErrors: FORBIDDEN('roleIds') });
    await staff.setRoles(admin, user.id, [roleId]);
    for (const roleIds of [[], ['CUSTOMER'], ['LIMITED']]) {
      const taken = await staff.setRoles(viewer(), user.id, roleIds);
      expect(taken).toEqual({ user: null, userErrors: FORBIDDEN('roleIds') });
    }
    expect(await users.collection('users').findOne({ _id: user.id })).toMatchObject({ roleIds: [roleId] });
  });

  it('makes no administrator under another name', async () => {
    const permissions = permissionsOf(['ADMIN']).map((name) => name.toUpperCase().replaceAll(/[:-]/g, '_'));
    for (const wanted of [permissions, ['AUDIT_READ'], ['USER_READ', 'ORDER_READ']]) {
      const answer = await staff.upsert(viewer(), { id: 'OTHER_NAME', permissions: wanted });
      expect(answer).toEqual({ role: null, userErrors: FORBIDDEN('input', 'id') });
    }
    expect(await users.collection('roles').findOne({ _id: 'OTHER_NAME' })).toBeNull();
  });

  it('changes no built-in role', async () => {
    for (const id of ['ADMIN', 'CUSTOMER']) {
      const answer = await staff.upsert(viewer(), { id, permissions: ['USER_READ'] });
      expect(answer).toEqual({ role: null, userErrors: FORBIDDEN('input', 'id') });
      expect(await staff.remove(viewer(), id)).toEqual({ deletedId: null, userErrors: FORBIDDEN('id') });
    }
  });

  it('changes and deletes no role that permits more than they may', async () => {
    for (const permissions of [[], ['USER_READ'], ['AUDIT_READ']]) {
      const answer = await staff.upsert(viewer(), { id: 'AUDITOR', permissions });
      expect(answer).toEqual({ role: null, userErrors: FORBIDDEN('input', 'id') });
    }
    expect(await staff.remove(viewer(), 'AUDITOR')).toEqual({ deletedId: null, userErrors: FORBIDDEN('id') });
    expect(await users.collection('roles').findOne({ _id: 'AUDITOR' })).toMatchObject({ permissions: ['audit:read'] });
  });

  it('changes neither their own role nor their own roles, up or down', async () => {
    for (const permissions of [[], ['USER_READ', 'USER_MANAGE', 'ROLE_MANAGE'], ['AUDIT_READ']]) {
      const answer = await staff.upsert(viewer(), { id: 'LIMITED', permissions });
      expect(answer).toEqual({ role: null, userErrors: FORBIDDEN('input', 'id') });
    }
    expect(await staff.remove(viewer(), 'LIMITED')).toEqual({ deletedId: null, userErrors: FORBIDDEN('id') });
    for (const roleIds of [['LIMITED', 'CUSTOMER'], []]) {
      const answer = await staff.setRoles(viewer(), limited.id, roleIds);
      expect(answer).toEqual({ user: null, userErrors: FORBIDDEN('id') });
    }
  });

  it('makes, gives, changes and deletes roles within what they hold', async () => {
    const { user } = await person.join();
    expect((await staff.upsert(viewer(), { id: 'READER', permissions: ['USER_READ'] })).userErrors).toEqual([]);
    expect((await staff.setRoles(viewer(), user.id, ['READER'])).user).toMatchObject({ permissions: ['user:read'] });
    expect((await staff.upsert(viewer(), { id: 'READER', permissions: [] })).role).toMatchObject({ version: 2 });
    expect((await staff.setRoles(viewer(), user.id, [])).userErrors).toEqual([]);
    expect(await staff.remove(viewer(), 'READER')).toEqual({ deletedId: 'READER', userErrors: [] });
  });
});

it('an API key does what its scopes say, not what its owner may', async () => {
  const key = anApiKey({ ownerId: limited.id, permissions: ['role:manage'] });
  expect((await staff.list(key)).map(({ id }) => id)).toEqual(['CUSTOMER']);
  expect((await staff.upsert(key, { id: 'BY_KEY', permissions: ['USER_READ'] })).userErrors).toEqual(
    FORBIDDEN('input', 'id'),
  );
});
