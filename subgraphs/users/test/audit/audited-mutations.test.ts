import type { Viewer } from '@shopgraph/kit';
import { anonymous, aUser, signedClient, testKeys } from '@shopgraph/kit/testing';
import { usersSchema } from '../../src';
import type { AuditAction } from '../../src/audit/audit-actions';
import { keyJourneys } from '../api-keys/key-journeys';
import { permissionsOf } from '../builders';
import { GOOD_PASSWORD, journeys, newAddress } from '../journeys';
import { privacyRequests } from '../privacy/privacy-requests';
import { roleRequests } from '../roles/role-requests';
import { startUsers, type TestUsers } from '../start-users';

const ADMIN_ID = 'user_01h455vb4pex5vsknk084sn02q';
const admin = aUser({ id: ADMIN_ID, permissions: permissionsOf(['ADMIN']) });
const NEXT_PASSWORD = 'marble-lantern-humming-58';
const client = { ip: '192.0.2.7', userAgent: 'Firefox' };

let users: TestUsers;
let person: ReturnType<typeof journeys>;
let keys: ReturnType<typeof keyJourneys>;
let roles: ReturnType<typeof roleRequests>;
let privacy: ReturnType<typeof privacyRequests>;
beforeAll(async () => {
  users = await startUsers();
  const atClient = { ...users, send: signedClient(users.origin, testKeys, users.clock, client) };
  users = atClient;
  person = journeys(atClient);
  keys = keyJourneys(atClient);
  roles = roleRequests(atClient);
  privacy = privacyRequests(atClient);
});
afterAll(() => users.stop());

/** What a mutation has to leave in the log: who did what to whom. */
interface Expected {
  readonly action: AuditAction;
  readonly actor: string;
  readonly subject: string | null;
}
/** Sends the mutation; then tells what is to be found. */
type Probe = () => Promise<readonly Expected[]>;

async function send(viewer: Viewer, mutation: string): Promise<Record<string, unknown>> {
  const { data, errors } = await users.send<Record<string, Record<string, unknown>>>(
    viewer,
    `mutation { ${mutation} }`,
  );
  const [payload] = Object.values(data);
  if (errors || !payload) throw new Error(JSON.stringify(errors));
  if (JSON.stringify(payload.userErrors ?? []) !== '[]') throw new Error(JSON.stringify(payload));
  return payload;
}

const ADDRESS = `line1: "1 High Street", city: "London", postalCode: "N1 9GU", country: "GB", name: "Ada"`;
async function addressOf(viewer: Viewer): Promise<string> {
  const { address } = await send(viewer, `addressCreate(input: { ${ADDRESS} }) { address { id } userErrors { code } }`);
  return (address as { id: string }).id;
}

let lastRole = 0;
async function newRole(): Promise<string> {
  const id = `LEAD_${(lastRole += 1)}`;
  await roles.upsert(admin, { id, permissions: ['ORDER_READ'] });
  return id;
}

/** Each mutation with its preparation, which gives the probe. Those that leave nothing say why. */
const MUTATIONS: Readonly<Record<string, (() => Promise<Probe>) | string>> = {
  register: async () => async () => {
    const email = newAddress();
    await person.register({ email });
    const user = await users.collection('users').findOne({ email });
    return [{ action: 'user.registered', actor: 'anonymous', subject: user?._id ?? '' }];
  },
  verifyEmail: async () => {
    const email = newAddress();
    await person.register({ email });
    const { token } = await users.mailbox.arrived(email);
    return async () => {
      const id = (await person.verify(token)).user?.id ?? '';
      return [
        { action: 'user.email-verified', actor: id, subject: id },
        { action: 'session.started', actor: id, subject: null },
      ];
    };
  },
  login: async () => {
    const { email, user } = await person.join();
    return async () => {
      await person.login(email);
      return [{ action: 'session.started', actor: user.id, subject: null }];
    };
  },
  refreshToken: async () => {
    const { refreshToken, viewer } = await person.join();
    await person.refresh(refreshToken);
    users.clock.advance(20_000);
    return async () => {
      await person.refresh(refreshToken);
      return [{ action: 'session.refresh-token-reused', actor: 'anonymous', subject: viewer.sessionId }];
    };
  },
  logout: async () => {
    const { viewer } = await person.join();
    return async () => {
      await send(viewer, 'logout { loggedOut userErrors { code } }');
      return [{ action: 'session.ended', actor: viewer.id, subject: viewer.sessionId }];
    };
  },
  logoutAll: async () => {
    const { viewer, email } = await person.join();
    await person.login(email);
    return async () => {
      await send(viewer, 'logoutAll { loggedOut userErrors { code } }');
      return [
        { action: 'session.ended', actor: viewer.id, subject: viewer.sessionId },
        { action: 'session.ended', actor: viewer.id, subject: null },
      ];
    };
  },
  revokeSession: async () => {
    const { viewer } = await person.join();
    return async () => {
      await send(admin, `revokeSession(id: "${viewer.sessionId}") { userErrors { code } }`);
      return [{ action: 'session.ended', actor: ADMIN_ID, subject: viewer.sessionId }];
    };
  },
  userSetRoles: async () => {
    const { user } = await person.join();
    return async () => {
      await roles.setRoles(admin, user.id, ['SUPPORT']);
      return [{ action: 'user.roles-set', actor: ADMIN_ID, subject: user.id }];
    };
  },
  userSetStatus: async () => {
    const { user, viewer } = await person.join();
    return async () => {
      await send(admin, `userSetStatus(id: "${user.id}", status: DEACTIVATED) { userErrors { code } }`);
      return [
        { action: 'user.status-set', actor: ADMIN_ID, subject: user.id },
        { action: 'session.ended', actor: ADMIN_ID, subject: viewer.sessionId },
      ];
    };
  },
  roleUpsert: async () => async () => [{ action: 'role.set', actor: ADMIN_ID, subject: await newRole() }],
  roleDelete: async () => {
    const id = await newRole();
    return async () => {
      await roles.remove(admin, id);
      return [{ action: 'role.deleted', actor: ADMIN_ID, subject: id }];
    };
  },
  profileUpdate: async () => {
    const { viewer } = await person.join();
    return async () => {
      await send(viewer, 'profileUpdate(input: { name: "Ada King" }) { userErrors { code } }');
      return [{ action: 'user.profile-updated', actor: viewer.id, subject: viewer.id }];
    };
  },
  addressCreate: async () => {
    const { viewer } = await person.join();
    return async () => [{ action: 'address.created', actor: viewer.id, subject: await addressOf(viewer) }];
  },
  addressUpdate: async () => {
    const { viewer } = await person.join();
    const id = await addressOf(viewer);
    return async () => {
      await send(viewer, `addressUpdate(id: "${id}", input: { city: "Bath" }) { userErrors { code } }`);
      return [{ action: 'address.updated', actor: viewer.id, subject: id }];
    };
  },
  addressDelete: async () => {
    const { viewer } = await person.join();
    const id = await addressOf(viewer);
    return async () => {
      await send(viewer, `addressDelete(id: "${id}") { userErrors { code } }`);
      return [{ action: 'address.deleted', actor: viewer.id, subject: id }];
    };
  },
  apiKeyCreate: async () => async () => {
    const { apiKey } = await keys.issued(admin);
    return [{ action: 'api-key.created', actor: ADMIN_ID, subject: apiKey.id }];
  },
  apiKeyRotate: async () => {
    const { apiKey } = await keys.issued(admin);
    return async () => {
      await keys.rotate(admin, apiKey.id);
      return [{ action: 'api-key.rotated', actor: ADMIN_ID, subject: apiKey.id }];
    };
  },
  apiKeyRevoke: async () => {
    const { apiKey } = await keys.issued(admin);
    return async () => {
      await keys.revoke(admin, apiKey.id);
      return [{ action: 'api-key.revoked', actor: ADMIN_ID, subject: apiKey.id }];
    };
  },
  apiKeyAuthenticate: 'asked by the gateway for every request of a program; the key notes its last use',
  apiKeyVerifySignature: 'asked by the gateway for every request of a program; the key notes its last use',
  requestPasswordReset: async () => {
    const { email, user } = await person.join();
    return async () => {
      await send(anonymous, `requestPasswordReset(email: "${email}") { accepted userErrors { code } }`);
      return [{ action: 'user.password-reset-requested', actor: 'anonymous', subject: user.id }];
    };
  },
  resetPassword: async () => {
    const { email, viewer } = await person.join();
    await send(anonymous, `requestPasswordReset(email: "${email}") { accepted userErrors { code } }`);
    const { token } = await users.mailbox.arrived(email, 2);
    return async () => {
      await send(anonymous, `resetPassword(token: "${token}", password: "${NEXT_PASSWORD}") { userErrors { code } }`);
      return [
        { action: 'user.password-reset', actor: viewer.id, subject: viewer.id },
        { action: 'session.ended', actor: 'anonymous', subject: viewer.sessionId },
        { action: 'session.started', actor: viewer.id, subject: null },
      ];
    };
  },
  changePassword: async () => {
    const { viewer } = await person.join();
    return async () => {
      const passwords = `current: "${GOOD_PASSWORD}", next: "${NEXT_PASSWORD}"`;
      await send(viewer, `changePassword(${passwords}) { userErrors { code } }`);
      return [
        { action: 'user.password-changed', actor: viewer.id, subject: viewer.id },
        { action: 'session.ended', actor: viewer.id, subject: viewer.sessionId },
        { action: 'session.started', actor: viewer.id, subject: null },
      ];
    };
  },
  requestEmailChange: async () => {
    const { viewer } = await person.join();
    return async () => {
      const input = `newEmail: "${newAddress()}", password: "${GOOD_PASSWORD}"`;
      await send(viewer, `requestEmailChange(${input}) { accepted userErrors { code } }`);
      return [{ action: 'user.email-change-requested', actor: viewer.id, subject: viewer.id }];
    };
  },
  confirmEmailChange: async () => {
    const { viewer } = await person.join();
    const newEmail = newAddress();
    const input = `newEmail: "${newEmail}", password: "${GOOD_PASSWORD}"`;
    await send(viewer, `requestEmailChange(${input}) { accepted userErrors { code } }`);
    const { token } = await users.mailbox.arrived(newEmail);
    return async () => {
      await send(viewer, `confirmEmailChange(token: "${token}") { userErrors { code } }`);
      return [{ action: 'user.email-changed', actor: viewer.id, subject: viewer.id }];
    };
  },
  userExport: async () => {
    const { user } = await person.join();
    return async () => {
      await privacy.userExport(admin, user.id);
      return [{ action: 'user.export-requested', actor: ADMIN_ID, subject: user.id }];
    };
  },
  userAnonymize: async () => {
    const { user, viewer } = await person.join();
    return async () => {
      await privacy.userAnonymize(admin, user.id);
      return [
        { action: 'user.anonymised', actor: ADMIN_ID, subject: user.id },
        { action: 'session.ended', actor: ADMIN_ID, subject: viewer.sessionId },
      ];
    };
  },
  privacyAnswer: 'told by sibling subgraphs about a job whose beginning is in the log',
};

const entriesOf = () => users.collection('auditEntries').find().sort({ _id: 1 }).toArray();

describe('the mutations of users', () => {
  it('all have their row in the table of this test', () => {
    expect(Object.keys(MUTATIONS).sort()).toEqual(
      Object.keys(usersSchema().getMutationType()?.getFields() ?? {}).sort(),
    );
  });

  const probed = Object.entries(MUTATIONS).flatMap(([name, prepare]) =>
    typeof prepare === 'string' ? [] : [[name, prepare] as const],
  );
  it.each(probed)('leave who did what to whom, and where from: %s', async (name, prepare) => {
    const probe = await prepare();
    const known = new Set((await entriesOf()).map(({ _id }) => _id));
    const expected = await probe();

    const added = (await entriesOf()).filter(({ _id }) => !known.has(_id));
    const found = expected.map(({ subject, ...entry }) =>
      expect.objectContaining({ ...entry, ...(subject !== null && { subject }), requestId: expect.any(String) }),
    );
    expect(added).toHaveLength(expected.length);
    expect(added).toEqual(expect.arrayContaining(found));
    // Whoever is erased is not to be found by the place either, whoever erased them.
    const places = name === 'userAnonymize' ? [{ ip: null, userAgent: null }] : [client];
    for (const { ip, userAgent } of added) expect(places).toContainEqual({ ip, userAgent });
  });

  it('that change nothing leave nothing', async () => {
    const { viewer } = await person.join();
    await send(viewer, 'logout { loggedOut userErrors { code } }');
    const countBefore = (await entriesOf()).length;
    await send(viewer, 'logout { loggedOut userErrors { code } }');
    await roles.setRoles(admin, ADMIN_ID, ['SUPPORT']);
    await roles.remove(admin, 'SUPPORT');
    await privacy.answer('orders', 'privjob_01h455vb4pex5vsknk084sn02q');
    await keys.revoke(admin, 'apikey_01h455vb4pex5vsknk084sn02q');
    expect((await entriesOf()).length).toBe(countBefore);
  });

  it('that are refused for what they would open leave that', async () => {
    const { email, user } = await person.join();
    const countBefore = (await entriesOf()).length;
    await person.login(email, 'not the password');
    await person.register({ email });
    const added = (await entriesOf()).slice(countBefore);
    expect(added.map(({ action, subject }) => [action, subject])).toEqual([
      ['login.failed', user.id],
      ['user.registration-repeated', user.id],
    ]);
  });
});
