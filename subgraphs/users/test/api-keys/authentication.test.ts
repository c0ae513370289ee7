import { createApiKeySecret } from '@shopgraph/kit';
import { anApiKey, anonymous, aUser, eventually } from '@shopgraph/kit/testing';
import { permissionsOf } from '../builders';
import { startUsers, type TestUsers } from '../start-users';
import { keyJourneys } from './key-journeys';

let users: TestUsers;
let keys: ReturnType<typeof keyJourneys>;
beforeAll(async () => {
  users = await startUsers({ environment: { KEY_ENCRYPTION_SECRET: 'k'.repeat(32) } });
  keys = keyJourneys(users);
});
afterAll(() => users.stop());

let people = 0;
/** Somebody with these roles, who is no longer asked for a password. */
async function somebody(...roleIds: string[]) {
  const email = `staff-${(people += 1)}@example.com`;
  const { id } = await users.administration.seedUser({ email, name: 'Staff', password: 'demo', roleIds });
  return aUser({ id, permissions: permissionsOf(roleIds) }) as ReturnType<typeof aUser> & { id: string };
}
const admin = aUser({ id: 'user_01h455vb4pex5vsknk084sn02q', permissions: permissionsOf(['ADMIN']) });
const setRoles = (id: string, roleIds: string[]) =>
  users.send(
    admin,
    'mutation ($id: ID!, $roleIds: [ID!]!) { userSetRoles(id: $id, roleIds: $roleIds) { user { id } } }',
    { id, roleIds },
  );
const keyOf = (id: string) => users.collection('apiKeys').findOne({ _id: id });

describe('a secret', () => {
  it('stands for its program until it is revoked', async () => {
    const owner = await somebody('ADMIN');
    const { apiKey, secret } = await keys.issued(owner, { scopes: ['ORDER_READ', 'USER_READ'] });
    expect(await keys.authenticate(secret)).toEqual({
      id: apiKey.id,
      ownerId: owner.id,
      permissions: ['order:read', 'user:read'],
      validUntil: null,
    });
    expect((await keys.revoke(owner, apiKey.id)).apiKey).toMatchObject({ revokedAt: users.clock.now().toISOString() });
    expect(await keys.authenticate(secret)).toBe('UNAUTHENTICATED');
    expect(await users.redis.exists(`apikey:revoked:${apiKey.id}`)).toBe(1);
    expect(await users.redis.ttl(`apikey:revoked:${apiKey.id}`)).toBeGreaterThan(13);
  });

  it('works until it expires, and says so', async () => {
    const expiresAt = new Date(users.clock.now().getTime() + 1_000).toISOString();
    const { secret } = await keys.issued(await somebody('ADMIN'), { expiresAt });
    expect(await keys.authenticate(secret)).toMatchObject({ validUntil: expiresAt });
    users.clock.advance(1_000);
    expect(await keys.authenticate(secret)).toBe('UNAUTHENTICATED');
  });

  it('that was rotated works until the overlap ends', async () => {
    const owner = await somebody('ADMIN');
    const { apiKey, secret } = await keys.issued(owner);
    const next = await keys.rotate(owner, apiKey.id, 60);
    expect(next.apiKey).toMatchObject({ id: apiKey.id, version: 2, hint: `sk_test_…${next.secret?.slice(-4)}` });
    const end = new Date(users.clock.now().getTime() + 60_000).toISOString();
    expect(await keys.authenticate(secret)).toMatchObject({ id: apiKey.id, validUntil: end });
    expect(await keys.authenticate(next.secret ?? '')).toMatchObject({ id: apiKey.id, validUntil: null });
    users.clock.advance(60_000);
    expect(await keys.authenticate(secret)).toBe('UNAUTHENTICATED');
    expect(await keys.authenticate(next.secret ?? '')).toMatchObject({ id: apiKey.id });
  });

  it('of the right form for a key that there is, or is not, is refused alike', async () => {
    const { apiKey } = await keys.issued(await somebody('ADMIN'));
    for (const id of [apiKey.id, 'apikey_01h455vb4pex5vsknk084sn02q']) {
      expect(await keys.authenticate(createApiKeySecret(id, 'test'))).toBe('UNAUTHENTICATED');
    }
  });

  it.each([
    ['192.0.2.9', true],
    ['::ffff:192.0.2.9', true],
    ['2001:db8:1::5', true],
    ['198.51.100.1', false],
    ['2001:db9::1', false],
  ])('that works from some addresses only works from %s: %s', async (ip, isAllowed) => {
    const allowedIps = ['192.0.2.0/24', '2001:db8::/32'];
    const { apiKey, secret } = await keys.issued(await somebody('ADMIN'), { allowedIps });
    const outcome = await keys.authenticate(secret, ip);
    expect(outcome).toEqual(isAllowed ? expect.objectContaining({ id: apiKey.id }) : 'IP_NOT_ALLOWED');
  });

  it('may do no more than its owner may at the moment', async () => {
    const owner = await somebody('ADMIN');
    const { apiKey, secret } = await keys.issued(owner, { scopes: ['ORDER_READ', 'ORDER_CANCEL', 'PRODUCT_WRITE'] });
    await setRoles(owner.id, ['SUPPORT']);
    expect(await keys.authenticate(secret)).toMatchObject({ permissions: ['order:read', 'order:cancel'] });
    expect(await users.redis.exists(`apikey:revoked:${apiKey.id}`)).toBe(1);
    await setRoles(owner.id, ['ADMIN']);
    expect(await keys.authenticate(secret)).toMatchObject({
      permissions: ['order:read', 'order:cancel', 'product:write'],
    });
  });

  it.each(['DEACTIVATED', 'ANONYMISED', 'UNVERIFIED'])('is refused while its owner is %s', async (status) => {
    const owner = await somebody('ADMIN');
    const { secret } = await keys.issued(owner, { allowSignature: true });
    await users.collection('users').updateOne({ _id: owner.id }, { $set: { status } });
    expect(await keys.authenticate(secret)).toBe('UNAUTHENTICATED');
    expect(await keys.verify(keys.signed(secret))).toBe('SIGNATURE_INVALID');
  });

  it('is noted with time and address, once a minute at the most', async () => {
    const owner = await somebody('ADMIN');
    const { apiKey, secret } = await keys.issued(owner);
    const first = users.clock.now();
    await keys.authenticate(secret, '192.0.2.1');
    await eventually(async () => expect(await keyOf(apiKey.id)).toMatchObject({ lastUsedAt: first }));
    users.clock.advance(59_000);
    await keys.authenticate(secret, '192.0.2.2');
    users.clock.advance(1_000);
    const later = users.clock.now();
    await keys.authenticate(secret, '192.0.2.3');
    await eventually(async () => expect(await keyOf(apiKey.id)).toMatchObject({ lastUsedAt: later }));
    expect(await keyOf(apiKey.id)).toMatchObject({ lastUsedIp: '192.0.2.3', version: 1 });
  });
});

describe('a signature', () => {
  it('stands for its program once', async () => {
    const { apiKey, secret } = await keys.issued(await somebody('ADMIN'), { requireSignature: true });
    const request = keys.signed(secret);
    const outcomes = await Promise.all([1, 2, 3].map(() => keys.verify(request)));
    expect(outcomes.filter((outcome) => outcome === 'SIGNATURE_REPLAYED')).toHaveLength(2);
    expect(outcomes).toContainEqual(expect.objectContaining({ id: apiKey.id, permissions: ['order:read'] }));
    expect(await keys.verify(keys.signed(secret))).toMatchObject({ id: apiKey.id });
  });

  it('is what a key may require', async () => {
    const { secret } = await keys.issued(await somebody('ADMIN'), { requireSignature: true });
    expect(await keys.authenticate(secret)).toBe('SIGNATURE_REQUIRED');
  });

  it('is taken beside the bare secret where a key allows both', async () => {
    const { apiKey, secret } = await keys.issued(await somebody('ADMIN'), { allowSignature: true });
    expect(await keys.authenticate(secret)).toMatchObject({ id: apiKey.id });
    expect(await keys.verify(keys.signed(secret))).toMatchObject({ id: apiKey.id });
  });

  it('by the secret before is taken until the overlap ends', async () => {
    const owner = await somebody('ADMIN');
    const { apiKey, secret } = await keys.issued(owner, { requireSignature: true });
    const { secret: next } = await keys.rotate(owner, apiKey.id, 60);
    expect(await keys.verify(keys.signed(secret))).toMatchObject({ id: apiKey.id });
    expect(await keys.verify(keys.signed(next ?? ''))).toMatchObject({ id: apiKey.id });
    users.clock.advance(60_000);
    expect(await keys.verify(keys.signed(secret))).toBe('SIGNATURE_INVALID');
  });

  it('that does not fit is refused whatever the reason, and uses up no nonce', async () => {
    const owner = await somebody('ADMIN');
    const { secret } = await keys.issued(owner, { requireSignature: true });
    const bare = await keys.issued(owner);
    const revoked = await keys.issued(owner, { requireSignature: true });
    await keys.revoke(owner, revoked.apiKey.id);
    const request = keys.signed(secret);
    const other = keys.signed(secret, { body: '[]' });
    for (const altered of [
      { ...request, bodyHash: other.bodyHash },
      { ...request, path: '/graphql?x' },
      { ...request, method: 'GET' },
      { ...request, timestamp: String(Number(request.timestamp) + 1) },
      { ...request, nonce: other.nonce },
      { ...request, signature: other.signature },
      { ...request, keyId: bare.apiKey.id },
      { ...request, keyId: 'apikey_01h455vb4pex5vsknk084sn02q' },
      keys.signed(createApiKeySecret(request.keyId ?? '', 'test')),
      keys.signed(bare.secret),
      keys.signed(revoked.secret),
    ]) {
      expect(await keys.verify(altered)).toBe('SIGNATURE_INVALID');
    }
    expect(await keys.verify(request)).toMatchObject({ id: request.keyId });
  });

  it.each([
    [300, true],
    [-300, true],
    [302, false],
    [-302, false],
  ])('that is %d seconds off is taken: %s', async (skewSeconds, isTaken) => {
    const { apiKey, secret } = await keys.issued(await somebody('ADMIN'), { requireSignature: true });
    const outcome = await keys.verify(keys.signed(secret, { skewSeconds }));
    expect(outcome).toEqual(isTaken ? expect.objectContaining({ id: apiKey.id }) : 'SIGNATURE_EXPIRED');
  });

  it('is refused from an address that the key does not allow, and uses up no nonce', async () => {
    const allowedIps = ['192.0.2.1'];
    const { apiKey, secret } = await keys.issued(await somebody('ADMIN'), { requireSignature: true, allowedIps });
    const request = keys.signed(secret);
    expect(await keys.verify({ ...request, ip: '192.0.2.2' })).toBe('IP_NOT_ALLOWED');
    expect(await keys.verify(request)).toMatchObject({ id: apiKey.id });
  });
});

describe('what the gateway asks', () => {
  it.each([
    ['nobody', anonymous, 'UNAUTHENTICATED'],
    ['an administrator', admin, 'FORBIDDEN'],
    ['a program', anApiKey({ permissions: permissionsOf(['ADMIN']) }), 'FORBIDDEN'],
  ])('is not answered for %s', async (_who, viewer, code) => {
    const input = { keyId: 'apikey_01h455vb4pex5vsknk084sn02q', secretHash: 'a'.repeat(43), ip: '192.0.2.1' };
    const query =
      'mutation ($input: ApiKeyAuthenticateInput!) { apiKeyAuthenticate(input: $input) { identity { id } } }';
    expect((await users.send(viewer, query, { input })).errors).toMatchObject([{ extensions: { code } }]);
    const { secretHash: _hash, ...signed } = keys.signed(createApiKeySecret(input.keyId, 'test')) as Record<
      string,
      string
    >;
    const verify =
      'mutation ($input: ApiKeyVerifySignatureInput!) { apiKeyVerifySignature(input: $input) { identity { id } } }';
    expect((await users.send(viewer, verify, { input: signed })).errors).toMatchObject([{ extensions: { code } }]);
  });
});
