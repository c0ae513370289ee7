import { randomBytes } from 'node:crypto';
import { inTransaction } from '@shopgraph/kit';
import type { ChainHead } from '../../src/audit/audit-entry';
import { callFrom, SECRET, startAuditLog, type TestAuditLog } from './start-audit-log';

const OTHER = 'another secret of thirty-two chars';

let log: TestAuditLog;
beforeEach(async () => {
  log = await startAuditLog();
  await log.fill(5);
});
afterEach(() => log.stop());

const someHash = () => randomBytes(32).toString('base64url');
const at = async (sequence: number) => {
  const entry = await log.entries.findOne({ sequence });
  if (!entry) throw new Error(`nothing at ${sequence}`);
  return entry;
};
const change = async (sequence: number, fields: Record<string, unknown>) => {
  await log.entries.updateOne({ sequence }, { $set: fields });
};
/** What somebody can write who has the database but not the key. */
const forge = async (fields: Record<string, unknown>) => {
  const { chainHash: _hash, sequence: _sequence, ...model } = await at(3);
  const forged = { ...model, _id: 'aud_forged', actor: 'user_9', ...fields };
  await log.entries.insertOne(forged);
};

describe('an audit log that nobody touched', () => {
  it('verifies, up to its head', async () => {
    const { chainHash } = await at(5);
    expect(await log.verify()).toEqual({
      entryCount: 5,
      unsealedCount: 0,
      head: { sequence: 5, chainHash },
      fault: null,
    });
  });

  it('verifies while it is empty', async () => {
    const empty = await startAuditLog();
    expect(await empty.verify()).toEqual({
      entryCount: 0,
      unsealedCount: 0,
      head: { sequence: 0, chainHash: 'genesis' },
      fault: null,
    });
    await empty.stop();
  });

  it('says how many entries wait for their place', async () => {
    await log.record();
    expect(await log.verify()).toMatchObject({ entryCount: 5, unsealedCount: 1, fault: null });
  });

  it('verifies whatever texts the entries hold', async () => {
    await log.record({ details: { reason: 'half \ud83d, 💥, "quotes", \u0000', list: ['b', 'a'], number: -0.5 } });
    await log.record({ details: { reason: '💥'.repeat(400) } });
    await log.sealAll();
    expect(await log.verify()).toMatchObject({ entryCount: 7, fault: null });
  });

  it('verifies with its own secret, also once another has taken its place', async () => {
    expect((await log.verify({ secrets: [OTHER] })).fault).not.toBeNull();
    expect((await log.verify({ secrets: [OTHER, SECRET] })).fault).toBeNull();
    expect((await log.verify({ secrets: undefined })).fault).not.toBeNull();
    await log.marks.deleteMany({});
    expect((await log.verify({ secrets: undefined })).fault).toMatchObject({ kind: 'other-key', sequence: 1 });
  });
});

describe('verifying notices, and names,', () => {
  it.each([
    ['who did it', { actor: 'user_9' }],
    ['what was done', { action: 'session.ended' }],
    ['to whom', { subject: 'user_9' }],
    ['when', { at: new Date(0) }],
    ['when, as a text that reads the same', { at: '2026-01-01T00:00:00.000Z' }],
    ['in which request', { requestId: 'another' }],
    ['the details', { details: { roleIds: [] } }],
    ['the address', { ip: '198.51.100.7' }],
    ['the program', { userAgent: 'curl' }],
    ['where from, digested anew', { ip: '198.51.100.7', whereSalt: 'salt', whereDigest: 'digest' }],
    ['where from, taken away', { ip: null, userAgent: null, whereSalt: null }],
    ['where from, taken away with a made-up proof', { ip: null, userAgent: null, whereSalt: null, erasure: 'proof' }],
  ])('a change of %s', async (_what, fields) => {
    if ('at' in fields && typeof fields.at === 'string') fields.at = ((await at(3)).at as Date).toISOString();
    await change(3, fields);
    const { _id: id } = await at(3);
    expect(await log.verify()).toMatchObject({ entryCount: 2, fault: { kind: 'changed', sequence: 3, id } });
  });

  it('an entry in the middle that was deleted', async () => {
    await log.entries.deleteMany({ sequence: { $in: [3, 4] } });
    expect((await log.verify()).fault).toMatchObject({ kind: 'removed', sequence: 3, id: null });
    expect((await log.verify()).fault?.message).toBe('2 entries are missing');
  });

  it('that the gap was closed', async () => {
    await log.entries.deleteOne({ sequence: 3 });
    for (const sequence of [4, 5]) await change(sequence, { sequence: sequence - 1 });
    expect((await log.verify()).fault).toMatchObject({ kind: 'reordered', sequence: 3 });
  });

  it('oldest entries that were deleted', async () => {
    await log.entries.deleteOne({ sequence: 1 });
    expect((await log.verify()).fault).toMatchObject({ kind: 'removed', sequence: 1 });
  });

  it('newest entries that were deleted, also when others came after them', async () => {
    await log.entries.deleteOne({ sequence: 5 });
    expect((await log.verify()).fault).toMatchObject({ kind: 'truncated', sequence: 4 });
    await log.record();
    await log.sealAll();
    expect((await log.verify()).fault).toMatchObject({ kind: 'removed', sequence: 5 });
  });

  it('that everything was deleted', async () => {
    await log.entries.deleteMany({});
    expect((await log.verify()).fault).toMatchObject({ kind: 'truncated', sequence: 0 });
  });

  it.each([['sequence'], ['place']])('two entries that changed their %s', async (what) => {
    const [three, four] = [await at(3), await at(4)];
    await change(3, { sequence: 99 });
    await change(4, what === 'place' ? { sequence: 3, chainHash: three.chainHash } : { sequence: 3 });
    await change(99, what === 'place' ? { sequence: 4, chainHash: four.chainHash } : { sequence: 4 });
    expect((await log.verify()).fault).toMatchObject({ kind: 'reordered', sequence: 3, id: four._id });
  });

  it('two entries that changed what they say', async () => {
    const { _id: _three, sequence: _3, chainHash: _hash3, ...three } = await at(3);
    const { _id: _four, sequence: _4, chainHash: _hash4, ...four } = await at(4);
    await change(3, four);
    await change(4, three);
    expect((await log.verify()).fault).toMatchObject({ sequence: 3 });
  });

  it('an entry that was put between two others', async () => {
    for (const sequence of [5, 4]) await change(sequence, { sequence: sequence + 1 });
    await forge({ sequence: 4, chainHash: someHash(), mac: someHash() });
    expect((await log.verify()).fault).toMatchObject({ kind: 'inserted', sequence: 4, id: 'aud_forged' });
  });

  it('an entry that was put at the end', async () => {
    await forge({ sequence: 6, chainHash: someHash() });
    expect((await log.verify()).fault).toMatchObject({ kind: 'inserted', sequence: 6, id: 'aud_forged' });
  });

  it('a copy of an entry under another id', async () => {
    const { _id, ...copy } = await at(3);
    await log.entries.insertOne({ ...copy, _id: 'aud_copy', sequence: 3.5 });
    expect((await log.verify()).fault).toMatchObject({ sequence: 3.5, id: 'aud_copy' });
  });

  it.each([
    ['without a MAC', { mac: null }, 'inserted'],
    ['with the MAC of another', {}, 'changed'],
  ])('an entry %s that was left to be sealed, before and after it was', async (_what, fields, kind) => {
    await forge({ sequence: null, chainHash: null, ...fields });
    expect((await log.verify()).fault).toMatchObject({ kind, sequence: null, id: 'aud_forged' });
    expect((await log.chain.sealBatch()).forgedIds).toEqual(['aud_forged']);
    expect((await log.verify()).fault).toMatchObject({ kind, sequence: 6, id: 'aud_forged' });
  });

  it.each(['head', 'checkpoint'] as const)('a note of the %s that is not ours', async (name) => {
    const mark = { sequence: 4, chainHash: (await at(4)).chainHash, mac: someHash() };
    await log.marks.updateOne({ _id: name }, { $set: mark }, { upsert: true });
    expect((await log.verify()).fault).toMatchObject({ kind: 'changed', sequence: 4, id: null });
  });

  it('a note of the head that was made into one of the checkpoint', async () => {
    const { _id, ...head } = (await log.marks.findOne({ _id: 'head' })) ?? { _id: '' };
    await log.marks.insertOne({ _id: 'checkpoint', ...head });
    await log.entries.deleteMany({});
    expect((await log.verify()).fault).toMatchObject({ kind: 'changed', sequence: 5 });
  });
});

describe('a head that was noted outside', () => {
  let noted: ChainHead;
  beforeEach(async () => {
    noted = await log.chain.head();
  });

  it('is found again, however long the log has become', async () => {
    expect((await log.verify({ head: noted })).fault).toBeNull();
    await log.fill(2);
    expect(await log.verify({ head: noted })).toMatchObject({ entryCount: 7, fault: null });
  });

  it('shows what was cut off without a trace', async () => {
    const before = await log.marks.findOne({ _id: 'head' });
    await log.fill(2);
    const later = await log.chain.head();
    await log.entries.deleteMany({ sequence: { $gt: 5 } });
    await log.marks.replaceOne({ _id: 'head' }, before ?? {});
    expect((await log.verify()).fault).toBeNull();
    expect((await log.verify({ head: later })).fault).toMatchObject({ kind: 'truncated', sequence: 5 });
  });

  it('shows that all of it was written anew, even by somebody with the key', async () => {
    await log.entries.deleteMany({});
    await log.marks.deleteMany({});
    await log.fill(6);
    expect((await log.verify()).fault).toBeNull();
    expect((await log.verify({ head: noted })).fault).toMatchObject({ kind: 'rewritten', sequence: 5 });
  });

  it('can be started from', async () => {
    await log.fill(2);
    await change(2, { actor: 'user_9' });
    expect(await log.verify({ from: noted })).toMatchObject({ entryCount: 2, head: { sequence: 7 }, fault: null });
    await change(7, { actor: 'user_9' });
    expect((await log.verify({ from: noted })).fault).toMatchObject({ kind: 'changed', sequence: 7 });
  });

  it('can be started from only where the log holds it', async () => {
    for (const from of [
      { ...noted, chainHash: someHash() },
      { sequence: 9, chainHash: someHash() },
    ]) {
      expect((await log.verify({ from })).fault).toMatchObject({ kind: 'rewritten', sequence: from.sequence });
    }
  });
});

describe('erasing where somebody was', () => {
  const erase = (id: string) => inTransaction(log.connection, (tx) => log.trail.erasePersonalData(id, tx));

  it('is no alarm, takes it from all that they did and that was done to them, and leaves the rest', async () => {
    await log.record({ subject: 'order_1' }, callFrom('192.0.2.7', 'user_4'));
    await log.record({ subject: 'order_1' }, callFrom('192.0.2.8', 'user_5'));
    await log.sealAll();
    await log.record({ subject: 'order_2' }, callFrom('192.0.2.9', 'user_4'));
    await erase('user_4');
    await log.sealAll();

    const known = await log.entries.find().sort({ sequence: 1 }).toArray();
    expect(known.map(({ ip }) => ip)).toEqual([
      '192.0.2.1',
      '192.0.2.1',
      '192.0.2.1',
      null,
      '192.0.2.1',
      null,
      '192.0.2.8',
      null,
    ]);
    expect(known[5]).toMatchObject({ actor: 'user_4', subject: 'order_1', userAgent: null, whereSalt: null });
    expect(await log.verify()).toMatchObject({ entryCount: 8, fault: null });
  });

  it('does not let the rest of an entry be changed', async () => {
    await erase('user_4');
    await change(4, { action: 'session.ended' });
    expect((await log.verify()).fault).toMatchObject({ kind: 'changed', sequence: 4 });
  });

  it('of one entry does not pass for that of another', async () => {
    await erase('user_4');
    const { ip, userAgent, whereSalt, erasure } = await at(4);
    await change(3, { ip, userAgent, whereSalt, erasure });
    expect((await log.verify()).fault).toMatchObject({ kind: 'changed', sequence: 3 });
  });

  it('is undone with what it belongs to', async () => {
    const failing = inTransaction(log.connection, async (tx) => {
      await log.trail.erasePersonalData('user_4', tx);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await at(4)).toMatchObject({ ip: '192.0.2.1' });
  });
});
