import type { Permission } from '@shopgraph/kit';
import { anApiKey, anonymous, aService, aUser } from '@shopgraph/kit/testing';
import { startUsers, type TestUsers } from '../start-users';
import { keyJourneys } from './key-journeys';

let users: TestUsers;
let keys: ReturnType<typeof keyJourneys>;
let owner: { id: string };
beforeAll(async () => {
  users = await startUsers();
  keys = keyJourneys(users);
  owner = await users.administration.seedUser({
    email: 'owner@example.com',
    name: 'Owner',
    password: 'demo',
    roleIds: ['ADMIN'],
  });
});
afterAll(() => users.stop());

const staff = (id: string, ...permissions: Permission[]) =>
  aUser({ id, permissions: ['api-key:manage', ...permissions] });
const ownerViewer = () => staff(owner.id, 'order:read', 'user:read');

describe('apiKeyCreate', () => {
  it('makes a key and shows its secret this once', async () => {
    const expiresAt = new Date(users.clock.now().getTime() + 86_400_000);
    const allowedIps = ['192.0.2.0/24', '2001:db8::/32'];
    const input = { name: ' ERP ', scopes: ['ORDER_READ', 'USER_READ', 'ORDER_READ'], expiresAt, allowedIps };
    const { apiKey, secret, userErrors } = await keys.create(ownerViewer(), input);
    expect(userErrors).toEqual([]);
    expect(secret).toMatch(/^sk_test_[0-9a-z]{26}[0-9A-Za-z]{49}$/);
    expect(apiKey).toEqual({
      id: `apikey_${secret?.slice(8, 34)}`,
      name: 'ERP',
      hint: `sk_test_…${secret?.slice(-4)}`,
      scopes: ['ORDER_READ', 'USER_READ'],
      allowedIps,
      allowSignature: false,
      requireSignature: false,
      expiresAt: expiresAt.toISOString(),
      lastUsedAt: null,
      lastUsedIp: null,
      createdAt: users.clock.now().toISOString(),
      revokedAt: null,
      version: 1,
      owner: { id: owner.id },
    });
    const stored = await users.collection('apiKeys').findOne({ _id: apiKey?.id ?? '' });
    expect(JSON.stringify(stored)).not.toContain(secret?.slice(34));
  });

  it('keeps the secret only where it is needed for signatures, and then encrypted', async () => {
    const sealing = await startUsers({ environment: { KEY_ENCRYPTION_SECRET: 'k'.repeat(32) } });
    const { issued } = keyJourneys(sealing);
    for (const input of [{ allowSignature: true }, { requireSignature: true }]) {
      const { apiKey, secret } = await issued(ownerViewer(), input);
      const stored = await sealing.collection('apiKeys').findOne({ _id: apiKey.id });
      expect(stored).toMatchObject({ secrets: [{ sealed: expect.stringMatching(/^sealed1:/) }], allowSignature: true });
      expect(JSON.stringify(stored)).not.toContain(secret.slice(34));
    }
    await sealing.stop();
  });

  it('begins secrets with sk_live_ in production', async () => {
    const environment = { NODE_ENV: 'production', ALLOW_EMBEDDED: '1', KEY_ENCRYPTION_SECRET: 'k'.repeat(32) };
    const production = await startUsers({ environment });
    const { secret } = await keyJourneys(production).issued(ownerViewer());
    expect(secret).toMatch(/^sk_live_/);
    await production.stop();
  });

  it.each([
    ['permissions beyond their own', { scopes: ['ORDER_READ', 'ORDER_CANCEL'] }, 'FORBIDDEN', ['input', 'scopes']],
    ['an end in the past', { expiresAt: '2020-01-01T00:00:00Z' }, 'BAD_USER_INPUT', ['input', 'expiresAt']],
  ])('refuses %s', async (_what, input, code, field) => {
    const before = await users.collection('apiKeys').countDocuments();
    expect(await keys.create(ownerViewer(), input)).toEqual({
      apiKey: null,
      secret: null,
      userErrors: [{ code, field }],
    });
    expect(await users.collection('apiKeys').countDocuments()).toBe(before);
  });

  it.each([
    ['no scopes', { scopes: [] }, 'scopes'],
    ['an empty name', { name: '  ' }, 'name'],
    ['a name of two lines', { name: 'a\nb' }, 'name'],
    ['a host for an address', { allowedIps: ['192.0.2.1', 'localhost'] }, 'allowedIps'],
    ['a block that is too narrow', { allowedIps: ['192.0.2.1/33'] }, 'allowedIps'],
    ['a hundred and one addresses', { allowedIps: Array(101).fill('192.0.2.1') }, 'allowedIps'],
  ])('says where %s is wrong', async (_what, input, field) => {
    const query = 'mutation ($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) { secret } }';
    const variables = { input: { name: 'ERP', scopes: ['ORDER_READ'], ...input } };
    const { errors } = await users.send(ownerViewer(), query, variables);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: ['input', field] }] } }]);
  });

  it.each([
    ['nobody', anonymous, 'UNAUTHENTICATED'],
    ['a user without the permission', aUser({ permissions: ['order:read'] }), 'FORBIDDEN'],
    ['a program', anApiKey({ permissions: ['api-key:manage', 'order:read'] }), 'FORBIDDEN'],
    ['a service', aService('orders'), 'FORBIDDEN'],
  ])('is not for %s, nor are the other changes', async (_who, viewer, code) => {
    const { apiKey } = await keys.issued(ownerViewer());
    const changes = [
      'apiKeyCreate(input: { name: "a", scopes: [ORDER_READ] })',
      `apiKeyRotate(id: "${apiKey.id}")`,
      `apiKeyRevoke(id: "${apiKey.id}")`,
    ];
    for (const change of changes) {
      const { errors } = await users.send(viewer, `mutation { ${change} { userErrors { code } } }`);
      expect(errors).toMatchObject([{ extensions: { code } }]);
    }
  });
});

describe('apiKeys', () => {
  it('shows to each their own keys and those whose scopes they hold, the newest first', async () => {
    const ada = staff('user_ada', 'product:read', 'product:write');
    const bob = staff('user_bob', 'product:read');
    const made = [];
    for (const scopes of [['PRODUCT_READ'], ['PRODUCT_WRITE'], ['PRODUCT_READ', 'PRODUCT_WRITE']]) {
      users.clock.advance(1);
      made.unshift((await keys.issued(ada, { scopes })).apiKey.id);
    }
    const idsFor = async (viewer: Parameters<typeof keys.list>[0]) =>
      (await keys.list(viewer)).edges.map(({ node }) => node.id);
    expect(await idsFor(ada)).toEqual(made);
    expect(await idsFor(bob)).toEqual([made[2]]);
    expect(await idsFor(staff('user_ada'))).toEqual(made);
    expect(await idsFor(anApiKey({ ownerId: 'user_bob', permissions: ['api-key:manage', 'product:read'] }))).toEqual([
      made[2],
    ]);

    const first = await keys.list(ada, { first: 2 });
    expect(first.edges.map(({ node }) => node.id)).toEqual(made.slice(0, 2));
    const second = await keys.list(ada, { first: 2, after: first.pageInfo.endCursor });
    expect(second.edges.map(({ node }) => node.id)).toEqual(made.slice(2));
  });

  it('shows the owner to those who may see users', async () => {
    await keys.issued(ownerViewer(), { scopes: ['ORDER_READ'] });
    const [seen] = (await keys.list(staff('user_else', 'order:read', 'user:read'), { first: 1 })).edges;
    const [unseen] = (await keys.list(staff('user_else', 'order:read'), { first: 1 })).edges;
    expect([seen?.node.owner, unseen?.node.owner]).toEqual([{ id: owner.id }, null]);
  });
});

describe('a key beyond what somebody may do themselves', () => {
  it('looks to them as if there were none', async () => {
    const { apiKey, secret } = await keys.issued(ownerViewer(), { scopes: ['USER_READ'] });
    const lesser = staff('user_lesser', 'order:read');
    const missing = 'apikey_01h455vb4pex5vsknk084sn02q';
    for (const id of [apiKey.id, missing]) {
      const refusal = { apiKey: null, userErrors: [{ code: 'NOT_FOUND', field: ['id'] }] };
      expect(await keys.rotate(lesser, id)).toEqual({ ...refusal, secret: null });
      expect(await keys.revoke(lesser, id)).toEqual(refusal);
    }
    expect(await keys.authenticate(secret)).toMatchObject({ id: apiKey.id });
  });
});

describe('what is done with keys', () => {
  it('is audited', async () => {
    const viewer = ownerViewer();
    const { apiKey } = await keys.issued(viewer);
    await keys.rotate(viewer, apiKey.id, 60);
    await keys.revoke(viewer, apiKey.id);
    await keys.revoke(viewer, apiKey.id);
    const entries = await users.collection('auditEntries').find({ subject: apiKey.id }).sort({ _id: 1 }).toArray();
    const actor = owner.id;
    expect(entries).toMatchObject([
      { action: 'api-key.created', actor, details: { scopes: ['order:read'], requireSignature: false } },
      { action: 'api-key.rotated', actor, details: { overlapSeconds: 60 } },
      { action: 'api-key.revoked', actor },
    ]);
  });

  it('keeps one result of two simultaneous rotations, and both secrets where they overlap', async () => {
    const viewer = ownerViewer();
    const { apiKey, secret } = await keys.issued(viewer);
    const rotated = await Promise.all([keys.rotate(viewer, apiKey.id), keys.rotate(viewer, apiKey.id)]);
    const secrets = rotated.map((result) => result.secret ?? '');
    expect(await Promise.all(secrets.map((text) => keys.authenticate(text)))).toMatchObject([
      { id: apiKey.id },
      { id: apiKey.id },
    ]);
    // Two work at the most: the first one has made room.
    expect(await keys.authenticate(secret)).toBe('UNAUTHENTICATED');
  });
});
