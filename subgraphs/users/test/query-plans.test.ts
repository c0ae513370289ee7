import { serviceCall, type Viewer } from '@shopgraph/kit';
import { aUser, expectIndexed, recordCommands, unaskedFields } from '@shopgraph/kit/testing';
import { usersSchema } from '../src';
import { permissionsOf } from './builders';
import { keyJourneys } from './api-keys/key-journeys';
import { GOOD_PASSWORD, journeys, newAddress, viewerOf } from './journeys';
import { passwordJourneys } from './passwords/password-journeys';
import { askForPrivacy } from './privacy/privacy-requests';
import { startUsers, type TestUsers } from './start-users';

async function useAddressBook({ send }: TestUsers, viewer: Viewer): Promise<void> {
  const input = '{ name: "Ada", line1: "1", city: "Porto", country: "PT" }';
  const create = `mutation { addressCreate(input: ${input}) { address { id } user { addresses { id } } } }`;
  const { data } = await send<{ addressCreate: { address: { id: string } } }>(viewer, create);
  const { id } = data.addressCreate.address;
  await send(viewer, `mutation { addressUpdate(id: "${id}", input: { city: "Faro" }) { address { id } } }`);
  await send(viewer, `mutation { addressDelete(id: "${id}") { address { id } } }`);
}

async function changeCredentials(users: TestUsers): Promise<void> {
  const { change, reset, resetToken, mailedBy, requestEmailChange, confirmEmailChange } = passwordJourneys(users);
  const { email: oldEmail, viewer } = await journeys(users).join();
  const email = newAddress();
  const ask = () => requestEmailChange(viewer, email, GOOD_PASSWORD);
  await confirmEmailChange(viewer, (await mailedBy(email, 'email-change', ask)).token);
  await requestEmailChange(viewer, oldEmail, GOOD_PASSWORD);
  await change(viewer, GOOD_PASSWORD);
  await reset(await resetToken(email));
}

describe('the database', () => {
  it('never has to read a whole collection', async () => {
    const users = await startUsers();
    const commands = recordCommands(users.connection);
    const { join, login, refresh, register } = journeys(users);

    const { email, refreshToken, accessToken, user } = await join();
    await register({ email });
    await users.mailbox.arrived(email, 2);
    await register({ email: newAddress() });
    await login(email);
    const next = await refresh(refreshToken);
    users.clock.advance(20_000);
    await refresh(refreshToken);
    await refresh(next.refreshToken);
    const viewer = viewerOf(accessToken);
    await users.send(viewer, '{ me { email roles { id } sessions { id } } }');
    const { sessionId } = viewerOf((await login(email)).accessToken);
    await users.send(viewer, `mutation { revokeSession(id: "${sessionId}") { session { id } } }`);
    await users.send(viewer, 'mutation { profileUpdate(input: { name: "Ada" }) { user { id } } }');
    await useAddressBook(users, viewer);
    await changeCredentials(users);
    const admin = aUser({ permissions: permissionsOf(['ADMIN']) });
    for (const roleIds of ['["SUPPORT"]', '[]']) {
      await users.send(admin, `mutation { userSetRoles(id: "${user.id}", roleIds: ${roleIds}) { user { id } } }`);
    }
    const upsert =
      'mutation ($p: [Permission!]!) { roleUpsert(input: {id: "LEAD", name: "L", permissions: $p}) { role { id } } }';
    await users.send(admin, upsert, { p: ['USER_READ'] });
    await users.send(admin, `mutation { userSetRoles(id: "${user.id}", roleIds: ["LEAD"]) { user { id } } }`);
    await users.send(admin, upsert, { p: [] });
    await users.send(admin, 'mutation { roleDelete(id: "LEAD") { deletedId } }');
    await users.send(admin, '{ roles { id } }');
    for (const status of ['DEACTIVATED', 'ACTIVE']) {
      await users.send(admin, `mutation { userSetStatus(id: "${user.id}", status: ${status}) { user { id } } }`);
    }
    await users.send(admin, '{ users(first: 5) { edges { node { id } } } }');
    await users.send(admin, `{ user(id: "${user.id}") { id } }`);
    const manager = aUser({ id: user.id, permissions: permissionsOf(['ADMIN']) });
    const keys = keyJourneys(users);
    const { apiKey, secret } = await keys.issued(manager, { allowSignature: true });
    await keys.authenticate(secret);
    await keys.verify(keys.signed(secret));
    await keys.rotate(manager, apiKey.id);
    await keys.list(manager, { first: 1 });
    await keys.revoke(manager, apiKey.id);
    await users.send(viewer, 'mutation { logout { loggedOut } }');
    await users.send(viewer, 'mutation { logoutAll { loggedOut } }');
    await users.administration.seedUser({ email: newAddress(), name: 'Staff', password: 'demo', roleIds: [] });
    await users.send(admin, `{ auditLog(filter: { subject: "${user.id}" }) { edges { node { id action } } } }`);
    await users.rotateSigningKey(serviceCall('users'));

    await askForPrivacy(users, viewer.id);

    expect(unaskedFields(usersSchema(), users.send.queries)).toEqual([]);
    const collections = new Set(commands.map(({ name, command }) => command[name]));
    for (const name of [
      'users',
      'roles',
      'sessions',
      'refreshTokens',
      'verifications',
      'mails',
      'mailQuotas',
      'passwordResets',
      'emailChanges',
      'signingKeys',
      'apiKeys',
      'addressBooks',
    ]) {
      expect(collections).toContain(name);
    }
    await expectIndexed(users.connection, commands);
    await users.stop();
  });

  it('forgets tokens, sessions and mails by itself', async () => {
    const users = await startUsers();
    for (const [name, field] of [
      ['verifications', 'expiresAt'],
      ['refreshTokens', 'expiresAt'],
      ['sessions', 'expiresAt'],
      ['mails', 'deleteAt'],
      ['privacyJobs', 'expiresAt'],
      ['privacyExportPieces', 'expiresAt'],
      ['mailQuotas', 'deleteAt'],
      ['passwordResets', 'expiresAt'],
      ['emailChanges', 'expiresAt'],
    ] as const) {
      const indexes = await users.collection(name).indexes();
      expect(indexes).toEqual(
        expect.arrayContaining([expect.objectContaining({ key: { [field]: 1 }, expireAfterSeconds: 0 })]),
      );
    }
    await users.stop();
  });
});
