import { anonymous, aUser } from '@shopgraph/kit/testing';
import { permissionsOf } from '../builders';
import { journeys, viewerOf } from '../journeys';
import { startUsers, type TestUsers } from '../start-users';
import { roleRequests } from './role-requests';

let users: TestUsers;
let person: ReturnType<typeof journeys>;
let staff: ReturnType<typeof roleRequests>;
beforeAll(async () => {
  users = await startUsers();
  person = journeys(users);
  staff = roleRequests(users);
});
afterAll(() => users.stop());

const admin = aUser({ id: 'user_01h455vb4pex5vsknk084sn02q', permissions: permissionsOf(['ADMIN']) });

let lastNumber = 0;
const newRoleId = () => `ROLE_${(lastNumber += 1)}`;

describe('a custom role', () => {
  it('is made, changed, and listed after the built-in ones', async () => {
    const id = newRoleId();
    const made = await staff.upsert(admin, {
      id,
      name: ' Stock lead ',
      permissions: ['USER_READ', 'INVENTORY_ADJUST'],
    });
    expect(made).toEqual({
      role: { id, name: 'Stock lead', permissions: ['INVENTORY_ADJUST', 'USER_READ'], builtIn: false, version: 1 },
      userErrors: [],
    });
    const changed = await staff.upsert(admin, { id, permissions: ['API_KEY_MANAGE'], expectedVersion: 1 });
    expect(changed.role).toEqual({ id, name: 'A role', permissions: ['API_KEY_MANAGE'], builtIn: false, version: 2 });

    const listed = await staff.list(admin);
    expect(listed.slice(0, 5).map((role) => role.id)).toEqual([
      'CUSTOMER',
      'SUPPORT',
      'CATALOG_MANAGER',
      'WAREHOUSE',
      'ADMIN',
    ]);
    expect(listed[1]).toMatchObject({ name: 'Support', builtIn: true, version: 1 });
    expect(listed.slice(5)).toContainEqual(changed.role);
  });

  it('is what its holders may do from their next token on', async () => {
    const id = newRoleId();
    await staff.upsert(admin, { id, permissions: ['ORDER_READ'] });
    const { user, email } = await person.join();
    await staff.setRoles(admin, user.id, [id]);
    const { accessToken, refreshToken } = await person.login(email);
    expect(viewerOf(accessToken).permissions).toEqual(['order:read']);

    await staff.upsert(admin, { id, permissions: ['ORDER_READ', 'ORDER_CANCEL'] });
    const refreshed = await person.refresh(refreshToken);
    expect(viewerOf(refreshed.accessToken).permissions).toEqual(['order:cancel', 'order:read']);
  });

  it('signs out at once who may do less after a change, and nobody else', async () => {
    const [id, other] = [newRoleId(), newRoleId()];
    await staff.upsert(admin, { id, permissions: ['ORDER_READ', 'ORDER_CANCEL'] });
    await staff.upsert(admin, { id: other, permissions: ['ORDER_CANCEL'] });
    const holders = await Promise.all([[id], [id, other], [other]].map(async (roleIds) => signedInWith(roleIds)));
    const [loser, keeper, stranger] = holders as [Holder, Holder, Holder];

    await staff.upsert(admin, { id, permissions: ['ORDER_READ'] });
    expect(await users.redis.exists(`session:revoked:${loser.sessionId}`)).toBe(1);
    expect((await person.refresh(loser.refreshToken)).userErrors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
    for (const { sessionId, refreshToken } of [keeper, stranger]) {
      expect(await users.redis.exists(`session:revoked:${sessionId}`)).toBe(0);
      expect((await person.refresh(refreshToken)).userErrors).toEqual([]);
    }
  });

  it('is audited with what it was and what it became, unless nothing changed', async () => {
    const id = newRoleId();
    await staff.upsert(admin, { id, name: 'Before', permissions: ['USER_READ'] });
    for (const _repetition of [1, 2]) await staff.upsert(admin, { id, name: 'After', permissions: [] });
    await staff.remove(admin, id);
    const entries = await users.collection('auditEntries').find({ subject: id }).sort({ _id: 1 }).toArray();
    const actor = 'user_01h455vb4pex5vsknk084sn02q';
    expect(entries).toMatchObject([
      { action: 'role.set', actor, details: { nameBefore: null, permissionsBefore: [], nameAfter: 'Before' } },
      {
        action: 'role.set',
        actor,
        details: { nameBefore: 'Before', nameAfter: 'After', permissionsBefore: ['user:read'], permissionsAfter: [] },
      },
      { action: 'role.deleted', actor, details: { nameBefore: 'After', permissionsBefore: [] } },
    ]);
  });

  it('is made once when it is made many times at once', async () => {
    const id = newRoleId();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => staff.upsert(admin, { id, permissions: [], expectedVersion: 0 })),
    );
    expect(answers.filter(({ role }) => role?.version === 1)).toHaveLength(1);
    const conflict = [{ code: 'CONFLICT', field: ['input', 'expectedVersion'] }];
    expect(answers.filter(({ role }) => role === null).map(({ userErrors }) => userErrors)).toEqual(
      Array.from({ length: 4 }, () => conflict),
    );
  });

  it('loses no change when two are at it at once', async () => {
    const id = newRoleId();
    await staff.upsert(admin, { id, permissions: [] });
    await Promise.all(['One', 'Two'].map((name) => staff.upsert(admin, { id, name, permissions: [] })));
    expect(await users.collection('roles').findOne({ _id: id })).toMatchObject({ version: 3 });
  });

  it('permits nothing that the program knows no more', async () => {
    const id = newRoleId();
    const role = { name: 'Old', permissions: ['user:read', 'fax:send'], version: 1 };
    await users.collection('roles').insertOne({ _id: id, ...role });
    expect(await staff.list(admin)).toContainEqual({
      id,
      name: 'Old',
      permissions: ['USER_READ'],
      builtIn: false,
      version: 1,
    });
    const { accessToken } = await signedInWith([id]);
    expect(viewerOf(accessToken).permissions).toEqual(['user:read']);
  });
});

describe('deleting a role', () => {
  it('is possible while nobody has it', async () => {
    const id = newRoleId();
    await staff.upsert(admin, { id, permissions: ['USER_READ'] });
    const { user } = await person.join();
    await staff.setRoles(admin, user.id, [id]);
    const inUse = { deletedId: null, userErrors: [{ code: 'INVALID_TRANSITION', field: ['id'] }] };
    expect(await staff.remove(admin, id)).toEqual(inUse);

    await staff.setRoles(admin, user.id, []);
    expect(await staff.remove(admin, id)).toEqual({ deletedId: id, userErrors: [] });
    expect((await staff.list(admin)).map((role) => role.id)).not.toContain(id);
    const gone = { deletedId: null, userErrors: [{ code: 'NOT_FOUND', field: ['id'] }] };
    expect(await staff.remove(admin, id)).toEqual(gone);
  });

  it('and giving it at the same time exclude each other', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = newRoleId();
      await staff.upsert(admin, { id, permissions: ['USER_READ'] });
      const { user } = await person.join();
      const [given, deleted] = await Promise.all([staff.setRoles(admin, user.id, [id]), staff.remove(admin, id)]);
      expect([given.user !== null, deleted.deletedId !== null].filter(Boolean)).toHaveLength(1);
    }
  });
});

describe('roles', () => {
  it('of many users cost one query', async () => {
    const id = newRoleId();
    await staff.upsert(admin, { id, permissions: [] });
    const people = await Promise.all(Array.from({ length: 3 }, () => signedInWith([id, 'SUPPORT'])));
    const commands: string[] = [];
    users.connection.getClient().on('commandStarted', ({ commandName, command }) => {
      if (command[commandName] === 'roles') commands.push(commandName);
    });
    const representations = people.map(({ userId }) => ({ __typename: 'User', id: userId }));
    const query = `query ($representations: [_Any!]!) {
      _entities(representations: $representations) { ... on User { roles { id } permissions } }
    }`;
    const { data } = await users.send(admin, query, { representations });
    const seen = { roles: [{ id }, { id: 'SUPPORT' }], permissions: permissionsOf(['SUPPORT']) };
    expect(data).toEqual({ _entities: [seen, seen, seen] });
    expect(commands).toEqual(['find']);
  });

  it.each([
    ['nobody known', anonymous, 'UNAUTHENTICATED'],
    ['a customer', aUser(), 'FORBIDDEN'],
    ['support', aUser({ permissions: permissionsOf(['SUPPORT']) }), 'FORBIDDEN'],
  ])('are not for %s', async (_who, viewer, code) => {
    for (const operation of [
      '{ roles { id } }',
      'mutation { roleUpsert(input: { id: "MINE", name: "Mine", permissions: [] }) { role { id } } }',
      'mutation { roleDelete(id: "MINE") { deletedId } }',
    ]) {
      const { errors } = await users.send(viewer, operation);
      expect(errors).toMatchObject([{ extensions: { code } }]);
    }
    expect(await users.collection('roles').findOne({ _id: 'MINE' })).toBeNull();
  });

  it('are made and changed by those alone who manage roles', async () => {
    const manager = aUser({ permissions: ['user:manage'] });
    expect((await staff.list(manager)).map(({ id }) => id)).toContain('CUSTOMER');
    const mutation = 'mutation { roleUpsert(input: { id: "MINE", name: "Mine", permissions: [] }) { role { id } } }';
    expect((await users.send(manager, mutation)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it.each([
    ['an id in lower case', { id: 'stock' }, ['input', 'id']],
    ['an id of one letter', { id: 'S' }, ['input', 'id']],
    ['an id with white space around', { id: ' STOCK ' }, ['input', 'id']],
    ['an id of 65 characters', { id: 'S'.repeat(65) }, ['input', 'id']],
    ['an empty name', { name: ' ' }, ['input', 'name']],
    ['a name of two lines', { name: 'Stock\nlead' }, ['input', 'name']],
    ['101 permissions', { permissions: Array.from({ length: 101 }, () => 'USER_READ') }, ['input', 'permissions']],
    ['a version that cannot be', { expectedVersion: -1 }, ['input', 'expectedVersion']],
  ])('are refused with %s', async (_what, bad, path) => {
    const query = 'mutation ($input: RoleUpsertInput!) { roleUpsert(input: $input) { role { id } } }';
    const input = { id: 'STOCK', name: 'Stock', permissions: [], ...bad };
    const { errors } = await users.send(admin, query, { input });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }]);
  });
});

interface Holder {
  readonly userId: string;
  readonly sessionId: string;
  readonly accessToken: string | null;
  readonly refreshToken: string | null;
}

/** Somebody with these roles who has signed in since. */
async function signedInWith(roleIds: string[]): Promise<Holder> {
  const { user, email } = await person.join();
  await staff.setRoles(admin, user.id, roleIds);
  const { accessToken, refreshToken } = await person.login(email);
  return { userId: user.id, sessionId: viewerOf(accessToken).sessionId, accessToken, refreshToken };
}
