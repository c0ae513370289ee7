import { anApiKey, anonymous, aUser, eventually } from '@shopgraph/kit/testing';
import { permissionsOf } from '../builders';
import { GOOD_PASSWORD, journeys, newAddress } from '../journeys';
import { startUsers, type TestUsers } from '../start-users';
import { privacyRequests, privacyStaff } from './privacy-requests';

const HOUR_MS = 3_600_000;

let users: TestUsers;
let people: ReturnType<typeof journeys>;
let requests: ReturnType<typeof privacyRequests>;
beforeAll(async () => {
  users = await startUsers();
  people = journeys(users);
  requests = privacyRequests(users);
});
afterAll(() => users.stop());

/** Staff of a shop that has another administrator. */
async function staffWith(...roleIds: string[]) {
  const email = newAddress();
  const { id } = await users.administration.seedUser({ email, name: 'Staff', password: GOOD_PASSWORD, roleIds });
  return { id, email, viewer: aUser({ id, permissions: permissionsOf(roleIds) }) };
}

const refusedWith = (code: string, field: string) => ({ job: null, userErrors: [{ code, field: [field] }] });

describe('userAnonymize', () => {
  it('closes the account at once, frees its address, and leaves nobody to sign in', async () => {
    const { email, user, viewer, refreshToken } = await people.join();
    const { job, userErrors } = await requests.userAnonymize(viewer, user.id, GOOD_PASSWORD);
    expect(userErrors).toEqual([]);
    expect(job).toMatchObject({ kind: 'ANONYMISE', requestedBy: user.id, expiresAt: null });

    const seen = await requests.privacyJob(privacyStaff, job?.id);
    const placeholder = `${user.id}@anonymised.invalid`;
    expect(seen?.user).toEqual({ id: user.id, email: placeholder, name: 'Anonymised', status: 'ANONYMISED' });
    for (const address of [email, placeholder]) {
      expect((await people.login(address)).userErrors).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
    }
    expect((await people.refresh(refreshToken)).userErrors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
    expect(await users.redis.get(`session:revoked:${viewer.sessionId}`)).toBe('1');

    // The mail of the second registration with it comes to a new account.
    await people.register({ email });
    const { token } = await users.mailbox.arrived(email, 2);
    const again = await people.verify(token);
    expect(again.user).toMatchObject({ email });
    expect(again.user?.id).not.toBe(user.id);
  });

  it('keeps nothing of the person in any collection', async () => {
    const email = newAddress();
    const name = `Anastasia Quill ${email}`;
    await people.register({ email, name });
    const { token } = await users.mailbox.arrived(email);
    const { user } = await people.verify(token);
    await people.login(email);
    // Waits, so that its content is still there.
    users.mailbox.isDown = true;
    await people.register({ email, name });
    const viewer = aUser({ id: user?.id ?? '' });
    const { job: exported } = await requests.userExport(viewer, user?.id ?? '');
    await eventually(async () => expect((await pieces(exported?.id)).length).toBe(1));

    await requests.userAnonymize(viewer, user?.id ?? '', GOOD_PASSWORD);
    users.mailbox.isDown = false;
    const hashes = await users.collection('users').findOne({ _id: user?.id ?? '' });
    expect(hashes?.passwordHash).toMatch(/^\$2b\$04\$/);
    for (const name of await collectionNames()) {
      const text = JSON.stringify(await users.collection(name).find().toArray());
      expect(`${name}: ${text.includes(email) || text.includes('Anastasia')}`).toBe(`${name}: false`);
    }
    expect(await pieces(exported?.id)).toEqual([]);
    for (const name of ['sessions', 'mails', 'verifications']) {
      expect(await users.collection(name).find({ userId: user?.id }).toArray()).toEqual([]);
    }
    // An answer that was under way to the export is not kept either.
    expect(await requests.answer('orders', exported?.id, { text: `{"email":"${email}"}` })).toBe(false);
    expect(users.mailbox.to(email)).toHaveLength(1);
  });

  async function pieces(jobId = '') {
    return users.collection('privacyExportPieces').find({ jobId }).toArray();
  }

  async function collectionNames(): Promise<string[]> {
    const found = await users.connection.db?.listCollections().toArray();
    return (found ?? []).map(({ name }) => name);
  }

  it.each([
    ['wrong', 'not-my-password-42'],
    ['missing', null],
  ])('of oneself is refused when the password is %s, whatever one may do', async (_what, password) => {
    const { id, viewer } = await staffWith('ADMIN');
    await staffWith('ADMIN');
    const refused = await requests.userAnonymize(viewer, id, password);
    expect(refused).toMatchObject(refusedWith('INVALID_CREDENTIALS', 'password'));
    // Nor by a program that acts for its owner.
    const program = anApiKey({ ownerId: id, permissions: ['user:privacy'] });
    expect(await requests.userAnonymize(program, id)).toMatchObject(refusedWith('INVALID_CREDENTIALS', 'password'));
    expect(await users.collection('users').findOne({ _id: id })).toMatchObject({ status: 'ACTIVE' });
  });

  it('of others is for user:privacy, and stops at those who may do more', async () => {
    const { user } = await people.join();
    const admin = await staffWith('ADMIN');
    await staffWith('ADMIN');
    for (const stranger of [aUser({ id: 'user_else' }), aUser({ id: 'user_2', permissions: ['user:manage'] })]) {
      const refused = await requests.userAnonymize(stranger, user.id, GOOD_PASSWORD);
      expect(refused).toMatchObject(refusedWith('NOT_FOUND', 'id'));
    }
    expect(await requests.userAnonymize(privacyStaff, admin.id)).toMatchObject(refusedWith('FORBIDDEN', 'id'));
    expect((await requests.userAnonymize(privacyStaff, user.id)).job).toMatchObject({ requestedBy: 'user_staff' });
    const peer = aUser({ id: 'user_peer', permissions: permissionsOf(['ADMIN']) });
    expect((await requests.userAnonymize(peer, admin.id)).job).not.toBeNull();
    const { errors } = await users.send(anonymous, `mutation { userAnonymize(id: "${user.id}") { job { id } } }`);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
  });

  it('again is answered with the job that did it, and does nothing', async () => {
    const { user } = await people.join();
    const { job } = await requests.userAnonymize(privacyStaff, user.id);
    const before = await users.collection('users').findOne({ _id: user.id });
    expect((await requests.userAnonymize(privacyStaff, user.id)).job).toMatchObject({ id: job?.id });
    expect(await users.collection('users').findOne({ _id: user.id })).toEqual(before);
    expect(await users.collection('auditEntries').countDocuments({ action: 'user.anonymised', subject: user.id })).toBe(
      1,
    );
    expect(await requests.userExport(privacyStaff, user.id)).toMatchObject(refusedWith('INVALID_TRANSITION', 'id'));
  });

  it('has one effect however many ask at once', async () => {
    const { user } = await people.join();
    const answers = await Promise.all(Array.from({ length: 5 }, () => requests.userAnonymize(privacyStaff, user.id)));
    expect(new Set(answers.map(({ job }) => job?.id)).size).toBe(1);
    expect(await users.collection('privacyJobs').countDocuments({ userId: user.id })).toBe(1);
  });

  it('tells other subgraphs ids only, and is done when all have erased', async () => {
    const { user } = await people.join();
    const { job } = await requests.userAnonymize(privacyStaff, user.id);
    const [event] = await users.collection('outbox').find({ aggregateId: job?.id }).toArray();
    expect(event).toMatchObject({
      type: 'users.anonymisation-requested',
      data: { jobId: job?.id, userId: user.id },
    });
    for (const subgraph of ['products', 'inventory', 'orders']) {
      expect(await requests.answer(subgraph, job?.id, { text: '' })).toBe(true);
    }
    await eventually(async () =>
      expect(await requests.privacyJob(privacyStaff, job?.id)).toMatchObject({ status: 'DONE', document: null }),
    );
  });

  it('erases once more what was under way, and ends a session that began at the same moment', async () => {
    const { user } = await people.join();
    const { job } = await requests.userAnonymize(privacyStaff, user.id);
    await eventually(async () => {
      const { parts = [] } = (await requests.privacyJob(privacyStaff, job?.id)) ?? {};
      expect(parts.find(({ subgraph }) => subgraph === 'users')?.status).toBe('DONE');
    });
    const later = new Date(users.clock.now().getTime() + 30 * 24 * HOUR_MS);
    const session = { userId: user.id, createdAt: later, lastUsedAt: later, expiresAt: later, endedAt: null };
    await users.collection('sessions').insertOne({ _id: 'sess_late', ...session });
    users.clock.advance(HOUR_MS);
    await eventually(async () => expect(await users.collection('sessions').findOne({ _id: 'sess_late' })).toBeNull());
    expect(await users.redis.get('session:revoked:sess_late')).toBe('1');
  });
});

describe('the last administrator', () => {
  it('cannot be erased, also not when the last two leave at once', async () => {
    const alone = await startUsers();
    const { userAnonymize } = privacyRequests(alone);
    const admins = await Promise.all(
      [1, 2].map(async () => {
        const seed = { email: newAddress(), name: 'Admin', password: GOOD_PASSWORD, roleIds: ['ADMIN'] };
        return (await alone.administration.seedUser(seed)).id;
      }),
    );
    const answers = await Promise.all(admins.map((id) => userAnonymize(aUser({ id }), id, GOOD_PASSWORD)));
    expect(answers.filter(({ job }) => job !== null)).toHaveLength(1);
    expect(answers.flatMap(({ userErrors }) => userErrors)).toMatchObject([{ code: 'FORBIDDEN', field: ['id'] }]);
    expect(await alone.collection('users').countDocuments({ status: 'ACTIVE', roleIds: 'ADMIN' })).toBe(1);
    await alone.stop();
  });
});
