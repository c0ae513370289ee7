import { type Permission, PERMISSIONS } from '@shopgraph/kit';
import { anApiKey, aUser } from '@shopgraph/kit/testing';
import { journeys, newAddress, viewerOf } from './journeys';
import { passwordJourneys } from './passwords/password-journeys';
import { startUsers, type TestUsers } from './start-users';

let users: TestUsers;
let person: ReturnType<typeof journeys>;
beforeAll(async () => {
  users = await startUsers();
  person = journeys(users);
});
afterAll(() => users.stop());

const SET_STATUS = `mutation ($id: ID!, $status: UserStatus!, $reason: String) {
  userSetStatus(id: $id, status: $status, reason: $reason) {
    user { id status version } userErrors { code field message }
  }
}`;
interface Answer {
  userSetStatus: { user: { status: string; version: number } | null; userErrors: { code: string; field: string[] }[] };
}
const admin = aUser({ id: 'user_admin', permissions: Object.keys(PERMISSIONS) as Permission[] });
const setStatus = async (id: string, status: string, reason: string | null = null, viewer = admin) =>
  (await users.send<Answer>(viewer, SET_STATUS, { id, status, reason })).data.userSetStatus;
const eventsOf = async (id: string) => {
  const events = await users.collection('outbox').find({ aggregateId: id }).sort({ sequence: 1 }).toArray();
  return events.map(({ type, sequence, data, actor }) => ({ type, sequence, data, actor }));
};
const isRevoked = async (sessionId: string) => (await users.redis.exists(`session:revoked:${sessionId}`)) === 1;
const statusesAudited = (subject: string) =>
  users.collection('auditEntries').find({ subject, action: 'user.status-set' }).sort({ at: 1, _id: 1 }).toArray();

const anAdministrator = () =>
  users.administration.seedUser({ email: newAddress(), name: 'Boss', password: 'violet', roleIds: ['ADMIN'] });

describe('an account that is closed', () => {
  it('has no session left, cannot be used, and says nothing of it', async () => {
    const { user, email, refreshToken, viewer } = await person.join();
    const other = await person.login(email);
    expect(await setStatus(user.id, 'DEACTIVATED')).toMatchObject({ user: { status: 'DEACTIVATED', version: 3 } });

    for (const { sessionId } of [viewer, viewerOf(other.accessToken)]) expect(await isRevoked(sessionId)).toBe(true);
    for (const token of [refreshToken, other.refreshToken]) {
      expect((await person.refresh(token)).userErrors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
    }
    expect((await person.login(email)).userErrors).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
  });

  it('can be opened again, with a new sign-in', async () => {
    const { user, email, refreshToken } = await person.join();
    await setStatus(user.id, 'DEACTIVATED');
    expect(await setStatus(user.id, 'ACTIVE')).toMatchObject({ user: { status: 'ACTIVE', version: 4 } });
    expect((await person.refresh(refreshToken)).userErrors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
    expect((await person.login(email)).user?.id).toBe(user.id);
  });

  it('before its address is confirmed cannot be confirmed any more, and opens as it was', async () => {
    const email = newAddress();
    await person.register({ email });
    const { token } = await users.mailbox.arrived(email);
    const { _id: id = '' } = (await users.collection('users').findOne({ email })) ?? {};
    expect(await setStatus(id, 'DEACTIVATED')).toMatchObject({ user: { status: 'DEACTIVATED' } });
    expect((await person.verify(token)).userErrors).toMatchObject([{ code: 'INVALID_TOKEN' }]);

    expect(await setStatus(id, 'ACTIVE')).toMatchObject({
      user: null,
      userErrors: [{ code: 'INVALID_TRANSITION', field: ['status'] }],
    });
    expect(await setStatus(id, 'UNVERIFIED')).toMatchObject({ user: { status: 'UNVERIFIED' } });
    expect((await person.verify(token)).userErrors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
    await person.register({ email });
    expect((await person.verify((await users.mailbox.arrived(email, 2)).token)).user?.email).toBe(email);
  });

  it('cannot be got into with a mail from before, not even when it is open again', async () => {
    const { user, email } = await person.join();
    const { requestReset, reset } = passwordJourneys(users);
    await requestReset(email);
    const { token } = await users.mailbox.arrived(email, 2);
    await setStatus(user.id, 'DEACTIVATED');
    expect((await reset(token)).userErrors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
    await setStatus(user.id, 'ACTIVE');
    expect((await reset(token)).userErrors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
  });

  it('is announced by ids, and audited with who did it and why', async () => {
    const { user } = await person.join();
    await setStatus(user.id, 'DEACTIVATED', '  chargeback fraud, told by grace@example.com ');
    await setStatus(user.id, 'ACTIVE');
    expect((await eventsOf(user.id)).slice(2)).toEqual([
      { type: 'users.user-deactivated', sequence: 3, data: { userId: user.id }, actor: 'user_admin' },
      { type: 'users.user-reactivated', sequence: 4, data: { userId: user.id }, actor: 'user_admin' },
    ]);
    expect(await statusesAudited(user.id)).toMatchObject([
      {
        actor: 'user_admin',
        details: { before: 'ACTIVE', after: 'DEACTIVATED', reason: 'chargeback fraud, told by [removed]' },
      },
      { actor: 'user_admin', details: { before: 'DEACTIVATED', after: 'ACTIVE', reason: null } },
    ]);
  });

  it('is closed once, however often and simultaneously that is asked', async () => {
    const { user } = await person.join();
    const answers = await Promise.all([1, 2, 3, 4].map(() => setStatus(user.id, 'DEACTIVATED')));
    expect(answers.map(({ user: changed }) => changed?.version)).toEqual([3, 3, 3, 3]);
    expect(await statusesAudited(user.id)).toHaveLength(1);
    expect(await eventsOf(user.id)).toHaveLength(3);
  });

  it('has no session that began at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { user, email } = await person.join();
      const [, ...logins] = await Promise.all([
        setStatus(user.id, 'DEACTIVATED'),
        ...Array.from({ length: 4 }, () => person.login(email)),
      ]);
      expect(await users.collection('sessions').countDocuments({ userId: user.id, endedAt: null })).toBe(0);
      for (const { accessToken } of logins.filter((login) => login.accessToken !== null)) {
        expect(await isRevoked(viewerOf(accessToken).sessionId)).toBe(true);
      }
    }
  });
});

describe('userSetStatus', () => {
  it('refuses to close one’s own account, also by a program', async () => {
    const { user, viewer } = await person.join();
    const manager = { ...viewer, permissions: ['user:manage'] };
    const program = anApiKey({ ownerId: user.id, permissions: ['user:manage'] });
    for (const caller of [manager, program]) {
      const { data } = await users.send<Answer>(caller, SET_STATUS, { id: user.id, status: 'DEACTIVATED' });
      expect(data.userSetStatus).toMatchObject({ user: null, userErrors: [{ code: 'FORBIDDEN', field: ['id'] }] });
    }
    expect(await users.collection('users').findOne({ _id: user.id })).toMatchObject({ status: 'ACTIVE' });
  });

  it('refuses to close the account of somebody who may do more', async () => {
    const boss = await anAdministrator();
    await anAdministrator();
    const manager = aUser({ id: 'user_manager', permissions: ['user:manage', 'user:read'] });
    expect(await setStatus(boss.id, 'DEACTIVATED', null, manager)).toMatchObject({
      user: null,
      userErrors: [{ code: 'FORBIDDEN', field: ['id'] }],
    });
    expect(await setStatus(boss.id, 'DEACTIVATED')).toMatchObject({ user: { status: 'DEACTIVATED' } });
  });

  it('leaves one of two administrators who close each other’s accounts at once', async () => {
    await users.collection('users').updateMany({ roleIds: 'ADMIN' }, { $set: { status: 'DEACTIVATED' } });
    for (let round = 0; round < 3; round += 1) {
      const [ada, bob] = [await anAdministrator(), await anAdministrator()];
      const permissions = Object.keys(PERMISSIONS) as Permission[];
      const answers = await Promise.all([
        setStatus(ada.id, 'DEACTIVATED', null, aUser({ id: bob.id, permissions })),
        setStatus(bob.id, 'DEACTIVATED', null, aUser({ id: ada.id, permissions })),
      ]);
      expect(answers.flatMap(({ userErrors }) => userErrors)).toMatchObject([{ code: 'FORBIDDEN', field: ['id'] }]);
      const left = { roleIds: 'ADMIN', status: 'ACTIVE' };
      expect(await users.collection('users').countDocuments(left)).toBe(1);
      await users.collection('users').updateMany(left, { $set: { status: 'DEACTIVATED' } });
    }
  });

  it('never erases anybody', async () => {
    const { user } = await person.join();
    expect(await setStatus(user.id, 'ANONYMISED')).toMatchObject({
      user: null,
      userErrors: [{ code: 'INVALID_TRANSITION', field: ['status'] }],
    });
  });

  it('says that there is no such user', async () => {
    expect(await setStatus('user_01h455vb4pex5vsknk084sn02q', 'ACTIVE')).toMatchObject({
      user: null,
      userErrors: [{ code: 'NOT_FOUND', field: ['id'] }],
    });
  });

  it.each([' ', 'x'.repeat(501), 'two\nlines', '<b>bold</b>'])('refuses the reason %j', async (reason) => {
    const { user } = await person.join();
    const { errors } = await users.send(admin, SET_STATUS, { id: user.id, status: 'DEACTIVATED', reason });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: ['reason'] }] } }]);
  });

  it('is for those who manage users', async () => {
    const { user, viewer } = await person.join();
    for (const caller of [viewer, aUser({ permissions: ['user:read'] })]) {
      const { errors } = await users.send(caller, SET_STATUS, { id: user.id, status: 'DEACTIVATED' });
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  });
});
