import { signedClient, testKeys } from '@shopgraph/kit/testing';
import { journeys } from '../journeys';
import { startUsers, type TestUsers } from '../start-users';

let users: TestUsers;
let person: ReturnType<typeof journeys>;
let thief: ReturnType<typeof journeys>;
beforeAll(async () => {
  users = await startUsers();
  person = journeys(users);
  const client = { ip: '203.0.113.66', userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Firefox/130.0' };
  thief = journeys({ ...users, send: signedClient(users.origin, testKeys, users.clock, client) });
});
afterAll(() => users.stop());

const SUBJECT = 'We have signed out one of your devices';
const warnings = (address: string) => users.mailbox.to(address).filter(({ subject }) => subject === SUBJECT);
/** Mails leave one after the other: when this one is there, so are those before it. */
async function untilMailed(): Promise<void> {
  await person.join();
}

async function stealAndUse(email: string): Promise<void> {
  const { refreshToken } = await person.login(email);
  await person.refresh(refreshToken);
  users.clock.advance(10_000);
  await thief.refresh(refreshToken);
}

describe('a refresh token in two hands', () => {
  it('has its owner warned once, with time, device and address of the second use', async () => {
    const { refreshToken, email } = await person.join();
    await person.refresh(refreshToken);
    users.clock.advance(10_000);
    const answers = await Promise.all([1, 2, 3].map(() => thief.refresh(refreshToken)));
    expect(answers.map(({ accessToken }) => accessToken)).toEqual([null, null, null]);

    const { subject, text, token } = await users.mailbox.arrived(email, 2);
    expect(subject).toBe(SUBJECT);
    expect(token).toBeNull();
    for (const fact of [`${users.clock.now().getUTCFullYear()}`, 'UTC', 'Firefox on Linux', '203.0.113.66']) {
      expect(text).toContain(fact);
    }
    await untilMailed();
    expect(warnings(email)).toHaveLength(1);
  });

  it('has its owner warned, however many other mails a thief has sent before', async () => {
    const { email } = await person.join();
    for (let count = 0; count < 6; count += 1) await thief.register({ email });
    // One to verify, five of six that there is an account: the limit of what strangers can cause.
    await users.mailbox.arrived(email, 6);
    await stealAndUse(email);
    expect((await users.mailbox.arrived(email, 7)).subject).toBe(SUBJECT);
  });

  it('has its owner warned five times in an hour, which takes nothing from other mails', async () => {
    const { email } = await person.join();
    for (let count = 0; count < 6; count += 1) await stealAndUse(email);
    await person.register({ email });
    await users.mailbox.arrived(email, 7);
    expect(warnings(email)).toHaveLength(5);
  });

  it('warns nobody when two tabs use it at once', async () => {
    const { refreshToken, email } = await person.join();
    const answers = await Promise.all([1, 2, 3].map(() => person.refresh(refreshToken)));
    expect(new Set(answers.map((answer) => answer.refreshToken)).size).toBe(1);
    await untilMailed();
    expect(users.mailbox.to(email)).toHaveLength(1);
  });
});
