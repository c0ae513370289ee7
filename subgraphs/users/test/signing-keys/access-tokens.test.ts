import { serviceCall } from '@shopgraph/kit';
import { eventually } from '@shopgraph/kit/testing';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { request } from 'undici';
import { journeys } from '../journeys';
import { startUsers, type TestUsers } from '../start-users';

const MINUTE_MS = 60_000;
const SECRET = { KEY_ENCRYPTION_SECRET: 'a secret of thirty-two characters' };

let users: TestUsers;
beforeEach(async () => {
  users = await startUsers({ environment: SECRET });
});
afterEach(() => users.stop());

async function publishedBy({ origin }: TestUsers) {
  const response = await request(`${origin}/.well-known/jwks.json`);
  return { status: response.statusCode, headers: response.headers, set: (await response.body.json()) as JSONWebKeySet };
}

async function verify(token: string | null, by: TestUsers = users) {
  const { set } = await publishedBy(by);
  const expected = { issuer: 'http://localhost:4001', audience: 'shopgraph', algorithms: ['ES256'], typ: 'at+jwt' };
  return jwtVerify(token ?? '', createLocalJWKSet(set), { ...expected, currentDate: by.clock.now() });
}

const keyIdOf = (token: string | null) => decodeProtectedHeader(token ?? '').kid;

describe('an access token', () => {
  it('is verified by the published keys, and says who, in which session, and what they may do', async () => {
    const { user, viewer, accessToken } = await journeys(users).join();
    const { payload, protectedHeader } = await verify(accessToken);
    const now = Math.floor(users.clock.now().getTime() / 1_000);
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.stringMatching(/^key_/) });
    expect(payload).toEqual({
      sub: user.id,
      sid: viewer.sessionId,
      roles: ['CUSTOMER'],
      permissions: [],
      iss: 'http://localhost:4001',
      aud: 'shopgraph',
      iat: now,
      exp: now + 900,
      jti: expect.any(String),
    });
  });

  it('carries the permissions of staff', async () => {
    const seed = { email: 'staff@example.com', name: 'Staff', password: 'violet', roleIds: ['WAREHOUSE', 'CUSTOMER'] };
    await users.administration.seedUser(seed);
    const { accessToken } = await journeys(users).login(seed.email, seed.password);
    const { payload } = await verify(accessToken);
    expect(payload).toMatchObject({
      roles: ['WAREHOUSE', 'CUSTOMER'],
      permissions: ['inventory:adjust', 'inventory:read', 'order:read', 'product:read'],
    });
  });

  it('is no longer good when its time is over', async () => {
    const { accessToken } = await journeys(users).join();
    users.clock.advance(15 * MINUTE_MS);
    await expect(verify(accessToken)).rejects.toThrow('"exp" claim');
  });
});

describe('the published keys', () => {
  it('are public, may be cached, and hold nothing private', async () => {
    const { status, headers, set } = await publishedBy(users);
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('public, max-age=300');
    expect(set.keys).toEqual([
      {
        kty: 'EC',
        crv: 'P-256',
        x: expect.any(String),
        y: expect.any(String),
        kid: expect.any(String),
        alg: 'ES256',
        use: 'sig',
      },
    ]);
  });

  it('are the same after a restart, and with every replica', async () => {
    const { accessToken } = await journeys(users).join();
    const replica = await startUsers({ environment: SECRET, database: users.database, clock: users.clock });
    expect(await publishedBy(replica).then(({ set }) => set)).toEqual((await publishedBy(users)).set);
    await expect(verify(accessToken, replica)).resolves.toBeDefined();
    await replica.stop();
  });

  it('are one, when several replicas start at once on an empty database', async () => {
    await users.collection('signingKeys').deleteMany({});
    const { database, clock } = users;
    const replicas = await Promise.all([1, 2, 3].map(() => startUsers({ environment: SECRET, database, clock })));
    expect(await users.collection('signingKeys').countDocuments()).toBe(1);
    const sets = await Promise.all(replicas.map((replica) => publishedBy(replica)));
    expect(new Set(sets.map(({ set }) => set.keys[0]?.kid)).size).toBe(1);
    await Promise.all(replicas.map((replica) => replica.stop()));
  });

  it('have their private halves encrypted in the database', async () => {
    const [key] = await users.collection('signingKeys').find().toArray();
    expect(key?.sealedPrivateKey).toMatch(/^sealed1:/);
    expect(JSON.stringify(key)).not.toContain('"d"');
  });

  it('do not open with another secret, which is said at start', async () => {
    const environment = { KEY_ENCRYPTION_SECRET: 'another secret of thirty-two chars' };
    await expect(startUsers({ environment, database: users.database })).rejects.toThrow('KEY_ENCRYPTION_SECRET');
  });
});

describe('the rotation of the signing key', () => {
  it('never leaves a token without its key, nor a verifier without warning', async () => {
    const { join, login } = journeys(users);
    const { email, accessToken: before } = await join();
    await users.rotateSigningKey(serviceCall('users'));

    const announced = (await publishedBy(users)).set.keys.map(({ kid }) => kid);
    expect(announced).toHaveLength(2);
    const { accessToken: during } = await login(email);
    expect(keyIdOf(during)).toBe(keyIdOf(before));

    users.clock.advance(10 * MINUTE_MS);
    const { accessToken: after } = await login(email);
    expect(keyIdOf(after)).toBe(announced[1]);
    for (const token of [before, during, after]) await expect(verify(token)).resolves.toBeDefined();

    users.clock.advance(20 * MINUTE_MS);
    expect((await publishedBy(users)).set.keys.map(({ kid }) => kid)).toEqual([announced[1]]);
  });

  it('reaches the other replicas before the new key signs', async () => {
    const replica = await startUsers({ environment: SECRET, database: users.database, clock: users.clock });
    await publishedBy(replica);
    await users.rotateSigningKey(serviceCall('users'));
    users.clock.advance(MINUTE_MS);
    expect((await publishedBy(replica)).set).toEqual((await publishedBy(users)).set);
    expect((await publishedBy(replica)).set.keys).toHaveLength(2);
    await replica.stop();
  });

  it('forgets keys that are not needed any more, and is audited', async () => {
    for (const _rotation of [1, 2]) {
      await users.rotateSigningKey(serviceCall('users'));
      users.clock.advance(60 * MINUTE_MS);
    }
    await users.rotateSigningKey(serviceCall('users'));
    const sequences = await users.collection('signingKeys').find().sort({ sequence: 1 }).toArray();
    expect(sequences.map(({ sequence }) => sequence)).toEqual([3, 4]);
    const entries = await users.collection('auditEntries').find({ action: 'signing-key.rotated' }).toArray();
    expect(entries).toHaveLength(4);
  });

  it('happens by itself when the key is 90 days old, once for all replicas', async () => {
    users.clock.advance(90 * 24 * 60 * MINUTE_MS);
    const { database, clock } = users;
    const replicas = await Promise.all([1, 2].map(() => startUsers({ environment: SECRET, database, clock })));
    await eventually(async () => expect(await users.collection('signingKeys').countDocuments()).toBe(2));
    await Promise.all(replicas.map((replica) => replica.stop()));
    expect(await users.collection('signingKeys').countDocuments()).toBe(2);
  });
});
