import {
  anApiKey,
  anonymous,
  aUser,
  eventually,
  expectIndexed,
  recordCommands,
  signedClient,
  testKeys,
} from '@shopgraph/kit/testing';
import { GOOD_PASSWORD, journeys, LOGIN, newAddress } from '../journeys';
import { startUsers, type TestUsers } from '../start-users';

let users: TestUsers;
let person: ReturnType<typeof journeys>;
let ada: Awaited<ReturnType<typeof person.join>>;
beforeAll(async () => {
  users = await startUsers();
  person = journeys(users);
  ada = await person.join();
  users.clock.advance(1_000);
});
afterAll(() => users.stop());

const AUDITOR_ID = 'user_01h455vb4pex5vsknk084sn02q';
const auditor = aUser({ id: AUDITOR_ID, permissions: ['audit:read', 'user:read'] });
const client = { ip: '192.0.2.7', userAgent: 'Firefox' };

interface Page {
  edges: { cursor: string; node: Record<string, unknown> }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean };
}

const FIELDS = `id sequence at action actor actorUser { id email } subject subjectUser { id email } ip userAgent
  requestId details`;
const LOG = `query ($filter: AuditFilter, $first: Int, $after: String, $last: Int, $before: String) {
  auditLog(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { ${FIELDS} } } pageInfo { hasNextPage hasPreviousPage }
  }
}`;
async function log(variables: object = {}, viewer = auditor): Promise<Page> {
  const { data, errors } = await users.send<{ auditLog: Page }>(viewer, LOG, variables);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.auditLog;
}
const nodes = async (filter: object) => (await log({ filter, first: 100 })).edges.map(({ node }) => node);

async function signIn(email: string, from = client): Promise<void> {
  const send = signedClient(users.origin, testKeys, users.clock, from);
  await send(anonymous, LOGIN, { input: { email, password: GOOD_PASSWORD } });
}

describe('the audit log', () => {
  it('tells who has done what, to what, when and where from', async () => {
    const startedAt = users.clock.now().toISOString();
    await signIn(ada.email);
    const [entry] = await nodes({ actor: ada.user.id, actions: ['SESSION_STARTED'], from: startedAt });
    expect(entry).toMatchObject({
      at: startedAt,
      action: 'SESSION_STARTED',
      actor: ada.user.id,
      actorUser: { id: ada.user.id, email: ada.email },
      subject: expect.stringMatching(/^sess_/),
      subjectUser: null,
      ip: '192.0.2.7',
      userAgent: 'Firefox',
      requestId: expect.any(String),
    });
  });

  it('is read newest first, page by page, in both directions, each entry once', async () => {
    for (let count = 0; count < 5; count += 1) {
      users.clock.advance(count % 2);
      await signIn(ada.email);
    }
    const filter = { actor: ada.user.id };
    const ids = (await nodes(filter)).map(({ id }) => id);
    const times = (await nodes(filter)).map(({ at }) => at as string);
    expect(times).toEqual([...times].sort().reverse());

    const forward: unknown[] = [];
    for (let after: string | undefined, isMore = true; isMore;) {
      const page = await log({ filter, first: 3, after });
      forward.push(...page.edges.map(({ node }) => node.id));
      [after, isMore] = [page.edges.at(-1)?.cursor, page.pageInfo.hasNextPage];
    }
    expect(forward).toEqual(ids);
    const last = await log({ filter, last: 2 });
    expect(last.edges.map(({ node }) => node.id)).toEqual(ids.slice(-2));
    const before = await log({ filter, last: 2, before: last.edges[0]?.cursor });
    expect(before.edges.map(({ node }) => node.id)).toEqual(ids.slice(-4, -2));
  });

  it('is searched by all that an entry says', async () => {
    const bob = await person.join();
    users.clock.advance(1_000);
    const [from, ip] = [users.clock.now(), '2001:db8::7'];
    await signIn(bob.email, { ip, userAgent: 'curl' });
    users.clock.advance(1_000);
    const to = users.clock.now();
    await signIn(ada.email);

    expect(await nodes({ ip })).toMatchObject([{ actor: bob.user.id, userAgent: 'curl' }]);
    expect(await nodes({ from, to })).toMatchObject([{ actor: bob.user.id, ip }]);
    expect((await nodes({ subject: bob.user.id })).map(({ action }) => action).sort()).toEqual([
      'USER_EMAIL_VERIFIED',
      'USER_REGISTERED',
    ]);
    const filter = { actor: bob.user.id, actions: ['USER_EMAIL_VERIFIED', 'USER_REGISTERED'], to: from };
    expect(await nodes(filter)).toMatchObject([
      { action: 'USER_EMAIL_VERIFIED', subjectUser: { email: bob.email }, details: null },
    ]);
    expect(await nodes({ ...filter, ip: '198.51.100.1' })).toEqual([]);
  });

  it('stays readable when another version of the shop has written to it', async () => {
    const { collection } = users;
    const [model] = await collection('auditEntries').find({ subject: ada.user.id }).toArray();
    const future = { ...model, _id: 'aud_future', action: 'moon.landed', subject: 'moon_1', sequence: 10_000 };
    await collection('auditEntries').insertOne(future);
    expect(await nodes({ subject: 'moon_1' })).toMatchObject([{ id: 'aud_future', action: null }]);
    await collection('auditEntries').deleteOne({ _id: 'aud_future' });
  });

  it('has the place of an entry soon after it was written', async () => {
    await eventually(async () => {
      const entries = await nodes({ subject: ada.user.id });
      expect(entries.map(({ sequence }) => sequence)).toEqual([expect.any(Number), expect.any(Number)]);
    });
  });
});

describe('looking into the audit log', () => {
  it('is logged before anything is seen: who, and for what', async () => {
    const asked = { actor: ada.user.id, actions: ['SESSION_STARTED'], ip: '192.0.2.7', from: '2020-01-01T00:00:00Z' };
    users.clock.advance(1_000);
    const seen = await log({ filter: asked, first: 2 });
    const [reading] = await nodes({ actor: AUDITOR_ID });
    expect(reading).toMatchObject({
      action: 'AUDIT_LOG_READ',
      subject: 'audit-log',
      at: users.clock.now().toISOString(),
      details: {
        ofActor: ada.user.id,
        ofActions: ['session.started'],
        ofOneIp: true,
        from: '2020-01-01T00:00:00.000Z',
        entries: seen.edges.length,
      },
    });
    expect(JSON.stringify(await nodes({ actions: ['AUDIT_LOG_READ'] }))).not.toContain('192.0.2.7');
  });

  it.each([
    ['nobody known', anonymous, 'UNAUTHENTICATED'],
    ['somebody else of the staff', aUser({ permissions: ['user:read', 'user:manage'] }), 'FORBIDDEN'],
  ])('is not for %s, and leaves no entry', async (_who, viewer, code) => {
    const countBefore = await users.collection('auditEntries').countDocuments();
    const { data, errors } = await users.send(viewer, LOG);
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code } }]);
    expect(await users.collection('auditEntries').countDocuments()).toBe(countBefore);
  });

  it('shows programs with the permission the same, and shows users only to who may see them', async () => {
    const program = anApiKey({ permissions: ['audit:read'] });
    const page = await log({ filter: { subject: ada.user.id } }, program);
    expect(page.edges[0]?.node).toMatchObject({ subject: ada.user.id, subjectUser: null, actorUser: null });
    expect(await nodes({ actor: 'apikey_1' })).toMatchObject([{ action: 'AUDIT_LOG_READ' }]);
  });

  it.each<[string, object, (string | number)[]]>([
    [
      'a span that ends before it starts',
      { from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' },
      ['filter', 'to'],
    ],
    ['an address that is none', { ip: '192.0.2' }, ['filter', 'ip']],
    ['an id that is none', { actor: 'user_1 or 1=1' }, ['filter', 'actor']],
    ['an id of 10,000 characters', { subject: 'x'.repeat(10_000) }, ['filter', 'subject']],
    ['an action twice', { actions: ['USER_REGISTERED', 'USER_REGISTERED'] }, ['filter', 'actions']],
  ])('is refused for %s', async (_what, filter, path) => {
    const { errors } = await users.send(auditor, LOG, { filter });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }]);
  });

  it.each([
    ['an operator', { filter: { actor: { $ne: null } } }],
    ['an action that there is not', { filter: { actions: ['MOON_LANDED'] } }],
    ['a page in two directions', { first: 1, last: 1 }],
    ['a page of 101', { first: 101 }],
  ])('is refused for %s', async (_what, variables) => {
    const { errors } = await users.send(auditor, LOG, variables);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('never reads the whole log, whatever is asked for, and each user once', async () => {
    const commands = recordCommands(users.connection);
    const span = { from: '2026-01-01T00:00:00Z', to: '2036-01-01T00:00:00Z' };
    for (const filter of [
      {},
      span,
      { actor: ada.user.id },
      { subject: ada.user.id, ...span },
      { actions: ['SESSION_STARTED', 'SESSION_ENDED'], ...span },
      { ip: '192.0.2.7' },
      { actor: ada.user.id, subject: ada.user.id, actions: ['USER_REGISTERED'], ip: '192.0.2.7', ...span },
    ]) {
      const page = await log({ filter, first: 2 });
      await log({ filter, first: 2, after: page.edges[0]?.cursor });
      await log({ filter, last: 2 });
    }
    const userReads = commands.filter(({ name, command }) => name === 'find' && command.find === 'users');
    expect(userReads.length).toBeLessThanOrEqual(21);
    await expectIndexed(users.connection, commands);
  });

  it('is possible for addresses that nobody has', async () => {
    expect(await nodes({ ip: '203.0.113.99', actor: newAddress().split('@')[0] })).toEqual([]);
  });
});
