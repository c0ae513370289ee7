import { anonymous, signedClient, testKeys } from '@shopgraph/kit/testing';
import { PasswordHasher } from '../../src/passwords/password-hasher';
import { GOOD_PASSWORD, journeys, newAddress } from '../journeys';
import { startUsers, TEST_BCRYPT_COST, type TestUsers } from '../start-users';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const WRONG = 'a-wrong-violet-anchor';
const ANONYMIZE = `mutation ($id: ID!, $password: String) {
  userAnonymize(id: $id, password: $password) {
    job { id } userErrors { code ... on LoginAttemptDelayedError { retryAfterSeconds } }
  }
}`;
const LOGIN = `mutation ($input: LoginInput!) { login(input: $input) {
  accessToken
  userErrors { __typename code message field ... on LoginAttemptDelayedError { retryAfterSeconds } }
} }`;

interface LoginAnswer {
  accessToken: string | null;
  userErrors: { __typename: string; code: string; retryAfterSeconds?: number }[];
}

const hasher = new PasswordHasher(TEST_BCRYPT_COST);
const compared = jest.spyOn(hasher, 'verify');
let users: TestUsers;
let join: ReturnType<typeof journeys>['join'];
beforeAll(async () => {
  users = await startUsers({ hasher });
  ({ join } = journeys(users));
});
afterAll(() => users.stop());
beforeEach(() => compared.mockClear());

let lastAddress = 0;
/** An address from which nobody has come before. */
const newIp = () => `198.51.${Math.floor((lastAddress += 1) / 256)}.${lastAddress % 256}`;

async function login(email: string, ip: string, password = WRONG): Promise<LoginAnswer> {
  const send = signedClient(users.origin, testKeys, users.clock, { ip, userAgent: 'a browser' });
  const { data, errors } = await send<{ login: LoginAnswer }>(anonymous, LOGIN, { input: { email, password } });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.login;
}

/** What came of an attempt: `in`, the code of the refusal, or how long one has to wait. */
async function outcomeOf(attempt: Promise<LoginAnswer>): Promise<string> {
  const { accessToken, userErrors } = await attempt;
  if (accessToken !== null) return 'in';
  const [error] = userErrors;
  return error?.retryAfterSeconds === undefined ? (error?.code ?? '') : `wait ${error.retryAfterSeconds}`;
}

const failed = async (email: string, ip: string) =>
  expect(await outcomeOf(login(email, ip))).toBe('INVALID_CREDENTIALS');

/** Fails as often as nothing follows from it. */
async function useUpFreeFailures(email: string, ip: string): Promise<void> {
  for (let count = 0; count < 3; count += 1) await failed(email, ip);
}

describe('wrong passwords for one account from one address', () => {
  it('are free three times, then make even the right one wait: 1 s, 2 s, 4 s, …', async () => {
    const [{ email }, ip] = [await join(), newIp()];
    await useUpFreeFailures(email, ip);
    compared.mockClear();
    expect(await login(email, ip, GOOD_PASSWORD)).toEqual({
      accessToken: null,
      userErrors: [
        {
          __typename: 'LoginAttemptDelayedError',
          code: 'LOGIN_ATTEMPT_DELAYED',
          message: 'Too many failed attempts to sign in: wait and repeat.',
          field: null,
          retryAfterSeconds: 1,
        },
      ],
    });
    expect(compared).not.toHaveBeenCalled();

    for (const seconds of [2, 4, 8]) {
      users.clock.advance((seconds / 2) * 1_000);
      await failed(email, ip);
      expect(await outcomeOf(login(email, ip, GOOD_PASSWORD))).toBe(`wait ${seconds}`);
    }
    users.clock.advance(7_999);
    expect(await outcomeOf(login(email, ip, GOOD_PASSWORD))).toBe('wait 1');
    users.clock.advance(1);
    expect(await outcomeOf(login(email, ip, GOOD_PASSWORD))).toBe('in');
  });

  it('never make anybody wait for more than 15 minutes, and attempts during the wait do not make it longer', async () => {
    const [{ email }, ip] = [await join(), newIp()];
    await useUpFreeFailures(email, ip);
    for (let count = 0; count < 15; count += 1) {
      users.clock.advance(15 * MINUTE_MS);
      await failed(email, ip);
    }
    expect(await outcomeOf(login(email, ip))).toBe('wait 900');
    users.clock.advance(15 * MINUTE_MS - 1);
    expect(await outcomeOf(login(email, ip))).toBe('wait 1');
    users.clock.advance(1);
    expect(await outcomeOf(login(email, ip, GOOD_PASSWORD))).toBe('in');
  });

  it('are compared three times when 50 come at once', async () => {
    const [{ email }, ip] = [await join(), newIp()];
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcomeOf(login(email, ip))));
    expect(outcomes.filter((outcome) => outcome === 'INVALID_CREDENTIALS')).toHaveLength(3);
    expect(outcomes.filter((outcome) => outcome === 'wait 1')).toHaveLength(47);
    expect(compared).toHaveBeenCalledTimes(3);
  });

  it('are compared three times when one request has 20 aliases', async () => {
    const { email } = await join();
    const send = signedClient(users.origin, testKeys, users.clock, { ip: newIp(), userAgent: null });
    const aliases = Array.from({ length: 20 }, (_, index) => `a${index}: login(input: $input) { accessToken }`);
    await send(anonymous, `mutation ($input: LoginInput!) { ${aliases.join(' ')} }`, {
      input: { email, password: WRONG },
    });
    expect(compared).toHaveBeenCalledTimes(3);
  });

  it('count together however the address of the account is spelled', async () => {
    const [{ email }, ip] = [await join(), newIp()];
    for (const spelling of [email, ` ${email.toUpperCase()} `, email.replace('example.com', 'example\u3002com')]) {
      await failed(spelling, ip);
    }
    expect(await outcomeOf(login(email, ip))).toBe('wait 1');
  });

  it('count together within an IPv6 network that one client has', async () => {
    const { email } = await join();
    for (const host of ['1', '2:3', 'ffff']) await failed(email, `2001:db8:7:7::${host}`);
    expect(await outcomeOf(login(email, '2001:db8:7:7:9::9'))).toBe('wait 1');
    await failed(email, '2001:db8:7:8::9');
  });

  it('are forgiven with the right one', async () => {
    const [{ email }, ip] = [await join(), newIp()];
    for (let round = 0; round < 3; round += 1) {
      await failed(email, ip);
      await failed(email, ip);
      expect(await outcomeOf(login(email, ip, GOOD_PASSWORD))).toBe('in');
    }
    await useUpFreeFailures(email, ip);
  });

  it('are counted for an unknown account just the same, and answered by the very same', async () => {
    const [known, unknown] = [(await join()).email, newAddress()];
    const answers = await Promise.all(
      [known, unknown].map(async (email) => {
        const ip = newIp();
        const given: LoginAnswer[] = [];
        for (let count = 0; count < 5; count += 1) given.push(await login(email, ip));
        return given;
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[1]?.map(({ userErrors: [error] }) => error?.retryAfterSeconds ?? null)).toEqual([
      null,
      null,
      null,
      1,
      1,
    ]);
  });

  it('do not tell by a missing delay that the password of a closed account is right', async () => {
    const [{ email }, ip] = [await join(), newIp()];
    await users.collection('users').updateOne({ email }, { $set: { status: 'DEACTIVATED' } });
    for (let count = 0; count < 3; count += 1) {
      expect(await outcomeOf(login(email, ip, GOOD_PASSWORD))).toBe('INVALID_CREDENTIALS');
    }
    expect(await outcomeOf(login(email, ip, GOOD_PASSWORD))).toBe('wait 1');
  });

  it('count in the process while Redis is away', async () => {
    const own = await startUsers();
    const { login: ownLogin, join: ownJoin } = journeys(own);
    const { email } = await ownJoin();
    own.redis.disconnect();
    const answers = await Promise.all(Array.from({ length: 10 }, () => ownLogin(email, WRONG)));
    const codes = answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
    expect(codes.filter((code) => code === 'INVALID_CREDENTIALS')).toHaveLength(3);
    expect(codes.filter((code) => code === 'LOGIN_ATTEMPT_DELAYED')).toHaveLength(7);
    await own.stop();
  });
});

describe('wrong passwords for many accounts from one address', () => {
  const spray = (ip: string, count: number) =>
    Promise.all(Array.from({ length: count }, () => outcomeOf(login(newAddress(), ip))));

  it('are free twenty times, then make every account wait there, and none elsewhere', async () => {
    const [{ email }, ip] = [await join(), newIp()];
    const outcomes = await spray(ip, 30);
    expect(outcomes.filter((outcome) => outcome === 'INVALID_CREDENTIALS')).toHaveLength(20);
    expect(outcomes.filter((outcome) => outcome === 'wait 1')).toHaveLength(10);
    expect(await outcomeOf(login(email, ip, GOOD_PASSWORD))).toBe('wait 1');
    expect(await outcomeOf(login(email, newIp(), GOOD_PASSWORD))).toBe('in');
  });

  it('make it wait for an hour at the most', async () => {
    const ip = newIp();
    await spray(ip, 20);
    const waits: number[] = [];
    for (let count = 0; count < 18; count += 1) {
      const wait = Number((await outcomeOf(login(newAddress(), ip))).replace('wait ', ''));
      waits.push(wait);
      users.clock.advance(wait * 1_000);
      await failed(newAddress(), ip);
    }
    expect(waits.slice(0, 5)).toEqual([1, 2, 4, 8, 16]);
    expect(Math.max(...waits)).toBe(3_600);
  });

  it('are not forgiven because somebody signs in to an account of their own', async () => {
    const [{ email }, ip] = [await join(), newIp()];
    await spray(ip, 18);
    for (let count = 0; count < 5; count += 1) expect(await outcomeOf(login(email, ip, GOOD_PASSWORD))).toBe('in');
    expect(await spray(ip, 3)).toEqual(
      expect.arrayContaining(['INVALID_CREDENTIALS', 'INVALID_CREDENTIALS', 'wait 1']),
    );
  });

  it('are forgiven one by one to those who just mistyped theirs', async () => {
    const [{ email }, ip] = [await join(), newIp()];
    for (let count = 0; count < 15; count += 1) {
      await failed(email, ip);
      await failed(email, ip);
      expect(await outcomeOf(login(email, ip, GOOD_PASSWORD))).toBe('in');
    }
  });
});

describe('wrong passwords for one account from many addresses', () => {
  const attack = (email: string, count: number) =>
    Promise.all(Array.from({ length: count }, () => outcomeOf(login(email, newIp()))));

  it('are free twenty times, then make new addresses wait, for a minute at the most', async () => {
    const { email } = await join();
    const outcomes = await attack(email, 25);
    expect(outcomes.filter((outcome) => outcome === 'INVALID_CREDENTIALS')).toHaveLength(20);
    expect(outcomes.filter((outcome) => outcome === 'wait 1')).toHaveLength(5);
    for (let count = 0; count < 20; count += 1) {
      users.clock.advance(MINUTE_MS);
      await failed(email, newIp());
    }
    expect(await outcomeOf(login(email, newIp(), GOOD_PASSWORD))).toBe('wait 60');
    users.clock.advance(MINUTE_MS);
    expect(await outcomeOf(login(email, newIp(), GOOD_PASSWORD))).toBe('in');
  });

  it('never make its owner wait where they have signed in within 30 days', async () => {
    const [{ email }, home] = [await join(), newIp()];
    expect(await outcomeOf(login(email, home, GOOD_PASSWORD))).toBe('in');
    users.clock.advance(30 * DAY_MS - 1_000);
    await attack(email, 40);
    expect(await outcomeOf(login(email, newIp(), GOOD_PASSWORD))).toBe('wait 1');
    await failed(email, home);
    expect(await outcomeOf(login(email, home, GOOD_PASSWORD))).toBe('in');
  });

  it('never make them wait where they have verified their address, as long as somebody knows where that was', async () => {
    const [email, home] = [newAddress(), newIp()];
    await journeys(users).register({ email });
    const { token } = await users.mailbox.arrived(email);
    const send = signedClient(users.origin, testKeys, users.clock, { ip: home, userAgent: null });
    await journeys({ ...users, send }).verify(token);
    await attack(email, 21);
    expect(await outcomeOf(login(email, home, GOOD_PASSWORD))).toBe('in');

    const { email: other } = await join();
    await attack(other, 21);
    expect((await journeys(users).login(other)).userErrors).toMatchObject([{ code: 'LOGIN_ATTEMPT_DELAYED' }]);
  });

  it('make them wait where they were last seen longer ago', async () => {
    const [{ email }, home] = [await join(), newIp()];
    expect(await outcomeOf(login(email, home, GOOD_PASSWORD))).toBe('in');
    users.clock.advance(30 * DAY_MS);
    await attack(email, 21);
    expect(await outcomeOf(login(email, home, GOOD_PASSWORD))).toBe('wait 1');
  });
});

describe('wrong passwords of somebody who is signed in', () => {
  it('count like those of signing in when they ask to be erased', async () => {
    const [{ email, viewer }, ip] = [await join(), newIp()];
    const send = signedClient(users.origin, testKeys, users.clock, { ip, userAgent: null });
    const erase = async (password: string | null) => {
      const { data } = await send<{ userAnonymize: object }>(viewer, ANONYMIZE, { id: viewer.id, password });
      return data.userAnonymize;
    };
    const refused = { job: null, userErrors: [{ code: 'INVALID_CREDENTIALS' }] };
    for (const password of [WRONG, null, WRONG, null]) expect(await erase(password)).toEqual(refused);
    await failed(email, ip);
    expect(await erase(GOOD_PASSWORD)).toEqual({
      job: null,
      userErrors: [{ code: 'LOGIN_ATTEMPT_DELAYED', retryAfterSeconds: 1 }],
    });
    users.clock.advance(1_000);
    expect(await erase(GOOD_PASSWORD)).toMatchObject({ job: { id: expect.any(String) }, userErrors: [] });
  });
});

describe('what is kept of attempts', () => {
  const auditOf = (subject: string, ip: string) =>
    users.collection('auditEntries').find({ subject, ip }).sort({ at: 1, _id: 1 }).toArray();

  it('is an audit entry for each failure and for the start of a delay, with the user where there is one', async () => {
    const { email, user } = await join();
    for (const [address, subject] of [
      [email, user.id],
      [newAddress(), 'unknown'],
    ] as const) {
      const ip = newIp();
      await useUpFreeFailures(address, ip);
      await login(address, ip);
      users.clock.advance(1_000);
      await failed(address, ip);
      const entries = await auditOf(subject, ip);
      expect(entries.map(({ action }) => action)).toEqual([
        'login.failed',
        'login.failed',
        'login.failed',
        'login.delayed',
        'login.failed',
      ]);
      expect(entries[0]).toMatchObject({ actor: 'anonymous', userAgent: 'a browser' });
      expect(JSON.stringify(entries)).not.toContain(address);
    }
  });

  it('is in Redis nothing that tells who or where', async () => {
    const [{ email, user }, ip] = [await join(), newIp()];
    await failed(email, ip);
    await login(email, ip, GOOD_PASSWORD);
    const keys = await users.redis.keys('*');
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      const kept = `${key} ${await users.redis.get(key)}`;
      for (const personal of [email, user.id, ip]) expect(kept).not.toContain(personal);
    }
  });

  it('is nothing when the password could not be compared', async () => {
    const [{ email }, ip] = [await join(), newIp()];
    for (let count = 0; count < 5; count += 1) {
      compared.mockRejectedValueOnce(new Error('out of memory'));
      await expect(login(email, ip)).rejects.toThrow('INTERNAL');
    }
    await useUpFreeFailures(email, ip);
  });
});
