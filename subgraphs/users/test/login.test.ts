import { GOOD_PASSWORD, journeys, LOGIN, newAddress } from './journeys';
import { anonymous, signedClient, testKeys } from '@shopgraph/kit/testing';
import { PasswordHasher } from '../src/passwords/password-hasher';
import { startUsers, TEST_BCRYPT_COST, type TestUsers } from './start-users';

let users: TestUsers;
let person: ReturnType<typeof journeys>;
beforeAll(async () => {
  users = await startUsers();
  person = journeys(users);
});
afterAll(() => users.stop());

const WRONG = 'a-wrong-violet-anchor';
const hashOf = async (email: string) => (await users.collection('users').findOne({ email }))?.passwordHash as string;

describe('signing in', () => {
  it('gives tokens, and a session of its own each time', async () => {
    const { email, user } = await person.join();
    const [first, second] = [await person.login(email), await person.login(email)];
    expect(first).toMatchObject({ expiresIn: 900, userErrors: [], user: { id: user.id } });
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await users.collection('sessions').countDocuments({ userId: user.id })).toBe(3);
  });

  it('takes the address in any spelling', async () => {
    const { email } = await person.join();
    expect((await person.login(` ${email.toUpperCase()} `)).user?.email).toBe(email);
  });

  it('with a wrong password and with an unknown address gives the very same answer', async () => {
    const { email } = await person.join();
    const answers = [await person.login(email, WRONG), await person.login(newAddress(), WRONG)];
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toEqual({
      accessToken: null,
      refreshToken: null,
      expiresIn: null,
      user: null,
      userErrors: [{ code: 'INVALID_CREDENTIALS', message: 'E-mail address or password are wrong.', field: null }],
    });
  });

  it('with a wrong password and with an unknown address compares one hash each', async () => {
    const hasher = new PasswordHasher(TEST_BCRYPT_COST);
    const compared = jest.spyOn(hasher, 'verify');
    const own = await startUsers({ hasher });
    const { login, join } = journeys(own);
    const { email } = await join();
    for (const address of [email, newAddress()]) {
      compared.mockClear();
      await login(address, WRONG);
      expect(compared).toHaveBeenCalledTimes(1);
    }
    await own.stop();
  });

  it('before the address is verified says so to who knows the password, and to nobody else', async () => {
    const email = newAddress();
    await person.register({ email });
    expect(await person.login(email)).toMatchObject({
      accessToken: null,
      user: null,
      userErrors: [{ code: 'EMAIL_NOT_VERIFIED', field: ['input', 'email'] }],
    });
    expect((await person.login(email, WRONG)).userErrors).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
    await users.mailbox.arrived(email);
    expect(users.mailbox.to(email)).toHaveLength(1);
    expect(await users.collection('sessions').countDocuments({ userId: await userIdOf(email) })).toBe(0);
  });

  it.each(['DEACTIVATED', 'ANONYMISED'])('is not possible with an account that is %s', async (status) => {
    const { email } = await person.join();
    await users.collection('users').updateOne({ email }, { $set: { status } });
    expect((await person.login(email)).userErrors).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
  });

  it('makes the hash stronger when the cost has risen, also for ten at once', async () => {
    const { email } = await person.join();
    const weak = await hashOf(email);
    const stronger = await startUsers({ database: users.database, hasher: new PasswordHasher(TEST_BCRYPT_COST + 1) });
    const { login } = journeys(stronger);

    expect((await login(email, WRONG)).userErrors).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
    expect(await hashOf(email)).toBe(weak);
    // Ten devices: as many attempts from one would be taken for guesses.
    const devices = Array.from({ length: 10 }, (_, index) =>
      signedClient(stronger.origin, testKeys, stronger.clock, { ip: `192.0.2.${index}`, userAgent: null }),
    );
    const answers = await Promise.all(devices.map((send) => journeys({ ...stronger, send }).login(email)));
    expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    const strong = await hashOf(email);
    expect(strong).toMatch(/^\$2b\$05\$/);
    expect((await login(email)).userErrors).toEqual([]);
    expect(await hashOf(email)).toBe(strong);
    await stronger.stop();
  });

  it('takes no operator for a value', async () => {
    const operators = [
      { email: { $ne: '' }, password: GOOD_PASSWORD },
      { email: newAddress(), password: { $ne: '' } },
    ];
    for (const input of operators) {
      const { errors } = await users.send(anonymous, LOGIN, { input });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    }
  });
});

async function userIdOf(email: string): Promise<string> {
  return (await users.collection('users').findOne({ email }))?._id ?? '';
}
