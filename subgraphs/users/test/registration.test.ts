import { anonymous } from '@shopgraph/kit/testing';
import { GOOD_PASSWORD, journeys, newAddress, viewerOf } from './journeys';
import { PasswordHasher } from '../src/passwords/password-hasher';
import { startUsers, TEST_BCRYPT_COST, type TestUsers } from './start-users';

let users: TestUsers;
let person: ReturnType<typeof journeys>;
beforeAll(async () => {
  users = await startUsers();
  person = journeys(users);
});
afterAll(() => users.stop());

const ACCEPTED = { accepted: true, userErrors: [] };
const HOUR_MS = 3_600_000;
const usersWith = (email: string) => users.collection('users').find({ email }).toArray();
const tenTimes = <Value>(work: (index: number) => Promise<Value>) =>
  Promise.all(Array.from({ length: 10 }, (_, i) => work(i)));

describe('somebody new', () => {
  it('registers, confirms the address, signs in, and is who they are', async () => {
    const email = newAddress();
    expect(await person.register({ email, name: ' Ada Lovelace ' })).toEqual(ACCEPTED);

    const mail = await users.mailbox.arrived(email);
    expect(mail).toMatchObject({ to: email, subject: 'Confirm your e-mail address' });
    expect(mail.text).toContain(`http://localhost:4000/verify-email?token=${mail.token}`);

    const verified = await person.verify(mail.token);
    expect(verified).toMatchObject({ expiresIn: 900, userErrors: [], user: { email, name: 'Ada Lovelace' } });
    expect(verified.user?.roles).toEqual([{ id: 'CUSTOMER' }]);

    const { accessToken, user } = await person.login(email);
    expect(user?.id).toBe(verified.user?.id);
    const { data } = await users.send(
      viewerOf(accessToken),
      '{ me { email emailVerified status permissions version sessions { current } createdAt } }',
    );
    expect(data).toEqual({
      me: {
        email,
        emailVerified: true,
        status: 'ACTIVE',
        permissions: [],
        version: 2,
        sessions: expect.arrayContaining([{ current: true }, { current: false }]),
        createdAt: users.clock.now().toISOString(),
      },
    });
  });

  it.each([
    ['emoji', '🦊 Ada 👩‍💻'],
    ['letters from right to left', 'عائشة بنت أبي بكر'],
    ['signs of markup', 'Ada <3 & "Söhne"'],
    ['the name of a part of every object', '__proto__'],
  ])('may be called %s', async (_what, name) => {
    const email = newAddress();
    await person.register({ email, name });
    const { token, html } = await users.mailbox.arrived(email);
    expect(html).not.toContain('<3');
    expect((await person.verify(token)).user?.name).toBe(name);
  });

  it.each([
    ['with words of many bytes', '🦊'.repeat(3) + 'läuft-über-das-Eis'],
    ['of more than 72 bytes', 'anchor-violet-42 '.repeat(10)],
    ['with a null byte', 'violet-anchor\0drifts-42'],
    ['with white space around it', '  violet-anchor-drifts  '],
  ])('may have a password %s, and all of it counts', async (_what, password) => {
    const { email } = await person.join(newAddress(), password);
    expect((await person.login(email, password)).userErrors).toEqual([]);
    expect((await person.login(email, password.slice(0, -1))).userErrors).toMatchObject([
      { code: 'INVALID_CREDENTIALS' },
    ]);
  });

  it('with a weak password is told so, and leaves no trace', async () => {
    const email = newAddress();
    const answer = await person.register({ email, password: 'password1234' });
    expect(answer).toMatchObject({
      accepted: false,
      userErrors: [{ code: 'WEAK_PASSWORD', field: ['input', 'password'] }],
    });
    expect(await usersWith(email)).toEqual([]);
  });

  it('is announced to the other services by id only, as is their verification', async () => {
    const { user, email } = await person.join();
    const events = await users.collection('outbox').find({ aggregateId: user.id }).sort({ sequence: 1 }).toArray();
    expect(events).toMatchObject([
      { type: 'users.user-registered', sequence: 1, data: { userId: user.id } },
      { type: 'users.user-verified', sequence: 2, data: { userId: user.id } },
    ]);
    expect(JSON.stringify(events)).not.toContain(email);
  });

  it('is in the database without password or token', async () => {
    const email = newAddress();
    await person.register({ email });
    const { token } = await users.mailbox.arrived(email);
    const [user] = await usersWith(email);
    const verifications = await users.collection('verifications').find({ userId: user?._id }).toArray();
    expect(verifications).toHaveLength(1);
    const stored = JSON.stringify([user, verifications]);
    expect(stored).not.toContain(GOOD_PASSWORD);
    expect(stored).not.toContain(token);
  });
});

describe('ten simultaneous registrations', () => {
  it('of one address make one user and no error', async () => {
    const email = newAddress();
    expect(await tenTimes(() => person.register({ email }))).toEqual(Array.from({ length: 10 }, () => ACCEPTED));
    expect(await usersWith(email)).toHaveLength(1);
    const events = await users
      .collection('outbox')
      .find({ 'data.userId': (await usersWith(email))[0]?._id })
      .toArray();
    expect(events).toHaveLength(1);
  });

  it('of one address in different spellings make one user', async () => {
    const spellings = ['Jö@Bücher.example', ' jö@BÜCHER.example', 'jo\u0308@xn--bcher-kva.example'];
    await tenTimes((index) => person.register({ email: spellings[index % 3]! }));
    expect(await usersWith('jö@xn--bcher-kva.example')).toHaveLength(1);
  });

  it('of different addresses that look alike make as many users', async () => {
    const emails = ['x.y@example.com', 'xy@example.com', 'xy+1@example.com'];
    await Promise.all(emails.map((email) => person.register({ email })));
    for (const email of emails) expect(await usersWith(email)).toHaveLength(1);
  });
});

describe('registering an address that has an account', () => {
  it('looks the same, changes nothing, and tells the owner', async () => {
    const { email } = await person.join();
    const [before] = await usersWith(email);
    expect(await person.register({ email, name: 'Eve', password: 'another-violet-anchor' })).toEqual(ACCEPTED);

    const mail = await users.mailbox.arrived(email, 2);
    expect(mail).toMatchObject({ subject: 'You already have an account', token: null });
    expect(mail.text).toContain('Hello Ada Lovelace');
    // A count of locks is all: it keeps simultaneous transactions apart.
    expect(await usersWith(email)).toEqual([{ ...before, locks: expect.any(Number) }]);
  });
});

describe('registering', () => {
  it('takes as long for an address with an account, where there is little to save, as for a new one', async () => {
    const { email } = await person.join();
    const millisecondsFor = async (address: string) => {
      const start = performance.now();
      await person.register({ email: address });
      return performance.now() - start;
    };
    // Timers may fire a millisecond early.
    expect(Math.min(await millisecondsFor(email), await millisecondsFor(newAddress()))).toBeGreaterThanOrEqual(99);
  });

  it('hashes one password whether the address is new, waits for its verification, or has an account', async () => {
    const hasher = new PasswordHasher(TEST_BCRYPT_COST);
    const own = await startUsers({ hasher });
    const { join, register } = journeys(own);
    const [withAccount, waiting] = [(await join()).email, newAddress()];
    await register({ email: waiting });
    const hashed = jest.spyOn(hasher, 'hash');
    for (const email of [newAddress(), waiting, withAccount]) {
      hashed.mockClear();
      expect(await register({ email })).toEqual(ACCEPTED);
      expect(hashed).toHaveBeenCalledTimes(1);
    }
    await own.stop();
  });
});

describe('registering an address again before it is verified', () => {
  it('sends a fresh token, and each mail opens the account with the password of its own registration', async () => {
    const email = newAddress();
    await person.register({ email, password: 'owner-violet-anchor', name: 'Owner' });
    await users.mailbox.arrived(email);
    await person.register({ email, password: 'intruder-violet-anchor', name: 'Intruder' });
    const [own, other] = [await users.mailbox.arrived(email, 1), await users.mailbox.arrived(email, 2)];
    expect(other.token).not.toBe(own.token);

    expect((await person.verify(own.token)).user?.name).toBe('Owner');
    expect((await person.verify(other.token)).userErrors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
    expect((await person.login(email, 'intruder-violet-anchor')).userErrors).toMatchObject([
      { code: 'INVALID_CREDENTIALS' },
    ]);
    expect((await person.login(email, 'owner-violet-anchor')).userErrors).toEqual([]);
  });

  it('sends five mails in an hour at the most', async () => {
    const email = newAddress();
    for (let time = 0; time < 7; time += 1) expect(await person.register({ email })).toEqual(ACCEPTED);
    const other = newAddress();
    await person.register({ email: other });
    await users.mailbox.arrived(other);
    expect(users.mailbox.to(email)).toHaveLength(5);

    users.clock.advance(HOUR_MS);
    await person.register({ email });
    expect((await person.verify((await users.mailbox.arrived(email, 6)).token)).user?.email).toBe(email);
  });

  it('sends five mails at the most to an owner whose address is registered twenty times at once', async () => {
    const { email } = await person.join();
    await Promise.all(Array.from({ length: 20 }, () => person.register({ email })));
    const other = newAddress();
    await person.register({ email: other });
    await users.mailbox.arrived(other);
    expect(users.mailbox.to(email)).toHaveLength(1 + 5);
  });
});

describe('a verification token', () => {
  const newToken = async () => {
    const email = newAddress();
    await person.register({ email });
    return (await users.mailbox.arrived(email)).token ?? '';
  };
  const INVALID = {
    user: null,
    accessToken: null,
    refreshToken: null,
    expiresIn: null,
    userErrors: [{ code: 'INVALID_TOKEN', field: ['token'] }],
  };

  it('works for exactly one of ten simultaneous uses', async () => {
    const token = await newToken();
    const answers = await tenTimes(() => person.verify(token));
    expect(answers.filter(({ user }) => user !== null)).toHaveLength(1);
    expect(answers.filter(({ userErrors }) => userErrors[0]?.code === 'INVALID_TOKEN')).toHaveLength(9);
  });

  it('works until 24 hours have passed', async () => {
    const [inTime, late] = [await newToken(), await newToken()];
    users.clock.advance(24 * HOUR_MS - 1);
    expect((await person.verify(inTime)).userErrors).toEqual([]);
    users.clock.advance(1);
    expect(await person.verify(late)).toMatchObject(INVALID);
  });

  it.each([
    ['another one', 'x'.repeat(43)],
    ['an operator in JSON', '{"$gt":""}'],
    ['null bytes', '\0\0'],
  ])('is not %s', async (_what, token) => {
    expect(await person.verify(token)).toMatchObject(INVALID);
  });
});

describe('a registration that is not possible', () => {
  it('says so with the path of every bad field', async () => {
    const input = { email: 'ada', name: ' ', password: '' };
    const { errors } = await users.send(
      anonymous,
      'mutation ($input: RegisterInput!) { register(input: $input) { accepted } }',
      { input },
    );
    expect(errors).toMatchObject([
      {
        extensions: {
          code: 'BAD_USER_INPUT',
          fields: [
            { path: ['input', 'email'], message: 'email must be an e-mail address' },
            { path: ['input', 'password'] },
            { path: ['input', 'name'] },
          ],
        },
      },
    ]);
  });
});
