import { anApiKey, anonymous, aGate } from '@shopgraph/kit/testing';
import { PasswordHasher } from '../../src/passwords/password-hasher';
import { SessionStore } from '../../src/sessions/session-store';
import { GOOD_PASSWORD, journeys, viewerOf } from '../journeys';
import { startUsers, TEST_BCRYPT_COST, type TestUsers } from '../start-users';
import { CHANGE, NEW_PASSWORD, passwordJourneys } from './password-journeys';

let users: TestUsers;
let hasher: PasswordHasher;
let person: ReturnType<typeof journeys> & ReturnType<typeof passwordJourneys>;
beforeAll(async () => {
  hasher = new PasswordHasher(TEST_BCRYPT_COST);
  users = await startUsers({ hasher });
  person = { ...journeys(users), ...passwordJourneys(users) };
});
afterAll(() => users.stop());
afterEach(() => jest.restoreAllMocks());

const WRONG = 'a-wrong-violet-anchor';
const INVALID_CREDENTIALS = [{ code: 'INVALID_CREDENTIALS' }];
const userIn = (email: string) => users.collection('users').findOne({ email });

describe('somebody who changes their password', () => {
  it('signs in with the new one from then on, not with the old one', async () => {
    const { email, user, viewer } = await person.join();
    const answer = await person.change(viewer, GOOD_PASSWORD);
    expect(answer).toMatchObject({ expiresIn: 900, user: { id: user.id, email }, userErrors: [] });
    expect((await person.login(email, GOOD_PASSWORD)).userErrors).toMatchObject(INVALID_CREDENTIALS);
    expect((await person.login(email, NEW_PASSWORD)).user?.id).toBe(user.id);
  });

  it('goes on in a new session; every other one has ended, with the one that they were in', async () => {
    const { email, user, viewer, refreshToken } = await person.join();
    const elsewhere = await person.login(email);
    const answer = await person.change(viewer, GOOD_PASSWORD);

    const { sessionId } = viewerOf(answer.accessToken);
    expect(await person.liveSessions(user.id)).toEqual([sessionId]);
    for (const ended of [viewer.sessionId, viewerOf(elsewhere.accessToken).sessionId]) {
      expect(await users.redis.get(`session:revoked:${ended}`)).toBe('1');
    }
    expect(await users.redis.get(`session:revoked:${sessionId}`)).toBeNull();
    for (const token of [refreshToken, elsewhere.refreshToken]) {
      expect((await person.refresh(token)).userErrors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
    }
    expect((await person.refresh(answer.refreshToken)).userErrors).toEqual([]);
  });

  it('gets a notice, and finds it audited', async () => {
    const { email, user, viewer } = await person.join();
    const notice = await person.mailedBy(email, 'password-changed', () => person.change(viewer, GOOD_PASSWORD));
    expect(notice).toMatchObject({ subject: 'Your password was changed', token: null });
    expect(notice.text).toContain('Hello Ada Lovelace');
    expect(await person.audited(user.id)).toEqual(['user.registered', 'user.email-verified', 'user.password-changed']);
  });

  it('gets the notice also after five verifications, resets and further mails in the hour', async () => {
    const { email, viewer } = await person.join();
    for (let time = 0; time < 7; time += 1) {
      await Promise.all([person.register({ email }), person.requestReset(email)]);
    }
    const notice = await person.mailedBy(email, 'password-changed', () => person.change(viewer, GOOD_PASSWORD));
    expect(notice.to).toBe(email);
  });

  it('needs the present one, and nothing changes without', async () => {
    const { email, user, viewer } = await person.join();
    const before = await userIn(email);
    for (const current of [WRONG, GOOD_PASSWORD.slice(0, -1), `${GOOD_PASSWORD} `]) {
      expect(await person.change(viewer, current)).toMatchObject({
        accessToken: null,
        refreshToken: null,
        userErrors: [{ code: 'INVALID_CREDENTIALS', field: ['current'], message: 'This is not your password.' }],
      });
    }
    expect(await userIn(email)).toEqual(before);
    expect(await person.liveSessions(user.id)).toEqual([viewer.sessionId]);
  });

  it('is not guessed by who holds a session: after failures, here and signing in, not even the right one is compared', async () => {
    const { email, viewer } = await person.join();
    await Promise.all([person.change(viewer, WRONG), person.change(viewer, WRONG), person.login(email, WRONG)]);
    const compared = jest.spyOn(hasher, 'verify');
    expect((await person.change(viewer, GOOD_PASSWORD)).userErrors).toMatchObject([{ code: 'LOGIN_ATTEMPT_DELAYED' }]);
    expect(compared).not.toHaveBeenCalled();
    users.clock.advance(1_000);
    expect((await person.change(viewer, GOOD_PASSWORD)).userErrors).toEqual([]);
  });

  it.each([
    ['the same again', GOOD_PASSWORD, 'This is your present password: choose another one.'],
    ['a common one', 'password1234', expect.stringContaining('too easy to guess')],
    ['one like their name', 'AdaLovelace1', expect.stringContaining('too easy to guess')],
  ])('does not choose %s', async (_what, next, message) => {
    const { email, viewer } = await person.join();
    const before = await userIn(email);
    expect(await person.change(viewer, GOOD_PASSWORD, next)).toMatchObject({
      accessToken: null,
      userErrors: [{ code: 'WEAK_PASSWORD', field: ['next'], message }],
    });
    expect(await userIn(email)).toEqual(before);
  });

  it('does not choose the same again in another way to write it', async () => {
    const { viewer } = await person.join(undefined, 'läuft-über-das-Eis-42');
    const answer = await person.change(viewer, 'läuft-über-das-Eis-42', 'la\u0308uft-u\u0308ber-das-Eis-42');
    expect(answer.userErrors).toMatchObject([{ code: 'WEAK_PASSWORD', field: ['next'] }]);
  });

  it('may choose one of more than 72 bytes, all of which counts', async () => {
    const { email, viewer } = await person.join();
    const long = 'amber-lantern-77 '.repeat(10);
    expect((await person.change(viewer, GOOD_PASSWORD, long)).userErrors).toEqual([]);
    expect((await person.login(email, `${long.slice(0, -1)}!`)).userErrors).toMatchObject(INVALID_CREDENTIALS);
    expect((await person.login(email, long)).userErrors).toEqual([]);
  });

  it('is somebody who is signed in: not anonymous, not a program, not in a session that has ended', async () => {
    const { viewer, email } = await person.join();
    const variables = { current: GOOD_PASSWORD, next: NEW_PASSWORD };
    const codeFor = async (who: Parameters<TestUsers['send']>[0]) =>
      (await users.send(who, CHANGE, variables)).errors?.[0]?.extensions.code;
    expect(await codeFor(anonymous)).toBe('UNAUTHENTICATED');
    expect(await codeFor(anApiKey({ ownerId: viewer.id }))).toBe('FORBIDDEN');
    expect(await codeFor({ ...viewer, sessionId: (await person.join()).viewer.sessionId })).toBe('UNAUTHENTICATED');
    await users.send(viewer, 'mutation { logout { loggedOut } }');
    expect(await codeFor(viewer)).toBe('UNAUTHENTICATED');
    expect((await person.login(email, GOOD_PASSWORD)).userErrors).toEqual([]);
  });
});

describe('simultaneous changes', () => {
  it('with one present password: exactly one of ten succeeds, and its password is the one', async () => {
    const { email, user, viewer } = await person.join();
    const passwords = Array.from({ length: 10 }, (_, index) => `amber-lantern-hums-${index}`);
    const answers = await Promise.all(
      passwords.map((next) =>
        users.send<{ changePassword: { accessToken: string | null } } | null>(viewer, CHANGE, {
          current: GOOD_PASSWORD,
          next,
        }),
      ),
    );
    const winners = passwords.filter((_, index) => answers[index]?.data?.changePassword.accessToken);
    expect(winners).toHaveLength(1);
    const refusals = answers.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions.code));
    expect(refusals.every((code) => code === 'UNAUTHENTICATED')).toBe(true);
    expect(await person.liveSessions(user.id)).toHaveLength(1);
    expect((await person.login(email, winners[0])).userErrors).toEqual([]);
  });

  it('and sign-ins with the old password leave the one new session only', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { email, user, viewer } = await person.join();
      // More at once would have to wait, as guesses do.
      const logins = Array.from({ length: 2 }, () => person.login(email, GOOD_PASSWORD));
      const [answer] = await Promise.all([person.change(viewer, GOOD_PASSWORD), ...logins]);
      expect(answer.userErrors).toEqual([]);
      expect(await person.liveSessions(user.id)).toEqual([viewerOf(answer.accessToken).sessionId]);
    }
  });
});

describe('a sign-in with the old password that is under way', () => {
  it('when its hash was right before the change fails after it', async () => {
    const { email, user, viewer } = await person.join();
    const [compared, changed] = [aGate(), aGate()];
    const verify = hasher.verify.bind(hasher);
    jest.spyOn(hasher, 'verify').mockImplementationOnce(async (...args) => {
      const isRight = await verify(...args);
      compared.open();
      await changed.passed;
      return isRight;
    });
    const login = person.login(email, GOOD_PASSWORD);
    await compared.passed;
    const answer = await person.change(viewer, GOOD_PASSWORD);
    changed.open();
    expect((await login).userErrors).toMatchObject(INVALID_CREDENTIALS);
    expect(await person.liveSessions(user.id)).toEqual([viewerOf(answer.accessToken).sessionId]);
  });

  it('and has looked a second time, but is not saved yet, does not survive the change either', async () => {
    const { email, user, viewer } = await person.join();
    const aboutToSave = aGate();
    const add = jest.spyOn(SessionStore.prototype, 'add');
    add.mockImplementationOnce(async function (this: SessionStore, ...args) {
      aboutToSave.open();
      // As long as the change takes when nothing holds it up, and some more.
      await new Promise((resolve) => setTimeout(resolve, 150));
      // The mock is used up: this is the method itself.
      return this.add(...args);
    });
    const login = person.login(email, GOOD_PASSWORD);
    await aboutToSave.passed;
    const answer = await person.change(viewer, GOOD_PASSWORD);
    await login;
    expect(await person.liveSessions(user.id)).toEqual([viewerOf(answer.accessToken).sessionId]);
  });
});
