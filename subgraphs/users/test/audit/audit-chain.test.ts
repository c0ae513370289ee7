import { connectMongo, ensureIndexes, inTransaction, typeIds } from '@shopgraph/kit';
import { AuditChain } from '../../src/audit/audit-chain';
import { ChainStore } from '../../src/audit/chain-store';
import { createAuditLog } from '../../src/audit/create-audit-log';
import { callFrom, startAuditLog, type TestAuditLog } from './start-audit-log';

let log: TestAuditLog;
beforeEach(async () => {
  log = await startAuditLog();
});
afterEach(() => log.stop());

const sequences = async () => {
  const found = await log.entries.find().sort({ sequence: 1 }).toArray();
  return found.map(({ sequence }) => sequence);
};
const oneTo = (count: number) => Array.from({ length: count }, (_none, index) => index + 1);

describe('an audit entry', () => {
  it('is written with what it reports, or not at all', async () => {
    const failing = inTransaction(log.connection, async (tx) => {
      await log.trail.record({ action: 'session.ended', subject: 'sess_1' }, callFrom('192.0.2.1'), tx);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await log.entries.countDocuments()).toBe(0);
  });

  it('gets its place in the order in which a transaction has written it', async () => {
    const subjects = oneTo(20).map((number) => `sess_${number}`);
    const entries = subjects.map((subject) => ({ action: 'session.ended', subject }) as const);
    await inTransaction(log.connection, (tx) => log.trail.recordAll(entries, callFrom('192.0.2.1'), tx));
    await log.sealAll();
    const found = await log.entries.find().sort({ sequence: 1 }).toArray();
    expect(found.map(({ subject }) => subject)).toEqual(subjects);
  });

  it('keeps no other from being written: 200 transactions at once never meet a conflict', async () => {
    let attempts = 0;
    const sealing = (async () => {
      for (let round = 0; round < 20; round += 1) await log.chain.sealBatch();
    })();
    await Promise.all(
      oneTo(200).map((number) =>
        inTransaction(log.connection, (tx) => {
          attempts += 1;
          return log.trail.record({ action: 'session.ended', subject: `sess_${number}` }, callFrom('192.0.2.1'), tx);
        }),
      ),
    );
    await sealing;
    await log.sealAll();
    expect(attempts).toBe(200);
    expect(await sequences()).toEqual(oneTo(200));
    expect(await log.verify()).toMatchObject({ entryCount: 200, fault: null });
  });

  it('is not skipped when it commits after later ones have their place', async () => {
    const committed = await inTransaction(log.connection, async (tx) => {
      await log.trail.record({ action: 'session.ended', subject: 'late' }, callFrom('192.0.2.1'), tx);
      await log.fill(3);
      return log.chain.head();
    });
    expect(committed.sequence).toBe(3);
    await log.sealAll();
    expect(await log.entries.findOne({ subject: 'late' })).toMatchObject({ sequence: 4 });
    expect(await log.verify()).toMatchObject({ entryCount: 4, fault: null });
  });
});

/** Stands for a process that dies between two writes. */
class DyingStore extends ChainStore {
  override async place(...[places, tx]: Parameters<ChainStore['place']>): Promise<void> {
    await super.place(places.slice(0, 3), tx);
    throw new Error('the process has died');
  }
}

describe('sealing', () => {
  it('goes on where it stood, with more than a transaction takes', async () => {
    await log.fillAtOnce(1_101);
    await log.fill(1);
    expect(await log.verify()).toMatchObject({ entryCount: 1_102, head: { sequence: 1_102 }, fault: null });
  });

  it('at once by several replicas gives every place once', async () => {
    const replicas = await Promise.all(oneTo(4).map(() => log.replica()));
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(oneTo(10).map(() => log.record()));
      // One may fail: it has lost its lease, and the next round is its second attempt.
      await Promise.allSettled(replicas.map(({ chain }) => chain.sealBatch()));
    }
    await log.sealAll();
    expect(await sequences()).toEqual(oneTo(50));
    expect(await log.verify()).toMatchObject({ entryCount: 50, fault: null });
    await Promise.all(replicas.map(({ connection }) => connection.close()));
  });

  it('that ends midway has given no place', async () => {
    await log.fill(2);
    await Promise.all(oneTo(5).map(() => log.record()));
    const { connection, macs } = log;
    const dying = new AuditChain({ connection, store: new DyingStore(connection), macs });
    await expect(dying.sealBatch()).rejects.toThrow('the process has died');
    expect(await log.verify()).toMatchObject({ entryCount: 2, unsealedCount: 5, fault: null });

    await log.sealAll();
    expect(await log.verify()).toMatchObject({ entryCount: 7, unsealedCount: 0, fault: null });
  });

  it('never gives away a place whose entry was deleted', async () => {
    await log.fill(3);
    await log.entries.deleteOne({ sequence: 3 });
    await log.fill(1);
    expect(await sequences()).toEqual([1, 2, 4]);
  });

  it('begins with what was written before there were MACs, and takes nothing without one later', async () => {
    const old = { at: log.clock.now(), actor: 'user_1', action: 'user.registered', subject: 'user_1', requestId: 'r' };
    await log.entries.insertMany([
      { _id: 'aud_001', ...old },
      { _id: 'aud_002', ...old, ip: '192.0.2.1', userAgent: 'Firefox' },
    ]);
    await log.record();
    await log.sealAll();
    expect(await log.verify()).toMatchObject({ entryCount: 3, fault: null });
    expect(await log.entries.findOne({ _id: 'aud_002' })).toMatchObject({ sequence: 2, ip: '192.0.2.1' });

    await log.entries.insertOne({ _id: 'aud_3', ...old });
    expect((await log.chain.sealBatch()).forgedIds).toEqual(['aud_3']);
    expect((await log.verify()).fault).toMatchObject({ kind: 'inserted', sequence: 4 });
  });

  it('uses another key with every secret', async () => {
    await log.fill(1);
    const connection = await connectMongo(log.uri);
    const other = createAuditLog({ connection, secrets: ['a'.repeat(32)], clock: log.clock, ids: typeIds });
    await ensureIndexes(connection);
    await inTransaction(connection, (tx) =>
      other.trail.record({ action: 'session.ended', subject: 'sess_1' }, callFrom('192.0.2.1'), tx),
    );
    await log.sealAll();
    expect((await log.verify()).fault).toMatchObject({ kind: 'other-key', sequence: 2 });
    await connection.close();
  });
});
