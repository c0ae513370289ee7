import { anonymous } from '@shopgraph/kit/testing';
import { decodeJwt } from 'jose';
import { journeys, viewerOf } from '../journeys';
import { startUsers, type TestUsers } from '../start-users';

let users: TestUsers;
let person: ReturnType<typeof journeys>;
beforeAll(async () => {
  users = await startUsers();
  person = journeys(users);
});
afterAll(() => users.stop());

const DAY_MS = 86_400_000;
const INVALID = {
  accessToken: null,
  refreshToken: null,
  user: null,
  userErrors: [{ code: 'INVALID_TOKEN', field: ['token'] }],
};
const isRevoked = async (sessionId: string) => (await users.redis.exists(`session:revoked:${sessionId}`)) === 1;
const auditOf = (subject: string, action: string) =>
  users.collection('auditEntries').find({ subject, action }).toArray();
const sendAs = (accessToken: string | null, query: string) => users.send(viewerOf(accessToken), query);

describe('a refresh token', () => {
  it('gives a new access token of the same session, and the next refresh token', async () => {
    const { user, accessToken, refreshToken } = await person.join();
    const next = await person.refresh(refreshToken);
    expect(next).toMatchObject({ expiresIn: 900, user: { id: user.id }, userErrors: [] });
    expect(next.refreshToken).not.toBe(refreshToken);
    expect(viewerOf(next.accessToken).sessionId).toBe(viewerOf(accessToken).sessionId);
    expect(decodeJwt(next.accessToken ?? '').jti).not.toBe(decodeJwt(accessToken).jti);
  });

  it('has 256 bits and is stored as a hash', async () => {
    const { refreshToken, viewer } = await person.join();
    expect(Buffer.from(refreshToken, 'base64url')).toHaveLength(32);
    const stored = await users.collection('refreshTokens').find({ sessionId: viewer.sessionId }).toArray();
    expect(stored).toHaveLength(1);
    expect(JSON.stringify(stored)).not.toContain(refreshToken);
  });

  it('gives ten simultaneous users of it the same successor, and no alarm', async () => {
    const { refreshToken, viewer } = await person.join();
    const answers = await Promise.all(Array.from({ length: 10 }, () => person.refresh(refreshToken)));
    expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    expect(new Set(answers.map((answer) => answer.refreshToken)).size).toBe(1);
    expect(await users.collection('refreshTokens').countDocuments({ sessionId: viewer.sessionId })).toBe(2);
    expect((await person.refresh(answers[0]?.refreshToken ?? null)).userErrors).toEqual([]);
    expect(await auditOf(viewer.sessionId, 'session.refresh-token-reused')).toEqual([]);
  });

  it('gives the same successor once more within ten seconds', async () => {
    const { refreshToken } = await person.join();
    const first = await person.refresh(refreshToken);
    users.clock.advance(9_999);
    expect((await person.refresh(refreshToken)).refreshToken).toBe(first.refreshToken);
  });

  it('that is used again later ends the session, for its successors too, and is audited once', async () => {
    const { refreshToken, viewer, email } = await person.join();
    const other = await person.login(email);
    const next = await person.refresh(refreshToken);
    users.clock.advance(10_000);

    expect(await person.refresh(refreshToken)).toMatchObject(INVALID);
    expect(await person.refresh(next.refreshToken)).toMatchObject(INVALID);
    expect(await person.refresh(refreshToken)).toMatchObject(INVALID);
    expect(await auditOf(viewer.sessionId, 'session.refresh-token-reused')).toMatchObject([{ actor: 'anonymous' }]);
    expect(await isRevoked(viewer.sessionId)).toBe(true);
    // Sessions on other devices are not concerned.
    expect((await person.refresh(other.refreshToken)).userErrors).toEqual([]);
  });

  it('keeps a session alive for as long as it is used', async () => {
    let { refreshToken }: { refreshToken: string | null } = await person.join();
    for (let month = 0; month < 3; month += 1) {
      users.clock.advance(29 * DAY_MS);
      refreshToken = (await person.refresh(refreshToken)).refreshToken;
      expect(refreshToken).not.toBeNull();
    }
    users.clock.advance(30 * DAY_MS);
    expect(await person.refresh(refreshToken)).toMatchObject(INVALID);
  });

  it('of somebody whose account was closed is worth nothing, and their session ends', async () => {
    const { refreshToken, email, viewer } = await person.join();
    await users.collection('users').updateOne({ email }, { $set: { status: 'DEACTIVATED' } });
    expect(await person.refresh(refreshToken)).toMatchObject(INVALID);
    expect(await isRevoked(viewer.sessionId)).toBe(true);
  });

  it.each([
    ['unknown', 'x'.repeat(43)],
    ['an operator', '{"$ne":null}'],
    ['a hash of one', 'PEaeroY07'],
  ])('that is %s is refused', async (_what, token) => {
    expect(await person.refresh(token)).toMatchObject(INVALID);
  });
});

describe('signing out', () => {
  const LOGOUT = 'mutation { logout { loggedOut userErrors { code } } }';
  const LOGOUT_ALL = 'mutation { logoutAll { loggedOut userErrors { code } } }';
  const LOGGED_OUT = { loggedOut: true, userErrors: [] };

  it('ends this session, and voids its access tokens for as long as they live', async () => {
    const { email, accessToken, refreshToken, viewer } = await person.join();
    const other = await person.login(email);
    expect((await sendAs(accessToken, LOGOUT)).data).toEqual({ logout: LOGGED_OUT });

    expect(await person.refresh(refreshToken)).toMatchObject(INVALID);
    expect(await users.redis.ttl(`session:revoked:${viewer.sessionId}`)).toBeGreaterThan(890);
    expect(await isRevoked(viewerOf(other.accessToken).sessionId)).toBe(false);
    expect((await person.refresh(other.refreshToken)).userErrors).toEqual([]);
  });

  it('can be repeated', async () => {
    const { accessToken, viewer } = await person.join();
    for (const _repetition of [1, 2]) expect((await sendAs(accessToken, LOGOUT)).data).toEqual({ logout: LOGGED_OUT });
    expect(await auditOf(viewer.sessionId, 'session.ended')).toMatchObject([{ actor: viewer.id }]);
  });

  it('everywhere ends all sessions of this user, and nobody else’s', async () => {
    const { email, accessToken, refreshToken } = await person.join();
    const [other, stranger] = [await person.login(email), await person.join()];
    expect((await sendAs(accessToken, LOGOUT_ALL)).data).toEqual({ logoutAll: LOGGED_OUT });

    for (const token of [refreshToken, other.refreshToken]) expect(await person.refresh(token)).toMatchObject(INVALID);
    for (const token of [accessToken, other.accessToken]) {
      const { sessionId } = viewerOf(token);
      expect(await isRevoked(sessionId)).toBe(true);
      expect(await auditOf(sessionId, 'session.ended')).toHaveLength(1);
    }
    expect((await person.refresh(stranger.refreshToken)).userErrors).toEqual([]);
  });

  it('does not end somebody else’s session, whatever session the call names', async () => {
    const [victim, other] = [await person.join(), await person.join()];
    await users.send({ ...other.viewer, sessionId: victim.viewer.sessionId }, LOGOUT);
    expect((await person.refresh(victim.refreshToken)).userErrors).toEqual([]);
    expect(await isRevoked(victim.viewer.sessionId)).toBe(false);
  });

  it('works while Redis is away', async () => {
    const own = await startUsers();
    const { join, refresh } = journeys(own);
    const { viewer, refreshToken } = await join();
    own.redis.disconnect();
    expect((await own.send(viewer, LOGOUT)).data).toEqual({ logout: LOGGED_OUT });
    expect((await own.send(viewer, LOGOUT_ALL)).data).toEqual({ logoutAll: LOGGED_OUT });
    expect(await refresh(refreshToken)).toMatchObject(INVALID);
    await own.stop();
  });

  it.each([LOGOUT, LOGOUT_ALL])('needs somebody who is signed in', async (query) => {
    const { errors } = await users.send(anonymous, query);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('shows in the list of sessions', async () => {
    const { email, accessToken } = await person.join();
    const { accessToken: current } = await person.login(email);
    await sendAs(accessToken, LOGOUT);
    const { data } = await sendAs(current, '{ me { sessions { id current lastUsedAt } } }');
    expect(data).toMatchObject({ me: { sessions: [{ id: viewerOf(current).sessionId, current: true }] } });
  });
});
