import type { Permission } from '@shopgraph/client';
import { eventually, FakeClock } from '@shopgraph/kit/testing';
import { decodeJwt } from 'jose';
import { PASSWORD, type SignedIn, startTestShop, type TestShop } from './support/start-test-shop';
import { Browser } from './support/browser';

const clock = new FakeClock();
let shop: TestShop;
let admin: SignedIn;
beforeAll(async () => {
  shop = await startTestShop({ clock });
  admin = await shop.signedIn('ADMIN');
});
afterAll(() => shop.close());

const aClerk = ({ permissions = ['ORDER_READ'] as Permission[] } = {}) => ({ id: 'CLERK', name: 'Clerk', permissions });

async function signedIn() {
  await admin.client.roleUpsert({ input: aClerk() });
  const { id, email } = await shop.signedIn('CUSTOMER', 'CLERK');
  const { login } = await shop.anonymous.login({ input: { email, password: PASSWORD } });
  const accessToken = login.accessToken ?? '';
  const { sid } = decodeJwt<{ sid: string }>(accessToken);
  return { id, email, accessToken, sid, refreshToken: login.refreshToken ?? '' };
}

type Person = Awaited<ReturnType<typeof signedIn>>;

/** HTTP status and whose the answer is, for an access token. */
async function asked({ accessToken }: Person): Promise<unknown[]> {
  const browser = new Browser({ url: shop.url, transport: null });
  const { status, data, codes } = await browser.send({ query: '{ me { email } }' }, accessToken);
  return [status, data?.me?.email, codes];
}

const REFUSED = [401, undefined, ['UNAUTHENTICATED']];

/** Each way to take somebody's sessions from them. */
const WAYS: [string, (person: Person) => Promise<unknown>][] = [
  ['was ended by staff', ({ sid }) => admin.client.revokeSession({ id: sid })],
  ['has an owner whose account was closed', ({ id }) => admin.client.userSetStatus({ id, status: 'DEACTIVATED' })],
  ['has an owner whose role was taken', ({ id }) => admin.client.userSetRoles({ id, roleIds: ['CUSTOMER'] })],
  ['has an owner whose role permits less', () => admin.client.roleUpsert({ input: aClerk({ permissions: [] }) })],
];

describe.each(WAYS)('a session that %s', (_what, end) => {
  it('is refused at once, again soon after Redis has lost its memory, and renewed by nothing', async () => {
    const person = await signedIn();
    expect(await asked(person)).toEqual([200, person.email, []]);
    await end(person);
    expect(await asked(person)).toEqual(REFUSED);

    await shop.stores.redis.flushdb();
    await eventually(async () => expect(await asked(person)).toEqual(REFUSED));
    const { refreshToken } = await shop.anonymous.refreshToken({ token: person.refreshToken });
    expect(refreshToken).toMatchObject({ accessToken: null, userErrors: [{ code: 'INVALID_TOKEN' }] });
  });
});

it('a session of somebody else stays as it is', async () => {
  const [person, other] = [await signedIn(), await signedIn()];
  await admin.client.revokeSession({ id: person.sid });
  expect(await asked(other)).toEqual([200, other.email, []]);
});

it('when nobody is left to tell Redis again, the token is refused one life later', async () => {
  const people: Person[] = [];
  for (const [, end] of WAYS) {
    const person = await signedIn();
    await end(person);
    people.push(person);
  }
  await shop.services.users?.close();
  await shop.stores.redis.flushdb();
  // Believed once more: it is users that is asked, and that is away.
  for (const person of people) expect(await asked(person)).toEqual([200, undefined, ['UNAVAILABLE']]);
  clock.advance(906_000);
  for (const person of people) expect(await asked(person)).toEqual(REFUSED);
});
