import { inTransaction } from '@shopgraph/kit';
import { eventually } from '@shopgraph/kit/testing';
import { headText } from '../../src/audit/audit-entry';
import { callFrom, startAuditLog, type TestAuditLog } from './start-audit-log';

const DAY_MS = 86_400_000;

let log: TestAuditLog;
beforeEach(async () => {
  log = await startAuditLog({ retentionDays: 30 });
});
afterEach(() => log.stop());

const isSealed = () => eventually(async () => expect(await log.entries.countDocuments({ sequence: null })).toBe(0));
const loggedHeads = () => log.lines.flatMap((line) => line['audit.head'] ?? []);

describe('the sealer', () => {
  it('gives an entry its place by itself, soon after its commit', async () => {
    await log.start();
    await log.record();
    await isSealed();
    expect(await log.verify()).toMatchObject({ entryCount: 1, fault: null });
    await log.end();
  });

  it('seals what the last requests have caused, and tells where the log ends', async () => {
    await log.start();
    const other = await log.replica();
    await inTransaction(other.connection, (tx) =>
      other.trail.record({ action: 'session.ended', subject: 'sess_1' }, callFrom('192.0.2.1'), tx),
    );
    await other.connection.close();
    await log.end();
    expect(await log.verify()).toMatchObject({ entryCount: 1, unsealedCount: 0, fault: null });
    expect(loggedHeads()).toEqual(['0:genesis', headText(await log.chain.head())]);
    expect(loggedHeads()[1]).toMatch(/^1:[\w-]{43}$/);
  });

  it('leaves its work to another replica, which finds what was left without a word', async () => {
    const other = await log.replica();
    await log.start();
    await log.record();
    await isSealed();
    await log.end();

    await log.record();
    for (const work of other.background) await work.start();
    await isSealed();
    for (const work of other.background) await work.stop();
    expect(await log.verify()).toMatchObject({ entryCount: 2, fault: null });
    await other.connection.close();
  });

  it('raises an alarm about what somebody else has written', async () => {
    await log.start();
    await log.record();
    await isSealed();
    await log.entries.updateOne({ sequence: 1 }, { $set: { subject: 'user_9', sequence: null } });
    await log.record();
    await isSealed();
    const { _id } = (await log.entries.findOne({ subject: 'user_9' })) ?? {};
    expect(log.lines).toContainEqual(
      expect.objectContaining({ level: 50, entryIds: [_id], msg: 'audit entries are not as they were written' }),
    );
    await log.end();
  });
});

describe('the old end of the log', () => {
  it('is deleted when it is older than the log is kept, and the rest verifies', async () => {
    await log.fill(3);
    log.clock.advance(20 * DAY_MS);
    await log.fill(2);
    log.clock.advance(10 * DAY_MS + 1);
    await log.trim();
    await log.sealAll();

    const kept = await log.entries.find().sort({ sequence: 1 }).toArray();
    expect(kept.map(({ sequence }) => sequence)).toEqual([4, 5, 6]);
    expect(kept[2]).toMatchObject({
      action: 'audit-log.trimmed',
      actor: 'service:users',
      details: { retentionDays: 30, upTo: expect.stringMatching(/^3:/) },
    });
    expect(await log.verify()).toMatchObject({ entryCount: 3, head: { sequence: 6 }, fault: null });
    await log.entries.deleteOne({ sequence: 4 });
    expect((await log.verify()).fault).toMatchObject({ kind: 'removed', sequence: 4 });
  });

  it('stays as long as nothing is old', async () => {
    await log.fill(3);
    log.clock.advance(30 * DAY_MS);
    await log.trim();
    expect(await log.verify()).toMatchObject({ entryCount: 3 });
    expect(await log.entries.countDocuments()).toBe(3);
  });

  it('may be all there is: the next entry follows it', async () => {
    const noted = await log.fill(2).then(() => log.chain.head());
    log.clock.advance(31 * DAY_MS);
    await log.trim();
    await log.sealAll();
    expect(await log.verify({ head: noted })).toMatchObject({ entryCount: 1, head: { sequence: 3 }, fault: null });
  });

  it('can be longer than a transaction takes', async () => {
    await log.fillAtOnce(1_100);
    log.clock.advance(31 * DAY_MS);
    await log.trim();
    await log.sealAll();
    expect(await log.verify()).toMatchObject({ entryCount: 3, head: { sequence: 1_103 }, fault: null });
  });

  it('is deleted once, by however many replicas', async () => {
    await log.fill(5);
    log.clock.advance(31 * DAY_MS);
    await Promise.all([log.trim(), log.trim(), log.trim()]);
    await log.sealAll();
    expect(await log.verify()).toMatchObject({ entryCount: 1, head: { sequence: 6 }, fault: null });
  });

  it.each([
    ['whose date was changed', 2, { at: new Date(0) }, [2, 3]],
    ['behind a gap', 2, null, [3]],
  ])('does not include entries %s, which are an alarm', async (_what, sequence, fields, kept) => {
    await log.fill(3);
    if (fields) await log.entries.updateOne({ sequence }, { $set: fields });
    else await log.entries.deleteOne({ sequence });
    log.clock.advance(31 * DAY_MS);
    await log.trim();
    const found = await log.entries.find({ sequence: { $ne: null } }).toArray();
    expect(found.map((entry) => entry.sequence).sort()).toEqual(kept);
    expect(log.lines).toContainEqual(
      expect.objectContaining({ level: 50, msg: 'the old end of the audit log does not verify, and is kept' }),
    );
  });

  it('cannot be brought back to hide that more was deleted', async () => {
    await log.fill(3);
    log.clock.advance(20 * DAY_MS);
    await log.fill(3);
    log.clock.advance(11 * DAY_MS);
    await log.trim();
    await log.sealAll();
    await log.entries.deleteMany({ sequence: { $lte: 5 } });
    expect((await log.verify()).fault).toMatchObject({ kind: 'removed', sequence: 4 });
  });
});
