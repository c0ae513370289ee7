import { anonymous } from '@shopgraph/kit/testing';
import { GOOD_PASSWORD, journeys, newAddress } from '../journeys';
import { startUsers, type TestUsers } from '../start-users';
import { ACCEPTED, NEW_PASSWORD, passwordJourneys, REQUEST_RESET, RESET } from './password-journeys';

let users: TestUsers;
let person: ReturnType<typeof journeys> & ReturnType<typeof passwordJourneys>;
beforeAll(async () => {
  users = await startUsers({ client });
  person = { ...journeys(users), ...passwordJourneys(users) };
});
afterAll(() => users.stop());

const MINUTE_MS = 60_000;
const INVALID = {
  user: null,
  accessToken: null,
  refreshToken: null,
  expiresIn: null,
  userErrors: [{ code: 'INVALID_TOKEN', field: ['token'] }],
};
const client = { ip: '203.0.113.7', userAgent: null };
const REFUSED = { accessToken: null, userErrors: [{ code: 'INVALID_CREDENTIALS' }] };

/** Waits until every mail that was promised so far has left. */
async function everythingSent(): Promise<void> {
  const email = newAddress();
  await person.register({ email });
  await users.mailbox.arrived(email);
}

describe('somebody who has forgotten their password', () => {
  it('chooses a new one with the token from the mail, and is signed in', async () => {
    const { email, user } = await person.join();
    expect(await person.requestReset(` ${email.toUpperCase()} `)).toEqual(ACCEPTED);
    const mail = await users.mailbox.arrived(email, 2);
    expect(mail.subject).toBe('Choose a new password');
    expect(mail.text).toContain(`http://localhost:4000/reset-password?token=${mail.token}`);

    const answer = await person.reset(mail.token);
    expect(answer).toMatchObject({ expiresIn: 900, user: { id: user.id, email }, userErrors: [] });
    expect((await person.refresh(answer.refreshToken)).userErrors).toEqual([]);
    expect(await person.login(email, GOOD_PASSWORD)).toMatchObject(REFUSED);
    expect((await person.login(email, NEW_PASSWORD)).user?.id).toBe(user.id);
  });

  it('is signed out everywhere before', async () => {
    const { email, user, refreshToken, viewer } = await person.join();
    const elsewhere = await person.login(email);
    const { accessToken } = await person.reset(await person.resetToken(email));

    for (const token of [refreshToken, elsewhere.refreshToken]) {
      expect((await person.refresh(token)).userErrors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
    }
    expect(await users.redis.get(`session:revoked:${viewer.sessionId}`)).toBe('1');
    const live = await person.liveSessions(user.id);
    expect(live).toHaveLength(1);
    expect(accessToken).toContain('.');
  });

  it('gets a notice, which tells when and from where, and no token', async () => {
    const { email } = await person.join();
    const token = await person.resetToken(email);
    const notice = await person.mailedBy(email, 'password-changed', () => person.reset(token));
    expect(notice).toMatchObject({ subject: 'Your password was changed', token: null });
    expect(notice.text).toContain(`When: ${users.clock.now().getUTCDate()} `);
    expect(notice.text).toContain('From: 203.0.113.7');
  });

  it('finds it audited: what was asked for, and what was done', async () => {
    const { email, user } = await person.join();
    await person.reset(await person.resetToken(email));
    expect(await person.audited(user.id)).toEqual([
      'user.registered',
      'user.email-verified',
      'user.password-reset-requested',
      'user.password-reset',
    ]);
  });

  it('does not have to wait for having tried others', async () => {
    const { email } = await person.join();
    for (let time = 0; time < 4; time += 1) await person.login(email, 'a-wrong-violet-anchor');
    expect((await person.login(email)).userErrors).toMatchObject([{ code: 'LOGIN_ATTEMPT_DELAYED' }]);
    await person.reset(await person.resetToken(email));
    expect((await person.login(email, NEW_PASSWORD)).userErrors).toEqual([]);
  });

  it('may not choose a weak one, or one like their name, and can use the token again', async () => {
    const { email } = await person.join();
    const token = await person.resetToken(email);
    for (const password of ['password1234', 'ada lovelace', email]) {
      expect(await person.reset(token, password)).toMatchObject({
        accessToken: null,
        userErrors: [{ code: 'WEAK_PASSWORD', field: ['password'] }],
      });
    }
    expect((await person.reset(token)).userErrors).toEqual([]);
  });
});

describe('a reset token', () => {
  it('works for exactly one of ten simultaneous uses', async () => {
    const { email, user } = await person.join();
    const token = await person.resetToken(email);
    const passwords = Array.from({ length: 10 }, (_, index) => `amber-lantern-hums-${index}`);
    const answers = await Promise.all(passwords.map((password) => person.reset(token, password)));
    const winners = passwords.filter((_, index) => answers[index]?.userErrors.length === 0);
    expect(winners).toHaveLength(1);
    expect(answers.filter(({ userErrors }) => userErrors[0]?.code === 'INVALID_TOKEN')).toHaveLength(9);
    expect((await person.login(email, winners[0])).userErrors).toEqual([]);
    expect((await person.audited(user.id)).filter((action) => action === 'user.password-reset')).toHaveLength(1);
    expect(await person.reset(token)).toMatchObject(INVALID);
  });

  it('works until 30 minutes have passed', async () => {
    const [early, late] = [await person.join(), await person.join()];
    const [inTime, tooLate] = [await person.resetToken(early.email), await person.resetToken(late.email)];
    users.clock.advance(30 * MINUTE_MS - 1);
    expect((await person.reset(inTime)).userErrors).toEqual([]);
    users.clock.advance(1);
    expect(await person.reset(tooLate)).toMatchObject(INVALID);
  });

  it('is void when there is a newer one, also of ten that are asked for at once', async () => {
    const { email } = await person.join();
    const older = await person.resetToken(email);
    const newer = await person.resetToken(email);
    expect(await person.reset(older)).toMatchObject(INVALID);
    await Promise.all(Array.from({ length: 10 }, () => person.requestReset(email)));
    await everythingSent();
    const tokens = users.mailbox.to(email).flatMap(({ kind, token }) => (kind === 'password-reset' ? [token] : []));
    // Five in half an hour at the most.
    expect(tokens).toHaveLength(5);
    expect(await person.reset(newer)).toMatchObject(INVALID);
    const answers = await Promise.all(tokens.map((token) => person.reset(token)));
    expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1);
  });

  it('that was mailed last stays good when no further mail is sent, and when the time has passed there is one again', async () => {
    const { email } = await person.join();
    const tokens: string[] = [];
    for (let time = 0; time < 5; time += 1) tokens.push(await person.resetToken(email));
    await person.requestReset(email);
    await everythingSent();
    expect(users.mailbox.to(email)).toHaveLength(1 + 5);

    users.clock.advance(30 * MINUTE_MS - 1);
    expect((await person.reset(tokens[4] ?? '')).userErrors).toEqual([]);
    users.clock.advance(1);
    expect((await person.reset(await person.resetToken(email))).userErrors).toEqual([]);
  });

  it('is void once the password was changed', async () => {
    const { email, viewer } = await person.join();
    const token = await person.resetToken(email);
    expect((await person.change(viewer, GOOD_PASSWORD)).userErrors).toEqual([]);
    expect(await person.reset(token, 'another-violet-anchor')).toMatchObject(INVALID);
  });

  it('is in the database as a hash, and audited nowhere', async () => {
    const { email, user } = await person.join();
    const token = await person.resetToken(email);
    const stored = await Promise.all(
      ['passwordResets', 'auditEntries', 'users', 'outbox'].map((name) => users.collection(name).find().toArray()),
    );
    expect(JSON.stringify(stored)).toContain(user.id);
    expect(JSON.stringify(stored)).not.toContain(token);
  });

  it.each([
    ['another one', 'x'.repeat(43)],
    ['of a verification', null],
    ['an operator in JSON', '{"$gt":""}'],
    ['null bytes', '\0\0'],
  ])('is not %s', async (_what, token) => {
    const email = newAddress();
    await person.register({ email });
    const verification = (await users.mailbox.arrived(email)).token;
    expect(await person.reset(token ?? verification)).toMatchObject(INVALID);
  });
});

describe('resetting the password of an account that was never verified', () => {
  it('opens it: who reads the mail has shown that the address is theirs, and whoever registered it does not get in', async () => {
    const email = newAddress();
    await person.register({ email, password: 'intruder-violet-anchor' });
    const registration = await users.mailbox.arrived(email);
    const { user } = await person.reset(await person.resetToken(email));

    expect(await users.collection('users').findOne({ email })).toMatchObject({ status: 'ACTIVE', emailVerified: true });
    const events = await users.collection('outbox').find({ aggregateId: user?.id }).sort({ sequence: 1 }).toArray();
    expect(events).toMatchObject([
      { type: 'users.user-registered', sequence: 1 },
      { type: 'users.user-verified', sequence: 2, data: { userId: user?.id } },
    ]);
    expect(await person.audited(user?.id ?? '')).toContain('user.email-verified');
    expect((await person.verify(registration.token)).userErrors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
    expect(await users.collection('verifications').countDocuments({ userId: user?.id })).toBe(0);
    expect(await person.login(email, 'intruder-violet-anchor')).toMatchObject(REFUSED);
    expect((await person.login(email, NEW_PASSWORD)).userErrors).toEqual([]);
  });
});

describe.each(['DEACTIVATED', 'ANONYMISED'])('an account that is %s', (status) => {
  const closeAccount = (email: string) => users.collection('users').updateOne({ email }, { $set: { status } });

  it('gets no mail, and the same answer', async () => {
    const { email } = await person.join();
    await closeAccount(email);
    expect(await person.requestReset(email)).toEqual(ACCEPTED);
    await everythingSent();
    expect(users.mailbox.to(email)).toHaveLength(1);
  });

  it('cannot be reset with a token from before', async () => {
    const { email, user } = await person.join();
    const token = await person.resetToken(email);
    await closeAccount(email);
    const before = await users.collection('users').findOne({ email });
    expect(await person.reset(token)).toMatchObject(INVALID);
    expect(await users.collection('users').findOne({ email })).toEqual(before);
    expect(await person.audited(user.id)).not.toContain('user.password-reset');
  });
});

describe('an address without an account', () => {
  it('gets the same answer and no mail; it is audited without the address', async () => {
    const email = newAddress();
    expect(await person.requestReset(email)).toEqual(ACCEPTED);
    await everythingSent();
    expect(users.mailbox.to(email)).toEqual([]);
    expect(await person.audited('unknown')).toContain('user.password-reset-requested');
    const entries = await users.collection('auditEntries').find().toArray();
    expect(JSON.stringify(entries)).not.toContain(email);
  });

  it('costs the same writes as one with an account, and as one whose mailbox is full', async () => {
    const { email } = await person.join();
    const collections = ['passwordResets', 'mails', 'mailQuotas', 'auditEntries', 'users', 'outbox', 'verifications'];
    const writes: string[] = [];
    users.connection.getClient().on('commandStarted', ({ commandName, command }) => {
      const collection = String(command[commandName]);
      if (commandName !== 'find' && collections.includes(collection)) writes.push(`${commandName} ${collection}`);
    });
    // Mails and events that have left are marked in the background, audit entries chained.
    const inBackground = /^(findAndModify|update|delete) (mails|outbox|auditEntries)$/;
    const withoutSending = () =>
      writes
        .splice(0)
        .filter((write) => !inBackground.test(write))
        .sort();
    await person.requestReset(newAddress());
    const forNobody = withoutSending();
    expect(forNobody).toEqual([
      'insert auditEntries',
      'insert mails',
      'update mailQuotas',
      'update passwordResets',
      'update users',
    ]);
    for (let time = 0; time < 7; time += 1) {
      await person.requestReset(email);
      expect(withoutSending()).toEqual(forNobody);
    }
  });
});

describe('bad input', () => {
  it.each<[string, string, object, string[]]>([
    ['no address', REQUEST_RESET, { email: 'ada' }, ['email']],
    ['an operator for an address', REQUEST_RESET, { email: '{"$gt":""}' }, ['email']],
    ['an empty password', RESET, { token: 'token', password: '' }, ['password']],
    ['a password of 10,000 characters', RESET, { token: 'token', password: 'x'.repeat(10_000) }, ['password']],
    ['a token of 10,000 characters', RESET, { token: 'x'.repeat(10_000), password: NEW_PASSWORD }, ['token']],
  ])('such as %s is refused with its path', async (_what, query, variables, path) => {
    const { errors } = await users.send(anonymous, query, variables);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }]);
  });
});
