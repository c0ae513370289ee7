import { anonymous, eventually } from '@shopgraph/kit/testing';
import { GOOD_PASSWORD, journeys, newAddress, REGISTER, viewerOf } from './journeys';
import { startUsers, type TestUsers } from './start-users';

let users: TestUsers;
let person: ReturnType<typeof journeys>;
beforeAll(async () => {
  users = await startUsers();
  person = journeys(users);
});
afterAll(() => users.stop());

const usersWith = (email: string) => users.collection('users').find({ email }).toArray();
const HOUR_MS = 3_600_000;

describe('somebody new', () => {
  it('registers, confirms the address, signs in, and is who they are', async () => {
    const email = newAddress();
    expect(await person.register({ email, name: ' Ada Lovelace ' })).toEqual({ accepted: true, userErrors: [] });

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
        createdAt: '2026-01-01T00:00:00.000Z',
      },
    });
  });
});
