import { type Client, type Permission, PERMISSIONS } from '@shopgraph/kit';
import { anApiKey, anonymous, aUser, signedClient, testKeys } from '@shopgraph/kit/testing';
import { journeys, viewerOf } from '../journeys';
import { startUsers, type TestUsers } from '../start-users';

const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0';
const PHONE =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36';
const SESSIONS = '{ me { sessions { id device ip current lastUsedAt createdAt } } }';
const REVOKE = `mutation ($id: ID!) {
  revokeSession(id: $id) { session { id device current } userErrors { code field } }
}`;
const NOT_FOUND = { revokeSession: { session: null, userErrors: [{ code: 'NOT_FOUND', field: ['id'] }] } };

let users: TestUsers;
let person: ReturnType<typeof journeys>;
beforeAll(async () => {
  users = await startUsers();
  person = journeys(users);
});
afterAll(() => users.stop());

/** What a person does with the subgraph from somewhere. */
const at = (client: Client) => journeys({ ...users, send: signedClient(users.origin, testKeys, users.clock, client) });
const isRevoked = async (sessionId: string) => (await users.redis.exists(`session:revoked:${sessionId}`)) === 1;
const auditOf = (subject: string) =>
  users.collection('auditEntries').find({ subject, action: 'session.ended' }).toArray();

describe('a session', () => {
  it('knows on which device and at which address it was last used', async () => {
    const { email } = await person.join();
    const { accessToken, refreshToken } = await at({ ip: '192.0.2.1', userAgent: WINDOWS }).login(email);
    const first = await users.send(viewerOf(accessToken), SESSIONS);
    expect(first.data).toMatchObject({
      me: {
        sessions: expect.arrayContaining([
          expect.objectContaining({ device: 'Firefox on Windows', ip: '192.0.2.1', current: true }),
          expect.objectContaining({ device: 'Unknown device', ip: null, current: false }),
        ]),
      },
    });

    users.clock.advance(60_000);
    await at({ ip: '2001:db8::1', userAgent: PHONE }).refresh(refreshToken);
    const { data } = await users.send<{ me: { sessions: { lastUsedAt: string }[] } }>(viewerOf(accessToken), SESSIONS);
    expect(data.me.sessions[0]).toMatchObject({
      device: 'Chrome on Android',
      ip: '2001:db8::1',
      current: true,
      lastUsedAt: users.clock.now().toISOString(),
    });
  });

  it('that began before that was noted reads like one of an unknown device', async () => {
    const { viewer } = await person.join();
    await users.collection('sessions').updateOne({ _id: viewer.sessionId }, { $unset: { ip: 1, userAgent: 1 } });
    expect((await users.send(viewer, SESSIONS)).data).toMatchObject({
      me: { sessions: [{ id: viewer.sessionId, device: 'Unknown device', ip: null }] },
    });
  });
});

describe('revokeSession', () => {
  it('ends another session of the same user at once, and is audited once', async () => {
    const { email, viewer } = await person.join();
    const phone = await at({ ip: '192.0.2.1', userAgent: PHONE }).login(email);
    const { sessionId } = viewerOf(phone.accessToken);
    for (const _repetition of [1, 2]) {
      expect(await users.send(viewer, REVOKE, { id: sessionId })).toEqual({
        data: {
          revokeSession: {
            session: { id: sessionId, device: 'Chrome on Android', current: false },
            userErrors: [],
          },
        },
      });
    }
    expect(await isRevoked(sessionId)).toBe(true);
    expect((await person.refresh(phone.refreshToken)).userErrors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
    expect(await auditOf(sessionId)).toMatchObject([{ actor: viewer.id }]);
    expect(await isRevoked(viewer.sessionId)).toBe(false);
  });

  it('tells nobody whether a session of somebody else exists', async () => {
    const [victim, other] = [await person.join(), await person.join()];
    const unknown = 'sess_01h455vb4pex5vsknk084sn02q';
    for (const viewer of [other.viewer, aUser({ permissions: ['user:read'] })]) {
      for (const id of [victim.viewer.sessionId, unknown]) {
        expect(await users.send(viewer, REVOKE, { id })).toEqual({ data: NOT_FOUND });
      }
    }
    expect(await isRevoked(victim.viewer.sessionId)).toBe(false);
    expect((await person.refresh(victim.refreshToken)).userErrors).toEqual([]);
  });

  it.each([
    ['a manager', aUser({ id: 'user_manager', permissions: ['user:manage'] }), 'user_manager'],
    ['a program of one', anApiKey({ id: 'apikey_7', permissions: ['user:manage'] }), 'apikey_7'],
  ])('lets %s end sessions of customers', async (_who, viewer, actor) => {
    const { viewer: customer } = await person.join();
    const { data } = await users.send(viewer, REVOKE, { id: customer.sessionId });
    expect(data).toMatchObject({ revokeSession: { session: { id: customer.sessionId }, userErrors: [] } });
    expect(await isRevoked(customer.sessionId)).toBe(true);
    expect(await auditOf(customer.sessionId)).toMatchObject([{ actor }]);
  });

  it('lets managers end sessions of those only who may do no more than they', async () => {
    const seed = { email: 'boss@example.com', name: 'Boss', password: 'violet', roleIds: ['ADMIN'] };
    await users.administration.seedUser(seed);
    const { sessionId } = viewerOf((await person.login(seed.email, seed.password)).accessToken);
    const manager = aUser({ id: 'user_manager', permissions: ['user:manage', 'user:read'] });
    expect((await users.send(manager, REVOKE, { id: sessionId })).data).toEqual(NOT_FOUND);
    expect(await isRevoked(sessionId)).toBe(false);

    const admin = aUser({ id: 'user_admin', permissions: Object.keys(PERMISSIONS) as Permission[] });
    expect((await users.send(admin, REVOKE, { id: sessionId })).data).toMatchObject({
      revokeSession: { session: { id: sessionId } },
    });
    expect(await isRevoked(sessionId)).toBe(true);
  });

  it.each([
    ['nobody known', anonymous, 'UNAUTHENTICATED'],
    ['a program without that permission', anApiKey({ permissions: ['user:read'] }), 'FORBIDDEN'],
  ])('is not for %s', async (_who, viewer, code) => {
    const { viewer: victim } = await person.join();
    const { errors } = await users.send(viewer, REVOKE, { id: victim.sessionId });
    expect(errors).toMatchObject([{ extensions: { code } }]);
    expect(await isRevoked(victim.sessionId)).toBe(false);
  });

  it('takes no id of another kind', async () => {
    const { viewer } = await person.join();
    for (const id of ['', 'user_01h455vb4pex5vsknk084sn02q', '{"$gt":""}']) {
      const { errors } = await users.send(viewer, REVOKE, { id });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: ['id'] }] } }]);
    }
  });
});
