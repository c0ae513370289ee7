import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { mongo } from 'mongoose';
import { EmbeddedMongo } from '../src';
import { startServerProcess } from './support/server-process';
import { createIndex } from './support/test-server';

let dataDir: string;
beforeEach(() => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'embedded-mongo-'));
});
afterEach(() => fs.rmSync(dataDir, { recursive: true }));

const logFile = (): string => path.join(dataDir, 'documents.log');

/** Runs `work` against a server on the data directory, and stops the server. */
async function withServer<Result>(work: (db: mongo.Db) => Promise<Result>): Promise<Result> {
  const server = await EmbeddedMongo.start({ dataDir });
  const client = await mongo.MongoClient.connect(server.uri);
  try {
    return await work(client.db('shop'));
  } finally {
    await client.close();
    await server.stop();
  }
}

type Numbered = { _id: number | string };

describe('a restarted server', () => {
  it('has the documents, indexes, options and names that it had', async () => {
    await withServer(async (db) => {
      const things = db.collection('things');
      await things.insertMany([
        { _id: 1, a: 1 },
        { _id: 2, a: 2 },
        { _id: 3, a: 3 },
      ] as never[]);
      await createIndex(things, { a: 1 }, { unique: true, expireAfterSeconds: 5_000 });
      await createIndex(things, { b: 1 });
      await things.dropIndex('b_1');
      await db.command({ collMod: 'things', index: { name: 'a_1', expireAfterSeconds: 9_000 } });
      await things.updateOne({ a: 1 }, { $set: { b: mongo.Long.fromNumber(5) } });
      await things.deleteOne({ a: 2 });
      await db.createCollection('validated', { validator: { a: { $exists: true } } });
      await db.collection('old').insertOne({ x: 1 });
      await db.collection('old').rename('new');
      await db.collection('dropped').insertOne({ x: 1 });
      await db.collection('dropped').drop();
      await db.client.db('other').collection('x').insertOne({});
      await db.client.db('other').dropDatabase();
    });
    await withServer(async (db) => {
      const things = db.collection('things');
      const found = await things.find({}, { promoteValues: false, promoteLongs: false }).toArray();
      expect(found.map(({ _id, b }) => [Number(_id), b])).toEqual([
        [1, mongo.Long.fromNumber(5)],
        [3, undefined],
      ]);
      expect(await things.indexes()).toMatchObject([
        { name: '_id_' },
        { name: 'a_1', unique: true, expireAfterSeconds: 9_000 },
      ]);
      await expect(things.insertOne({ a: 3 })).rejects.toMatchObject({ code: 11000 });
      await expect(db.collection('validated').insertOne({})).rejects.toMatchObject({ code: 121 });
      const names = (await db.listCollections().toArray()).map(({ name }) => name).sort();
      expect(names).toEqual(['new', 'things', 'validated']);
      const { databases } = await db.admin().listDatabases();
      expect(databases.map(({ name }) => name)).toEqual(['shop']);
    });
  });

  it('has nothing of a transaction that had not committed', async () => {
    await withServer(async (db) => {
      await db.collection<Numbered>('things').insertOne({ _id: 'before' });
      const session = db.client.startSession();
      session.startTransaction();
      await db.collection<Numbered>('things').insertOne({ _id: 'open' }, { session });
      await db.collection<Numbered>('things').insertOne({ _id: 'meanwhile' });
    });
    const found = await withServer((db) => db.collection('things').find().toArray());
    expect(found).toEqual([{ _id: 'before' }, { _id: 'meanwhile' }]);
  });

  it('ignores a record that was not written completely, and writes on after the last whole one', async () => {
    await withServer((db) => db.collection<Numbered>('things').insertOne({ _id: 1 }));
    const whole = fs.statSync(logFile()).size;
    await withServer((db) => db.collection<Numbered>('things').insertOne({ _id: 2 }));
    const torn = fs.statSync(logFile()).size - 3;
    fs.truncateSync(logFile(), torn);
    expect(torn).toBeGreaterThan(whole);
    await withServer((db) => db.collection<Numbered>('things').insertOne({ _id: 3 }));
    const found = await withServer((db) => db.collection('things').find().toArray());
    expect(found).toEqual([{ _id: 1 }, { _id: 3 }]);
  });

  it('ignores a record that is damaged', async () => {
    await withServer(async (db) => {
      await db.collection<Numbered>('things').insertOne({ _id: 1 });
      await db.collection<Numbered>('things').insertOne({ _id: 2 });
    });
    const bytes = fs.readFileSync(logFile());
    bytes[bytes.length - 2] = 0xff;
    fs.writeFileSync(logFile(), bytes);
    expect(await withServer((db) => db.collection('things').find().toArray())).toEqual([{ _id: 1 }]);
  });
});

describe('a killed server', () => {
  it('has every write that was acknowledged, and transactions wholly or not at all', async () => {
    const { process: server, uri } = await startServerProcess('--data', dataDir);
    const client = await mongo.MongoClient.connect(uri, { serverSelectionTimeoutMS: 500 });
    const singles = client.db('shop').collection<Numbered>('singles');
    const pairs = client.db('shop').collection('pairs');
    await createIndex(pairs, { pair: 1 });
    const acknowledged: number[] = [];
    const acknowledgedPairs: number[] = [];
    const writeSingles = async (first: number) => {
      for (let _id = first; ; _id += 4) {
        await singles.insertOne({ _id });
        acknowledged.push(_id);
      }
    };
    const writePairs = async () => {
      for (let pair = 0; ; pair++) {
        await client.withSession((session) =>
          session.withTransaction(async () => {
            await pairs.insertOne({ pair, half: 1 }, { session });
            await pairs.insertOne({ pair, half: 2 }, { session });
          }),
        );
        acknowledgedPairs.push(pair);
      }
    };
    const writers = Promise.allSettled([
      writeSingles(0),
      writeSingles(1),
      writeSingles(2),
      writeSingles(3),
      writePairs(),
    ]);
    while (acknowledged.length < 400 || acknowledgedPairs.length < 20)
      await once(server, 'exit', { signal: AbortSignal.timeout(20) }).catch(() => undefined);
    server.kill('SIGKILL');
    await once(server, 'exit');
    await writers;
    await client.close();

    await withServer(async (db) => {
      const found = new Set((await db.collection<Numbered>('singles').find().toArray()).map(({ _id }) => _id));
      expect(acknowledged.filter((_id) => !found.has(_id))).toEqual([]);
      const halves = await db
        .collection('pairs')
        .aggregate([{ $sortByCount: '$pair' }])
        .toArray();
      expect(halves.filter(({ count }) => count !== 2)).toEqual([]);
      expect(halves.length).toBeGreaterThanOrEqual(acknowledgedPairs.length);
    });
  }, 60_000);
});

describe('compaction', () => {
  it('makes the log short and keeps everything', async () => {
    const text = 'x'.repeat(50_000);
    const sizes: number[] = [];
    await withServer(async (db) => {
      const things = db.collection('things');
      await createIndex(things, { n: 1 }, { unique: true });
      await things.insertMany(Array.from({ length: 20 }, (_, n) => ({ n, text })));
      await things.deleteOne({ n: 19 });
      await db.createCollection('empty', { capped: true, size: 4096 });
      for (let round = 1; round <= 20; round++) {
        await things.updateMany({}, { $set: { text, round } });
        sizes.push(fs.statSync(logFile()).size);
      }
    });
    const written = 20 * 19 * text.length;
    expect(Math.max(...sizes)).toBeLessThan(written / 2);
    expect(sizes.some((size, index) => size < (sizes[index - 1] ?? 0))).toBe(true);
    await withServer(async (db) => {
      const things = db.collection('things');
      const found = await things.find().sort({ n: 1 }).toArray();
      expect(found.map(({ n, round, text: kept }) => [n, round, kept === text])).toEqual(
        Array.from({ length: 19 }, (_, n) => [n, 20, true]),
      );
      await expect(things.insertOne({ n: 3 })).rejects.toMatchObject({ code: 11000 });
      expect(await db.collection('empty').options()).toEqual({ capped: true, size: 4096 });
    });
  });

  it('that was interrupted leaves the old log valid', async () => {
    await withServer((db) => db.collection<Numbered>('things').insertOne({ _id: 1 }));
    fs.writeFileSync(`${logFile()}.next`, 'half a log');
    expect(await withServer((db) => db.collection('things').find().toArray())).toEqual([{ _id: 1 }]);
    expect(fs.existsSync(`${logFile()}.next`)).toBe(false);
  });
});

describe('a data directory', () => {
  it('serves one server at a time', async () => {
    const first = await EmbeddedMongo.start({ dataDir });
    await expect(EmbeddedMongo.start({ dataDir })).rejects.toThrow('in use');
    await first.stop();
    const second = await EmbeddedMongo.start({ dataDir, fsync: true });
    await second.stop();
  });

  it('is free again when the process that had it is gone', async () => {
    fs.writeFileSync(path.join(dataDir, 'lock'), '4194303');
    const server = await EmbeddedMongo.start({ dataDir });
    await server.stop();
    expect(fs.existsSync(path.join(dataDir, 'lock'))).toBe(false);
  });
});
