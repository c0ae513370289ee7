import { aGate, anApiKey, anonymous, aUser } from '@shopgraph/kit/testing';
import { PasswordHasher } from '../src/passwords/password-hasher';
import { GOOD_PASSWORD, journeys, newAddress, viewerOf } from './journeys';
import {
  ACCEPTED,
  CONFIRM_EMAIL_CHANGE,
  NEW_PASSWORD,
  passwordJourneys,
  REQUEST_EMAIL_CHANGE,
} from './passwords/password-journeys';
import { startUsers, TEST_BCRYPT_COST, type TestUsers } from './start-users';

let users: TestUsers;
let hasher: PasswordHasher;
let person: ReturnType<typeof journeys> & ReturnType<typeof passwordJourneys>;
beforeAll(async () => {
  hasher = new PasswordHasher(TEST_BCRYPT_COST);
  users = await startUsers({ hasher, client: { ip: '203.0.113.7', userAgent: null } });
  person = { ...journeys(users), ...passwordJourneys(users) };
});
afterAll(() => users.stop());
afterEach(() => jest.restoreAllMocks());

const HOUR_MS = 3_600_000;
const INVALID = { user: null, userErrors: [{ code: 'INVALID_TOKEN', field: ['token'] }] };
const userIn = (email: string) => users.collection('users').findOne({ email });

type Joined = Awaited<ReturnType<typeof person.join>>;

/** Asks for a change of address, and answers the token that was mailed there. */
async function changeToken({ viewer }: Pick<Joined, 'viewer'>, newEmail: string): Promise<string> {
  const ask = () => person.requestEmailChange(viewer, newEmail, GOOD_PASSWORD);
  return (await person.mailedBy(newEmail, 'email-change', ask)).token ?? '';
}

/** Waits until every mail that was promised so far has left. */
async function everythingSent(): Promise<void> {
  const email = newAddress();
  await person.register({ email });
  await users.mailbox.arrived(email);
}

describe('somebody who changes their address', () => {
  it('confirms the new one with the token that was mailed there, and signs in with it from then on', async () => {
    const ada = await person.join();
    const newEmail = newAddress();
    expect(await person.requestEmailChange(ada.viewer, ` ${newEmail.toUpperCase()}`, GOOD_PASSWORD)).toEqual(ACCEPTED);
    const mail = await users.mailbox.arrived(newEmail);
    expect(mail).toMatchObject({ kind: 'email-change', subject: 'Confirm your new e-mail address' });
    expect(mail.text).toContain(`http://localhost:4000/confirm-email-change?token=${mail.token}`);
    expect(await userIn(newEmail)).toBeNull();

    expect(await person.confirmEmailChange(ada.viewer, mail.token)).toEqual({
      user: { id: ada.user.id, email: newEmail, emailVerified: true, version: 3 },
      userErrors: [],
    });
    expect((await person.login(newEmail)).user?.id).toBe(ada.user.id);
    expect((await person.login(ada.email)).userErrors).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
  });

  it('is told of it at the old address: when it is asked for, and when it is done', async () => {
    const ada = await person.join();
    const newEmail = newAddress();
    const token = await changeToken(ada, newEmail);
    const [notice] = person.mailsOf(ada.email, 'email-change-notice');
    expect(notice).toMatchObject({ subject: 'Your e-mail address is about to change', token: null });
    expect(notice?.text).toContain('From: 203.0.113.7\nNew address: u…@example.com');
    expect(notice?.text).not.toContain(newEmail);

    const done = await person.mailedBy(ada.email, 'email-changed', () => person.confirmEmailChange(ada.viewer, token));
    expect(done).toMatchObject({ subject: 'Your e-mail address was changed', token: null });
    expect(users.mailbox.to(newEmail)).toHaveLength(1);
  });

  it('stays signed in where they confirm it, and nowhere else', async () => {
    const ada = await person.join();
    const elsewhere = viewerOf((await person.login(ada.email)).accessToken);
    await person.confirmEmailChange(ada.viewer, await changeToken(ada, newAddress()));
    expect(await person.liveSessions(ada.user.id)).toEqual([ada.viewer.sessionId]);
    expect(await users.redis.get(`session:revoked:${elsewhere.sessionId}`)).toBe('1');
    expect(await users.redis.get(`session:revoked:${ada.viewer.sessionId}`)).toBeNull();
    expect((await person.refresh(ada.refreshToken)).userErrors).toEqual([]);
  });

  it('is announced by id only, and finds it audited', async () => {
    const ada = await person.join();
    const newEmail = newAddress();
    await person.confirmEmailChange(ada.viewer, await changeToken(ada, newEmail));
    const events = await users.collection('outbox').find({ aggregateId: ada.user.id }).sort({ sequence: 1 }).toArray();
    expect(events[2]).toMatchObject({ type: 'users.email-changed', sequence: 3, data: { userId: ada.user.id } });
    expect(await person.audited(ada.user.id)).toEqual([
      'user.registered',
      'user.email-verified',
      'user.email-change-requested',
      'user.email-changed',
    ]);
    const entries = await users.collection('auditEntries').find({ subject: ada.user.id }).toArray();
    expect(JSON.stringify([events, entries])).not.toMatch(new RegExp(`${ada.email}|${newEmail}`));
  });

  it('cannot have their password reset by who reads the old mailbox', async () => {
    const ada = await person.join();
    const reset = await person.resetToken(ada.email);
    await person.confirmEmailChange(ada.viewer, await changeToken(ada, newAddress()));
    expect((await person.reset(reset)).userErrors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
    await person.requestReset(ada.email);
    await everythingSent();
    expect(person.mailsOf(ada.email, 'password-reset')).toHaveLength(1);
  });

  it('needs the password, and guesses count like those of signing in', async () => {
    const ada = await person.join();
    const newEmail = newAddress();
    const guess = () => person.requestEmailChange(ada.viewer, newEmail, 'a-wrong-violet-anchor');
    expect(await guess()).toEqual({
      accepted: false,
      userErrors: [{ code: 'INVALID_CREDENTIALS', field: ['password'], message: 'This is not your password.' }],
    });
    await guess();
    await guess();
    const right = await person.requestEmailChange(ada.viewer, newEmail, GOOD_PASSWORD);
    expect(right.userErrors).toMatchObject([{ code: 'LOGIN_ATTEMPT_DELAYED' }]);
    await everythingSent();
    expect(users.mailbox.to(newEmail)).toEqual([]);
    expect(users.mailbox.to(ada.email)).toHaveLength(1);
  });

  it('cannot change it to what it is', async () => {
    const ada = await person.join();
    expect(await person.requestEmailChange(ada.viewer, ada.email.toUpperCase(), GOOD_PASSWORD)).toMatchObject({
      accepted: false,
      userErrors: [{ code: 'BAD_USER_INPUT', field: ['newEmail'] }],
    });
  });

  it('mails no strangers beyond five in an hour, whoever they are', async () => {
    const ada = await person.join();
    const strangers = Array.from({ length: 8 }, () => newAddress());
    for (const stranger of strangers) {
      expect(await person.requestEmailChange(ada.viewer, stranger, GOOD_PASSWORD)).toEqual(ACCEPTED);
    }
    await everythingSent();
    expect(strangers.map((stranger) => users.mailbox.to(stranger).length)).toEqual([1, 1, 1, 1, 1, 0, 0, 0]);
    expect(person.mailsOf(ada.email, 'email-change-notice')).toHaveLength(5);
  });
});

describe('a token for a change of address', () => {
  it('works for exactly one of ten simultaneous uses', async () => {
    const ada = await person.join();
    const token = await changeToken(ada, newAddress());
    const answers = await Promise.all(Array.from({ length: 10 }, () => person.confirmEmailChange(ada.viewer, token)));
    expect(answers.filter(({ user }) => user !== null)).toHaveLength(1);
    expect(answers.filter(({ userErrors }) => userErrors[0]?.code === 'INVALID_TOKEN')).toHaveLength(9);
    expect((await person.audited(ada.user.id)).filter((action) => action === 'user.email-changed')).toHaveLength(1);
  });

  it('works until 24 hours have passed', async () => {
    const [ada, eve] = [await person.join(), await person.join()];
    const [inTime, tooLate] = [await changeToken(ada, newAddress()), await changeToken(eve, newAddress())];
    users.clock.advance(24 * HOUR_MS - 1);
    expect((await person.confirmEmailChange(ada.viewer, inTime)).userErrors).toEqual([]);
    users.clock.advance(1);
    expect(await person.confirmEmailChange(eve.viewer, tooLate)).toMatchObject(INVALID);
  });

  it('is void when there is a newer one', async () => {
    const ada = await person.join();
    const [older, newer] = [await changeToken(ada, newAddress()), await changeToken(ada, newAddress())];
    expect(await person.confirmEmailChange(ada.viewer, older)).toMatchObject(INVALID);
    expect((await person.confirmEmailChange(ada.viewer, newer)).userErrors).toEqual([]);
  });

  it('is void once the password was changed or reset: that is how an owner stops a thief', async () => {
    const ada = await person.join();
    const first = await changeToken(ada, newAddress());
    const { accessToken } = await person.change(ada.viewer, GOOD_PASSWORD);
    expect(await person.confirmEmailChange(viewerOf(accessToken), first)).toMatchObject(INVALID);

    const eve = await person.join();
    const second = await changeToken(eve, newAddress());
    const reset = await person.reset(await person.resetToken(eve.email));
    expect(await person.confirmEmailChange(viewerOf(reset.accessToken), second)).toMatchObject(INVALID);
  });

  it('is no use to anybody but whoever asked for it: not even at the mailbox that was mistyped', async () => {
    const [ada, stranger] = [await person.join(), await person.join()];
    const token = await changeToken(ada, newAddress());
    expect(await person.confirmEmailChange(stranger.viewer, token)).toMatchObject(INVALID);
    const codeFor = async (who: Parameters<TestUsers['send']>[0]) =>
      (await users.send(who, CONFIRM_EMAIL_CHANGE, { token })).errors?.[0]?.extensions.code;
    expect(await codeFor(anonymous)).toBe('UNAUTHENTICATED');
    expect(await codeFor(anApiKey({ ownerId: ada.user.id }))).toBe('FORBIDDEN');
    expect(await codeFor({ ...ada.viewer, sessionId: stranger.viewer.sessionId })).toBe('UNAUTHENTICATED');
    expect((await userIn(ada.email))?._id).toBe(ada.user.id);
  });

  it('is in the database as a hash', async () => {
    const ada = await person.join();
    const token = await changeToken(ada, newAddress());
    const [stored] = await users.collection('emailChanges').find({ _id: ada.user.id }).toArray();
    expect(stored?.tokenHash).toEqual(expect.stringMatching(/^[\w-]{43}$/));
    expect(JSON.stringify(stored)).not.toContain(token);
  });

  it('is not another one, an operator in JSON, or one of a reset', async () => {
    const ada = await person.join();
    for (const token of ['x'.repeat(43), '{"$gt":""}', await person.resetToken(ada.email)]) {
      expect(await person.confirmEmailChange(ada.viewer, token)).toMatchObject(INVALID);
    }
  });

  it.each(['DEACTIVATED', 'ANONYMISED'])('is no use when the account is %s', async (status) => {
    const ada = await person.join();
    const token = await changeToken(ada, newAddress());
    await users.collection('users').updateOne({ _id: ada.user.id }, { $set: { status } });
    expect(await person.confirmEmailChange(ada.viewer, token)).toMatchObject(INVALID);
  });

  it('is void when the account was closed, also once it is open again', async () => {
    const ada = await person.join();
    const [token, reset] = [await changeToken(ada, newAddress()), await person.resetToken(ada.email)];
    const manager = aUser({ permissions: ['user:manage'] });
    for (const status of ['DEACTIVATED', 'ACTIVE']) {
      const mutation = `mutation { userSetStatus(id: "${ada.user.id}", status: ${status}) { user { status } } }`;
      expect((await users.send(manager, mutation)).data).toEqual({ userSetStatus: { user: { status } } });
    }
    const viewer = viewerOf((await person.login(ada.email)).accessToken);
    expect(await person.confirmEmailChange(viewer, token)).toMatchObject(INVALID);
    expect((await person.reset(reset)).userErrors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
  });
});

describe('an address that somebody has', () => {
  it.each(['ACTIVE', 'UNVERIFIED', 'DEACTIVATED'])(
    'and whose account is %s gets the same answer; its owner is told, without a token',
    async (status) => {
      const [ada, owner] = [await person.join(), await person.join()];
      await users.collection('users').updateOne({ _id: owner.user.id }, { $set: { status } });
      const ask = () => person.requestEmailChange(ada.viewer, owner.email, GOOD_PASSWORD);
      const told = await person.mailedBy(owner.email, 'account-exists', async () =>
        expect(await ask()).toEqual(ACCEPTED),
      );
      expect(told).toMatchObject({ token: null, subject: 'You already have an account' });
      expect(told.text).not.toContain('u…@');
      expect(person.mailsOf(ada.email, 'email-change-notice')).toHaveLength(1);
      expect(await users.collection('emailChanges').findOne({ _id: ada.user.id })).toBeNull();
    },
  );

  it('or gets before it is confirmed stays theirs: the token is invalid', async () => {
    const ada = await person.join();
    const newEmail = newAddress();
    const token = await changeToken(ada, newEmail);
    const registered = await person.mailedBy(newEmail, 'verification', () => person.register({ email: newEmail }));
    expect(await person.confirmEmailChange(ada.viewer, token)).toMatchObject(INVALID);
    expect((await person.verify(registered.token)).user?.email).toBe(newEmail);
    expect((await userIn(ada.email))?._id).toBe(ada.user.id);
    expect(await person.liveSessions(ada.user.id)).toEqual([ada.viewer.sessionId]);
  });

  it('becomes the address of one of five who confirm it at once', async () => {
    const newEmail = newAddress();
    const people = await Promise.all(Array.from({ length: 5 }, () => person.join()));
    const tokens: string[] = [];
    for (const somebody of people) tokens.push(await changeToken(somebody, newEmail));
    const answers = await Promise.all(
      people.map(({ viewer }, index) => person.confirmEmailChange(viewer, tokens[index] ?? '')),
    );
    expect(answers.filter(({ user }) => user?.email === newEmail)).toHaveLength(1);
    expect(answers.filter(({ userErrors }) => userErrors[0]?.code === 'INVALID_TOKEN')).toHaveLength(4);
    expect(await users.collection('users').countDocuments({ email: newEmail })).toBe(1);
  });
});

describe('a change of the password at the same time', () => {
  it('leaves no token for another address to who had given the old one', async () => {
    const ada = await person.join();
    const newEmail = newAddress();
    const [compared, changed] = [aGate(), aGate()];
    const verify = hasher.verify.bind(hasher);
    jest.spyOn(hasher, 'verify').mockImplementationOnce(async (...args) => {
      const isRight = await verify(...args);
      compared.open();
      await changed.passed;
      return isRight;
    });
    const asked = users.send(ada.viewer, REQUEST_EMAIL_CHANGE, { newEmail, password: GOOD_PASSWORD });
    await compared.passed;
    expect((await person.change(ada.viewer, GOOD_PASSWORD, NEW_PASSWORD)).userErrors).toEqual([]);
    changed.open();
    expect((await asked).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    await everythingSent();
    expect(users.mailbox.to(newEmail)).toEqual([]);
    expect(await users.collection('emailChanges').findOne({ _id: ada.user.id })).toBeNull();
  });
});

describe('bad input', () => {
  it.each<[string, string, object, string[]]>([
    ['no address', REQUEST_EMAIL_CHANGE, { newEmail: 'ada', password: 'x' }, ['newEmail']],
    ['an empty password', REQUEST_EMAIL_CHANGE, { newEmail: 'a@example.com', password: '' }, ['password']],
    ['a token of 10,000 characters', CONFIRM_EMAIL_CHANGE, { token: 'x'.repeat(10_000) }, ['token']],
  ])('such as %s is refused with its path', async (_what, query, variables, path) => {
    const { viewer } = await person.join();
    const { errors } = await users.send(viewer, query, variables);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }]);
  });
});
