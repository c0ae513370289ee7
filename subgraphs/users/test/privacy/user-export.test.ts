import { randomUUID } from 'node:crypto';
import { aService, anApiKey, anonymous, aUser, eventually } from '@shopgraph/kit/testing';
import { GOOD_PASSWORD, journeys } from '../journeys';
import { startUsers, type TestUsers } from '../start-users';
import { privacyRequests, privacyStaff } from './privacy-requests';

const DAY_MS = 86_400_000;
const OTHERS = ['products', 'inventory', 'orders'];
const PARTS = ['users', ...OTHERS];

let users: TestUsers;
let people: ReturnType<typeof journeys>;
let requests: ReturnType<typeof privacyRequests>;
beforeAll(async () => {
  users = await startUsers({ environment: { KEY_ENCRYPTION_SECRET: 'e'.repeat(32) } });
  people = journeys(users);
  requests = privacyRequests(users);
});
afterAll(() => users.stop());

/** Somebody who has asked for what is held of them, once this subgraph has answered its part. */
async function anExport() {
  const joined = await people.join();
  const { job, userErrors } = await requests.userExport(joined.viewer, joined.user.id);
  expect(userErrors).toEqual([]);
  const id = job?.id ?? '';
  const part = (subgraph: string) => requests.privacyJob(joined.viewer, id).then((found) => partOf(found, subgraph));
  await eventually(async () => expect(await part('users')).toBe('DONE'));
  return { ...joined, id };
}

function partOf(job: { parts: readonly { subgraph: string; status: string }[] } | null, subgraph: string) {
  return job?.parts.find((part) => part.subgraph === subgraph)?.status;
}

describe('userExport', () => {
  it('runs until every subgraph has answered, and then holds what each of them holds', async () => {
    const { viewer, id, user, email } = await anExport();
    expect(await requests.privacyJob(viewer, id)).toMatchObject({
      kind: 'EXPORT',
      status: 'RUNNING',
      requestedBy: user.id,
      user: { id: user.id },
      finishedAt: null,
      document: null,
      parts: PARTS.map((subgraph) => ({ subgraph, status: subgraph === 'users' ? 'DONE' : 'RUNNING' })),
    });

    for (const subgraph of OTHERS) {
      expect(await requests.answer(subgraph, id, { text: `{"held":"by ${subgraph}"}` })).toBe(true);
    }
    const done = await requests.privacyJob(viewer, id);
    expect(done).toMatchObject({ status: 'DONE', finishedAt: users.clock.now().toISOString() });
    expect(done?.document).toMatchObject({
      products: { held: 'by products' },
      inventory: { held: 'by inventory' },
      orders: { held: 'by orders' },
    });
    expect(done?.document?.users).toMatchObject({
      account: { id: user.id, email, name: 'Ada Lovelace', status: 'ACTIVE', roleIds: ['CUSTOMER'] },
      sessions: [{ userId: user.id, endedAt: null }],
      mails: [{ letter: 'verification' }],
      verifications: [],
    });
  });

  it('holds no password, no token and no hash of them', async () => {
    const { viewer, id, refreshToken } = await anExport();
    for (const subgraph of OTHERS) await requests.answer(subgraph, id);
    const text = JSON.stringify((await requests.privacyJob(viewer, id))?.document);
    for (const secret of ['$2b$', 'passwordHash', 'sealed', GOOD_PASSWORD, refreshToken]) {
      expect(text).not.toContain(secret);
    }
  });

  it('is kept sealed: the database alone does not give it away', async () => {
    const { id, email } = await anExport();
    await requests.answer('orders', id, { text: '{"street":"Rua das Flores 1"}' });
    const pieces = await users.collection('privacyExportPieces').find({ jobId: id }).toArray();
    expect(pieces).toHaveLength(2);
    for (const word of [email, 'Rua das Flores', Buffer.from('Rua das Flores').toString('base64url').slice(0, 16)]) {
      expect(JSON.stringify(pieces)).not.toContain(word);
    }
  });

  it('puts the pieces of one attempt together, whatever became of others', async () => {
    const { viewer, id } = await anExport();
    for (const subgraph of ['products', 'inventory']) await requests.answer(subgraph, id);
    const [lost, whole] = [randomUUID(), randomUUID()];
    await requests.answer('orders', id, { attempt: lost, index: 0, isLast: false, text: '{"lost":' });
    const text = `{"name":"${'ü'.repeat(60_000)}"}`;
    await requests.answer('orders', id, { attempt: whole, index: 0, isLast: false, text: text.slice(0, 50_000) });
    // Its answer was lost on the way back, so it comes again.
    await requests.answer('orders', id, { attempt: whole, index: 0, isLast: false, text: text.slice(0, 50_000) });
    // A last piece without those before it closes nothing.
    expect(await requests.answer('orders', id, { attempt: lost, index: 2, isLast: true, text: '}' })).toBeNull();
    await requests.answer('orders', id, { attempt: whole, index: 1, isLast: true, text: text.slice(50_000) });
    expect((await requests.privacyJob(viewer, id))?.document?.orders).toEqual(JSON.parse(text));
  });

  it('takes the answer of a subgraph once, and only from itself', async () => {
    const { id, viewer } = await anExport();
    expect(await requests.answer('orders', id)).toBe(true);
    expect(await requests.answer('orders', id, { text: '{"late":true}' })).toBe(false);
    expect(await requests.answer('reviews', id)).toBe(false);
    expect(await requests.answer('orders', 'privjob_01jz0000000000000000000000')).toBe(false);
    const query = `mutation { privacyAnswer(input: {
      jobId: "${id}", attempt: "${randomUUID()}", index: 0, isLast: true, text: "{}"
    }) { accepted } }`;
    for (const [who, code] of [[viewer, 'FORBIDDEN'] as const, [anonymous, 'UNAUTHENTICATED'] as const]) {
      const { errors } = await users.send(who, query);
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual([code]);
    }
    expect(partOf(await requests.privacyJob(viewer, id), 'products')).toBe('RUNNING');
  });

  it('is answered once more while it is under way, and begins anew after it', async () => {
    const { id, viewer, user } = await anExport();
    expect((await requests.userExport(viewer, user.id)).job).toMatchObject({ id });
    for (const subgraph of OTHERS) await requests.answer(subgraph, id);
    expect((await requests.userExport(viewer, user.id)).job?.id).not.toBe(id);
  });

  it('of somebody else is for user:privacy; for others there is no such user', async () => {
    const { user } = await people.join();
    const missing = { job: null, userErrors: [{ code: 'NOT_FOUND', message: 'Not found.', field: ['id'] }] };
    const strangers = [aUser({ id: 'user_else', permissions: ['user:read', 'user:manage'] })];
    for (const stranger of strangers) expect(await requests.userExport(stranger, user.id)).toEqual(missing);
    expect(await requests.userExport(privacyStaff, 'user_01jz0000000000000000000000')).toEqual(missing);
    for (const viewer of [anApiKey({ permissions: ['user:privacy'] }), privacyStaff]) {
      expect((await requests.userExport(viewer, user.id)).job).toMatchObject({ kind: 'EXPORT' });
    }
    // A program is not its owner.
    const { errors } = await users.send(
      anApiKey({ ownerId: user.id }),
      `mutation { userExport(id: "${user.id}") {
      job { id }
    } }`,
    );
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  });

  it('is read by whom it is about and by user:privacy, and by nobody else; others reading is audited', async () => {
    const { user, viewer } = await people.join();
    const { job } = await requests.userExport(privacyStaff, user.id);
    for (const subgraph of OTHERS) await requests.answer(subgraph, job?.id);
    const read = (who: Parameters<typeof requests.privacyJob>[0]) => requests.privacyJob(who, job?.id);
    await eventually(async () => expect((await read(viewer))?.document).not.toBeNull());

    const reads = () =>
      users.collection('auditEntries').find({ action: 'user.export-read', subject: user.id }).toArray();
    expect(await reads()).toEqual([]);
    expect((await read(privacyStaff))?.document).not.toBeNull();
    expect(await reads()).toMatchObject([{ actor: 'user_staff', details: { jobId: job?.id } }]);

    // Who has asked for it, and lost the permission since, sees that it was done, and no more.
    expect(await read(aUser({ id: 'user_staff' }))).toMatchObject({ status: 'DONE', document: null, user: null });
    expect(await read(aUser({ id: 'user_else', permissions: ['user:read'] }))).toBeNull();
    expect((await users.send(anonymous, `{ privacyJob(id: "${job?.id}") { id } }`)).errors).toHaveLength(1);
    expect((await users.send(aService('orders'), `{ privacyJob(id: "${job?.id}") { id } }`)).errors).toHaveLength(1);
  });

  it('has failed after a day, and is done when the missing subgraph answers', async () => {
    const { id, viewer } = await anExport();
    for (const subgraph of ['products', 'inventory']) await requests.answer(subgraph, id);
    users.clock.advance(DAY_MS);
    const failed = await requests.privacyJob(viewer, id);
    expect(failed).toMatchObject({ status: 'FAILED', document: null });
    expect(partOf(failed, 'orders')).toBe('FAILED');
    expect(partOf(failed, 'products')).toBe('DONE');
    await requests.answer('orders', id);
    expect(await requests.privacyJob(viewer, id)).toMatchObject({ status: 'DONE', document: { orders: {} } });
  });

  it.each([
    ['a job that is none', { jobId: 'ord_01jz0000000000000000000000' }, 'jobId'],
    ['an attempt without a name', { attempt: 'first' }, 'attempt'],
    ['a place before the first', { index: -1 }, 'index'],
  ])('refuses %s', async (_what, wrong, field) => {
    const query = 'mutation ($input: PrivacyAnswerInput!) { privacyAnswer(input: $input) { accepted } }';
    const jobId = 'privjob_01jz0000000000000000000000';
    const input = { jobId, attempt: randomUUID(), index: 0, isLast: true, text: '', ...wrong };
    const { errors } = await users.send(aService('orders'), query, { input });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: ['input', field] }] });
  });
});
