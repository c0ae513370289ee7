import type { mongo } from 'mongoose';
import { createIndex, idsOf, startTestServer, type TestServer } from './support/test-server';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** Runs `work` in a session with an open transaction, which is aborted unless `work` ends it. */
async function within(work: (session: mongo.ClientSession) => Promise<void>): Promise<void> {
  await server.client.withSession(async (session) => {
    session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority' } });
    await work(session);
    if (session.inTransaction()) await session.abortTransaction();
  });
}

const conflict = { code: 112, errorLabels: ['TransientTransactionError'] };

describe('a transaction', () => {
  it('keeps all of its writes when it commits', async () => {
    const things = await server.collectionOf({ _id: 0 });
    await server.client.withSession((session) =>
      session.withTransaction(async () => {
        await things.insertOne({ _id: 1 }, { session });
        await things.updateOne({ _id: 0 }, { $set: { x: 1 } }, { session });
      }),
    );
    expect(await things.find().sort({ _id: 1 }).toArray()).toEqual([{ _id: 0, x: 1 }, { _id: 1 }]);
  });

  it('keeps none when it aborts', async () => {
    const things = await server.collectionOf({ _id: 0, n: 1 });
    await within(async (session) => {
      await things.insertOne({ _id: 1 }, { session });
      await things.updateOne({ _id: 0 }, { $set: { n: 2 } }, { session });
      await things.deleteOne({ _id: 0 }, { session });
      expect(await things.countDocuments({}, { session })).toBe(1);
    });
    expect(await things.find().toArray()).toEqual([{ _id: 0, n: 1 }]);
  });

  it('sees its own writes, and nobody else does', async () => {
    const things = await server.collectionOf({ _id: 0, a: 1 });
    await createIndex(things, { a: 1 });
    await within(async (session) => {
      await things.insertOne({ _id: 1, a: 1 }, { session });
      await things.updateOne({ _id: 0 }, { $set: { a: 2 } }, { session });
      expect(idsOf(await things.find({ a: 1 }, { session }).toArray())).toEqual([1]);
      expect(idsOf(await things.find({ a: 2 }, { session }).toArray())).toEqual([0]);
      expect(idsOf(await things.find({ a: 1 }).toArray())).toEqual([0]);
      await session.commitTransaction();
    });
    expect(idsOf(await things.find({ a: 1 }).toArray())).toEqual([1]);
  });

  it('reads everything as it was when it began', async () => {
    const things = await server.collectionOf({ _id: 0, a: 1 }, { _id: 1, a: 1 });
    await createIndex(things, { a: 1 });
    await within(async (session) => {
      const read = async () => idsOf(await things.find({ a: 1 }, { session }).sort({ _id: 1 }).toArray());
      expect(await read()).toEqual([0, 1]);
      await things.insertOne({ _id: 2, a: 1 });
      await things.updateOne({ _id: 0 }, { $set: { a: 9 } });
      await things.deleteOne({ _id: 1 });
      expect(await read()).toEqual([0, 1]);
      const [sum] = await things.aggregate([{ $group: { _id: null, n: { $sum: '$a' } } }], { session }).toArray();
      expect(sum).toEqual({ _id: null, n: 2 });
    });
    expect(idsOf(await things.find({ a: 1 }).toArray())).toEqual([2]);
  });

  it('commits once, however often it is told to', async () => {
    const things = await server.collectionOf({ _id: 0, n: 0 });
    await within(async (session) => {
      await things.updateOne({ _id: 0 }, { $inc: { n: 1 } }, { session });
      await session.commitTransaction();
      await session.commitTransaction();
    });
    expect(await things.findOne()).toEqual({ _id: 0, n: 1 });
  });

  it('is over when one of its commands fails', async () => {
    const things = await server.collectionOf({ _id: 0 });
    await within(async (session) => {
      await things.insertOne({ _id: 1 }, { session });
      await expect(things.insertOne({ _id: 0 }, { session })).rejects.toMatchObject({ code: 11000 });
      await expect(things.insertOne({ _id: 2 }, { session })).rejects.toMatchObject({ code: 251 });
    });
    expect(await things.countDocuments()).toBe(1);
  });

  it('ends with its session', async () => {
    const things = await server.collectionOf({ _id: 0 });
    const session = server.client.startSession();
    session.startTransaction();
    await things.updateOne({ _id: 0 }, { $set: { a: 1 } }, { session });
    await session.endSession();
    await things.updateOne({ _id: 0 }, { $set: { a: 2 } }, { maxTimeMS: 5_000 });
    expect(await things.findOne()).toEqual({ _id: 0, a: 2 });
  });

  it('takes no command that MongoDB does not take', async () => {
    const { collectionName: count } = await server.collectionOf({ _id: 0 });
    await within(async (session) => {
      await expect(server.db.command({ count }, { session })).rejects.toMatchObject({ code: 263 });
    });
  });
});

describe('two transactions that write the same', () => {
  it('document: the second one fails at once, and may be tried again', async () => {
    const things = await server.collectionOf({ _id: 0, n: 0 });
    await within(async (first) => {
      await within(async (second) => {
        await things.updateOne({ _id: 0 }, { $inc: { n: 1 } }, { session: first });
        const write = things.updateOne({ _id: 0 }, { $inc: { n: 1 } }, { session: second });
        await expect(write).rejects.toMatchObject(conflict);
      });
      await first.commitTransaction();
    });
    expect(await things.findOne()).toEqual({ _id: 0, n: 1 });
  });

  it('document: also the one that began before the other committed', async () => {
    const things = await server.collectionOf({ _id: 0, n: 0 });
    await within(async (late) => {
      await things.findOne({}, { session: late });
      await things.updateOne({ _id: 0 }, { $inc: { n: 1 } });
      const write = things.updateOne({ _id: 0 }, { $inc: { n: 1 } }, { session: late });
      await expect(write).rejects.toMatchObject(conflict);
    });
  });

  it('new _id: the second one fails', async () => {
    const things = await server.collectionOf({ _id: 0 });
    await within(async (first) => {
      await within(async (second) => {
        await things.insertOne({ _id: 1 }, { session: first });
        await expect(things.insertOne({ _id: 1 }, { session: second })).rejects.toMatchObject(conflict);
      });
      await first.commitTransaction();
    });
    expect(await things.countDocuments()).toBe(2);
  });

  it('unique value: the second one fails, during the first and after it', async () => {
    const things = await server.collectionOf({ _id: 0 });
    await createIndex(things, { e: 1 }, { unique: true });
    await within(async (late) => {
      await things.findOne({}, { session: late });
      await within(async (first) => {
        await within(async (second) => {
          await things.insertOne({ _id: 1, e: 'a' }, { session: first });
          await expect(things.insertOne({ _id: 2, e: 'a' }, { session: second })).rejects.toMatchObject(conflict);
        });
        await first.commitTransaction();
      });
      await expect(things.insertOne({ _id: 3, e: 'a' }, { session: late })).rejects.toMatchObject(conflict);
    });
    await expect(things.insertOne({ _id: 4, e: 'a' })).rejects.toMatchObject({ code: 11000 });
  });

  it('unique value: one transaction may pass it on within itself', async () => {
    const things = await server.collectionOf({ _id: 0, e: 'a' });
    await createIndex(things, { e: 1 }, { unique: true });
    await within(async (session) => {
      await things.updateOne({ _id: 0 }, { $set: { e: 'b' } }, { session });
      await things.insertOne({ _id: 1, e: 'a' }, { session });
      await expect(things.insertOne({ _id: 2, e: 'a' }, { session })).rejects.toMatchObject({ code: 11000 });
    });
    await within(async (session) => {
      await things.deleteOne({ _id: 0 }, { session });
      await things.insertOne({ _id: 1, e: 'a' }, { session });
      await session.commitTransaction();
    });
    expect(idsOf(await things.find({ e: 'a' }).toArray())).toEqual([1]);
  });
});

describe('a write outside of transactions', () => {
  it('waits for the transaction that is writing the document', async () => {
    const things = await server.collectionOf({ _id: 0, n: 0 });
    let write: Promise<unknown> | undefined;
    await within(async (session) => {
      await things.updateOne({ _id: 0 }, { $set: { n: 10 } }, { session });
      write = things.updateOne({ _id: 0 }, { $inc: { n: 1 } });
      expect(await things.findOne()).toEqual({ _id: 0, n: 0 });
      await session.commitTransaction();
    });
    await write;
    expect(await things.findOne()).toEqual({ _id: 0, n: 11 });
  });

  it('gives up when it may not wait that long', async () => {
    const things = await server.collectionOf({ _id: 0, n: 0 });
    await within(async (session) => {
      await things.updateOne({ _id: 0 }, { $set: { n: 10 } }, { session });
      const write = things.findOneAndUpdate({ _id: 0 }, { $inc: { n: 1 } }, { maxTimeMS: 50 });
      await expect(write).rejects.toMatchObject({ code: 50 });
    });
  });
});

describe('transactions that are tried again', () => {
  it('lose no update', async () => {
    const things = await server.collectionOf({ _id: 0, n: 0 });
    const increment = () =>
      server.client.withSession((session) =>
        session.withTransaction(async () => {
          const found = await things.findOne({ _id: 0 }, { session });
          await things.updateOne({ _id: 0 }, { $set: { n: (found!.n as number) + 1 } }, { session });
        }),
      );
    await Promise.all(Array.from({ length: 8 }, increment));
    expect(await things.findOne()).toEqual({ _id: 0, n: 8 });
  });
});
