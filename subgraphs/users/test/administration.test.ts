import { aUser } from '@shopgraph/kit/testing';
import { permissionsOf } from './builders';
import { journeys, newAddress } from './journeys';
import { startUsers, type TestUsers } from './start-users';

let users: TestUsers;
let person: ReturnType<typeof journeys>;
beforeAll(async () => {
  users = await startUsers();
  person = journeys(users);
});
afterAll(() => users.stop());

const SET_ROLES = `mutation ($id: ID!, $roleIds: [ID!]!) {
  userSetRoles(id: $id, roleIds: $roleIds) {
    user { id roles { id name permissions } permissions version } userErrors { code field }
  }
}`;
const admin = aUser({ id: 'user_01h455vb4pex5vsknk084sn02q', permissions: permissionsOf(['ADMIN']) });

describe('userSetRoles', () => {
  it('gives a user roles, which their next token carries', async () => {
    const { user, email, refreshToken } = await person.join();
    const { data } = await users.send(admin, SET_ROLES, { id: user.id, roleIds: ['SUPPORT'] });
    expect(data).toMatchObject({
      userSetRoles: {
        user: { roles: [{ id: 'SUPPORT', name: 'Support' }], permissions: permissionsOf(['SUPPORT']), version: 3 },
        userErrors: [],
      },
    });
    const { refreshToken: _next, user: refreshed } = await person.refresh(refreshToken);
    expect(refreshed?.roles).toEqual([{ id: 'SUPPORT' }]);
    expect((await person.login(email)).user?.roles).toEqual([{ id: 'SUPPORT' }]);
  });

  it('signs out who may do less than before, at once', async () => {
    const { user, email } = await person.join();
    await users.send(admin, SET_ROLES, { id: user.id, roleIds: ['SUPPORT'] });
    const { refreshToken } = await person.login(email);
    await users.send(admin, SET_ROLES, { id: user.id, roleIds: ['CUSTOMER'] });

    expect((await person.refresh(refreshToken)).userErrors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
    const sessions = await users.collection('sessions').find({ userId: user.id }).toArray();
    for (const { _id } of sessions) expect(await users.redis.exists(`session:revoked:${_id}`)).toBe(1);
  });

  it('is audited with who did it', async () => {
    const { user } = await person.join();
    await users.send(admin, SET_ROLES, { id: user.id, roleIds: ['WAREHOUSE'] });
    const entries = await users
      .collection('auditEntries')
      .find({ action: 'user.roles-set', subject: user.id })
      .toArray();
    expect(entries).toMatchObject([{ actor: 'user_01h455vb4pex5vsknk084sn02q', at: users.clock.now() }]);
  });

  it('loses no change when two administrators are at it at once', async () => {
    const { user } = await person.join();
    await Promise.all(
      ['SUPPORT', 'WAREHOUSE'].map((id) => users.send(admin, SET_ROLES, { id: user.id, roleIds: [id] })),
    );
    const stored = await users.collection('users').findOne({ _id: user.id });
    expect(stored).toMatchObject({ version: 4 });
  });

  const lead = aUser({ permissions: [...permissionsOf(['SUPPORT']), 'user:manage'] });
  it.each([
    ['gives more than they hold', lead, ['ADMIN'], { code: 'FORBIDDEN', field: ['roleIds'] }],
    ['gives a role that there is not', admin, ['CUSTOMER', 'OWNER'], { code: 'NOT_FOUND', field: ['roleIds', '1'] }],
  ])('refuses who %s', async (_what, viewer, roleIds, error) => {
    const { user } = await person.join();
    const { data } = await users.send(viewer, SET_ROLES, { id: user.id, roleIds });
    expect(data).toEqual({ userSetRoles: { user: null, userErrors: [error] } });
    expect(await users.collection('users').findOne({ _id: user.id })).toMatchObject({ roleIds: ['CUSTOMER'] });
  });

  it('refuses who changes their own roles, up or down', async () => {
    const { user, viewer } = await person.join();
    const raised = { ...viewer, permissions: permissionsOf(['ADMIN']) };
    for (const roleIds of [['ADMIN'], []]) {
      const { data } = await users.send(raised, SET_ROLES, { id: user.id, roleIds });
      expect(data).toEqual({ userSetRoles: { user: null, userErrors: [{ code: 'FORBIDDEN', field: ['id'] }] } });
    }
  });

  it('says that there is no such user', async () => {
    const { data } = await users.send(admin, SET_ROLES, { id: 'user_01h455vb4pex5vsknk084sn09q', roleIds: [] });
    expect(data).toEqual({ userSetRoles: { user: null, userErrors: [{ code: 'NOT_FOUND', field: ['id'] }] } });
  });

  it('is for those who manage users', async () => {
    const { user, viewer } = await person.join();
    for (const caller of [viewer, aUser({ permissions: ['user:read'] })]) {
      const { errors } = await users.send(caller, SET_ROLES, { id: user.id, roleIds: ['ADMIN'] });
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  });
});

describe('seeding a user', () => {
  const seed = (email: string) => ({ email, name: 'Staff', password: 'demo', roleIds: ['ADMIN'] });

  it('makes one who can sign in at once, with their roles, and sends no mail', async () => {
    const email = newAddress();
    const user = await users.administration.seedUser(seed(email));
    expect(user).toMatchObject({ email, status: 'ACTIVE', emailVerified: true, roleIds: ['ADMIN'] });
    expect((await person.login(email, 'demo')).user?.id).toBe(user.id);
    const events = await users.collection('outbox').find({ aggregateId: user.id }).toArray();
    expect(events.map(({ type }) => type as string).sort()).toEqual(['users.user-registered', 'users.user-verified']);
    expect(users.mailbox.to(email)).toEqual([]);
  });

  it('makes one only, however often and however simultaneously it is done', async () => {
    const email = newAddress();
    const seeded = await Promise.all(Array.from({ length: 5 }, () => users.administration.seedUser(seed(email))));
    const again = await users.administration.seedUser({ ...seed(email.toUpperCase()), password: 'other', roleIds: [] });
    expect(new Set([...seeded, again].map(({ id }) => id)).size).toBe(1);
    expect(again.roleIds).toEqual(['ADMIN']);
    expect((await person.login(email, 'demo')).userErrors).toEqual([]);
  });

  it('verifies one who has registered but not answered the mail', async () => {
    const email = newAddress();
    await person.register({ email });
    await users.administration.seedUser(seed(email));
    expect((await person.login(email, 'demo')).user).toMatchObject({ email, roles: [{ id: 'ADMIN' }] });
    const { token } = await users.mailbox.arrived(email);
    expect((await person.verify(token)).userErrors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
  });

  it.each([
    ['address', { ...seed('nobody') }],
    ['role', { ...seed('a@example.com'), roleIds: ['OWNER'] }],
  ])('refuses a bad %s', async (_what, bad) => {
    await expect(users.administration.seedUser(bad)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});
