import { aUser, eventually } from '@shopgraph/kit/testing';
import { permissionsOf } from '../builders';
import { GOOD_PASSWORD, newAddress } from '../journeys';
import { privacyRequests } from '../privacy/privacy-requests';
import { startUsers, type TestUsers } from '../start-users';
import { keyJourneys } from './key-journeys';

let users: TestUsers;
let keys: ReturnType<typeof keyJourneys>;
let requests: ReturnType<typeof privacyRequests>;
beforeAll(async () => {
  users = await startUsers();
  keys = keyJourneys(users);
  requests = privacyRequests(users);
});
afterAll(() => users.stop());

/** Staff with a key that was used from somewhere, and revoked or not. */
async function anOwner() {
  const email = newAddress();
  const { id } = await users.administration.seedUser({
    email,
    name: 'S',
    password: GOOD_PASSWORD,
    roleIds: ['SUPPORT'],
  });
  const viewer = aUser({ id, permissions: ['api-key:manage', ...permissionsOf(['SUPPORT'])] });
  const { apiKey, secret } = await keys.issued(viewer, { name: 'Quill', allowedIps: ['192.0.2.44'] });
  await keys.authenticate(secret, '192.0.2.44');
  const stored = () => users.collection('apiKeys').findOne({ _id: apiKey.id });
  await eventually(async () => expect(await stored()).toMatchObject({ lastUsedIp: '192.0.2.44' }));
  return { id, viewer, apiKey, secret, stored };
}

describe('the keys of somebody', () => {
  it('are in the export of what is held of them, without their secrets', async () => {
    const { id, viewer, apiKey, secret } = await anOwner();
    const { job } = await requests.userExport(viewer, id);
    for (const subgraph of ['products', 'inventory', 'orders']) await requests.answer(subgraph, job?.id ?? '');
    const document = await eventually(async () => {
      const found = (await requests.privacyJob(viewer, job?.id))?.document;
      if (!found) throw new Error('the export is not done');
      return found;
    });
    expect(document.users).toMatchObject({ apiKeys: [{ id: apiKey.id, name: 'Quill', lastUsedIp: '192.0.2.44' }] });
    for (const hidden of [secret.slice(34), 'secrets', 'hash']) expect(JSON.stringify(document)).not.toContain(hidden);
  });

  it('end when they are erased, and hold nothing personal any more', async () => {
    const { id, viewer, apiKey, secret, stored } = await anOwner();
    expect((await requests.userAnonymize(viewer, id, GOOD_PASSWORD)).userErrors).toEqual([]);
    expect(await keys.authenticate(secret, '192.0.2.44')).toBe('UNAUTHENTICATED');
    expect(await users.redis.exists(`apikey:revoked:${apiKey.id}`)).toBe(1);
    expect(await stored()).toMatchObject({ secrets: [], revokedAt: users.clock.now(), scopes: ['order:read'] });
    expect(JSON.stringify(await stored())).not.toMatch(/Quill|192\.0\.2\.44/);
  });
});
