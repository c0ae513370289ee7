import { type Model, Schema } from 'mongoose';
import { afterCommit, connectMongo, inTransaction, type MongoConnection } from '../../src/mongo';
import { startTestDatabase } from '../../testing';

interface Counter {
  _id: string;
  units: number;
}

let database: Awaited<ReturnType<typeof startTestDatabase>>;
let connection: MongoConnection;
let counters: Model<Counter>;

beforeAll(async () => {
  database = await startTestDatabase();
  connection = await connectMongo(database.uri);
  counters = connection.model('Counter', new Schema<Counter>({ _id: String, units: Number }, { versionKey: false }));
});
beforeEach(async () => {
  await counters.deleteMany({});
  await counters.create({ _id: 'a', units: 0 });
});
afterAll(async () => {
  await connection.close();
  await database.stop();
});

const unitsOf = async (_id: string) => (await counters.findById(_id).lean())?.units;

describe('transactions that change the same document', () => {
  it('all succeed, 50 at a time', async () => {
    let attempts = 0;
    const increment = () =>
      inTransaction(connection, async (tx) => {
        attempts += 1;
        const found = await counters.findById('a').session(tx).lean();
        await counters.updateOne({ _id: 'a' }, { units: (found?.units ?? 0) + 1 }, { session: tx });
      });
    await Promise.all(Array.from({ length: 50 }, increment));
    expect(await unitsOf('a')).toBe(50);
    // Otherwise nothing was contended here.
    expect(attempts).toBeGreaterThan(50);
  });
});

describe('a callback after the commit', () => {
  it('runs once, after the write is there for everybody', async () => {
    const seen: unknown[] = [];
    const value = await inTransaction(connection, async (tx) => {
      afterCommit(tx, () => seen.push('called'));
      await counters.updateOne({ _id: 'a' }, { units: 1 }, { session: tx });
      expect(seen).toEqual([]);
      return 'value';
    });
    expect(value).toBe('value');
    expect(seen).toEqual(['called']);
    expect(await unitsOf('a')).toBe(1);
  });

  it('is waited for', async () => {
    const seen: string[] = [];
    await inTransaction(connection, async (tx) => {
      afterCommit(tx, async () => {
        await counters.findById('a').lean();
        seen.push('called');
      });
    });
    expect(seen).toEqual(['called']);
  });

  it('does not run when the transaction fails', async () => {
    let calls = 0;
    const failing = inTransaction(connection, async (tx) => {
      afterCommit(tx, () => (calls += 1));
      await counters.updateOne({ _id: 'a' }, { units: 1 }, { session: tx });
      throw new Error('the write failed');
    });
    await expect(failing).rejects.toThrow('the write failed');
    expect(calls).toBe(0);
    expect(await unitsOf('a')).toBe(0);
  });

  it('runs once although the transaction was tried again', async () => {
    let attempts = 0;
    let calls = 0;
    await inTransaction(connection, async (tx) => {
      attempts += 1;
      afterCommit(tx, () => (calls += 1));
      await counters.findById('a').session(tx).lean();
      // Somebody else is faster.
      if (attempts === 1) await counters.updateOne({ _id: 'a' }, { $inc: { units: 10 } });
      await counters.updateOne({ _id: 'a' }, { $inc: { units: 1 } }, { session: tx });
    });
    expect({ attempts, calls, units: await unitsOf('a') }).toEqual({ attempts: 2, calls: 1, units: 11 });
  });
});

describe('a connection', () => {
  it('takes the database that the URI names, otherwise the given one', async () => {
    const server = new URL(database.uri);
    server.pathname = '/';
    const named = await connectMongo(database.uri, { name: 'ignored' });
    const given = await connectMongo(server.href, { name: database.name });
    expect([named.name, given.name]).toEqual([database.name, database.name]);
    await Promise.all([named.close(), given.close()]);
  });
});
