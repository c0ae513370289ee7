import { connectMongo } from '@shopgraph/kit';
import { startTestDatabase } from '@shopgraph/kit/testing';
import { decodeProtectedHeader } from 'jose';
import { rotateSigningKey } from '../../src';
import { journeys } from '../journeys';
import { startUsers, type TestUsers } from '../start-users';

const MINUTE_MS = 60_000;
const secret = 'a secret of thirty-two characters';

let users: TestUsers;
beforeAll(async () => {
  users = await startUsers({ environment: { KEY_ENCRYPTION_SECRET: secret } });
});
afterAll(() => users.stop());

/** As the tool does it, with a connection of its own. */
async function rotate(given: string | undefined, uri = users.database.uri) {
  const connection = await connectMongo(uri);
  try {
    return await rotateSigningKey(connection, {
      secrets: given === undefined ? [] : [given],
      accessTokenSeconds: 900,
      clock: users.clock,
    });
  } finally {
    await connection.close();
  }
}

const countKeys = () => users.collection('signingKeys').countDocuments();

describe('rotating the signing key beside a shop that runs', () => {
  it('has it sign with the new key when every verifier knows it', async () => {
    const { join, login } = journeys(users);
    const { email, accessToken } = await join();
    const { id, signsFrom } = await rotate(secret);
    expect(signsFrom.getTime() - users.clock.now().getTime()).toBe(7 * MINUTE_MS);
    const keyIdOfNext = async () => decodeProtectedHeader((await login(email)).accessToken ?? '').kid;

    const { kid: old } = decodeProtectedHeader(accessToken);
    users.clock.advance(7 * MINUTE_MS - 1);
    expect(await keyIdOfNext()).toBe(old);
    users.clock.advance(1);
    expect(await keyIdOfNext()).toBe(id);
    const entries = users.collection('auditEntries').find({ action: 'signing-key.rotated', subject: id });
    expect(await entries.toArray()).toMatchObject([{ actor: 'service:users' }]);
  });

  it.each([
    ['another secret', 'another secret of thirty-two chars'],
    ['no secret', undefined],
  ])('with %s adds no key, which the shop could not use', async (_what, other) => {
    const before = await countKeys();
    await expect(rotate(other)).rejects.toThrow('KEY_ENCRYPTION_SECRET');
    expect(await countKeys()).toBe(before);
  });

  it('in a database that is not of users adds no key', async () => {
    const elsewhere = await startTestDatabase();
    await expect(rotate(secret, elsewhere.uri)).rejects.toThrow('no signing key yet');
    await elsewhere.stop();
  });
});
