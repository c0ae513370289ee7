import { setTimeout as delay } from 'node:timers/promises';
import type { mongo } from 'mongoose';
import { createIndex, idsOf, startTestServer, type TestDocument, type TestServer } from './support/test-server';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const taken = { code: 11000 };

describe('indexes', () => {
  it('are named after their fields, listed and dropped', async () => {
    const things = await server.collectionOf({ a: 1 });
    expect(await createIndex(things, { a: 1, b: -1 })).toBe('a_1_b_-1');
    expect((await things.indexes()).map(({ name }) => name)).toEqual(['_id_', 'a_1_b_-1']);
    await things.dropIndex('a_1_b_-1');
    expect(await things.indexes()).toHaveLength(1);
    await expect(things.dropIndex('nope')).rejects.toMatchObject({ code: 27 });
    await expect(things.dropIndex('_id_')).rejects.toMatchObject({ code: 72 });
  });

  it('may be created again, but not with other options or under another name', async () => {
    const things = await server.collectionOf();
    await createIndex(things, { a: 1 });
    await createIndex(things, { a: 1 });
    await expect(createIndex(things, { a: 1 }, { unique: true })).rejects.toMatchObject({ code: 86 });
    await expect(createIndex(things, { a: 1 }, { name: 'other' })).rejects.toMatchObject({ code: 85 });
    await expect(createIndex(things, { b: 1 }, { name: 'a_1' })).rejects.toMatchObject({ code: 86 });
  });

  it('count how often they are used', async () => {
    const things = await server.collectionOf({ a: 1 });
    await createIndex(things, { a: 1 });
    await things.find({ a: 1 }).toArray();
    const statistics = await things.aggregate([{ $indexStats: {} }]).toArray();
    expect(statistics.find(({ name }) => name === 'a_1')).toMatchObject({ accesses: { ops: 1 } });
  });

  it('refuse two arrays in one key', async () => {
    const things = await server.collectionOf();
    await createIndex(things, { a: 1, b: 1 });
    await expect(things.insertOne({ _id: 1, a: [1, 2], b: [1, 2] })).rejects.toMatchObject({ code: 171 });
  });
});

describe('a unique index', () => {
  it('holds for inserts, updates and upserts', async () => {
    const things = await server.collectionOf({ _id: 1, e: 'a' }, { _id: 2, e: 'b' });
    await createIndex(things, { e: 1 }, { unique: true });
    await expect(things.insertOne({ _id: 3, e: 'a' })).rejects.toMatchObject({ ...taken, keyValue: { e: 'a' } });
    await expect(things.updateOne({ _id: 2 }, { $set: { e: 'a' } })).rejects.toMatchObject(taken);
    await expect(things.findOneAndUpdate({ _id: 2 }, { $set: { e: 'a' } })).rejects.toMatchObject(taken);
    await expect(things.updateOne({ _id: 3 }, { $set: { e: 'a' } }, { upsert: true })).rejects.toMatchObject(taken);
    expect(await things.findOne({ _id: 2 })).toEqual({ _id: 2, e: 'b' });
  });

  it('cannot be built over documents that are not', async () => {
    const things = await server.collectionOf({ e: 'a' }, { e: 'a' });
    await expect(createIndex(things, { e: 1 }, { unique: true })).rejects.toMatchObject(taken);
    expect(await things.indexes()).toHaveLength(1);
  });

  it('frees the value of a document that is deleted or changed', async () => {
    const things = await server.collectionOf({ _id: 1, e: 'a' }, { _id: 2, e: 'b' });
    await createIndex(things, { e: 1 }, { unique: true });
    await things.deleteOne({ _id: 1 });
    await things.updateOne({ _id: 2 }, { $set: { e: 'a' } });
    await things.insertOne({ _id: 3, e: 'b' });
    expect(await things.countDocuments()).toBe(2);
  });

  it.each<[string, Omit<mongo.IndexDescription, 'key'>, mongo.Document[], mongo.Document]>([
    ['takes a missing field for null', {}, [{}], {}],
    ['takes a missing field for null, and null for itself', {}, [{}], { e: null }],
    ['leaves missing fields out when it is sparse', { sparse: true }, [{}, {}, { e: null }], { e: null }],
    [
      'holds for some documents when it is partial',
      { partialFilterExpression: { active: true } },
      [{ e: 1, active: true }, { e: 1, active: false }, { e: 1 }],
      { e: 1, active: true },
    ],
    ['holds for each element of an array', {}, [{ e: [1, 2] }, { e: [4, 4] }], { e: [2, 3] }],
    ['takes numbers of one value for equal', {}, [{ e: 1 }, { e: 1.5 }], { e: 1n }],
    [
      'takes strings for equal that its collation does',
      { collation: { locale: 'en', strength: 2 } },
      [{ e: 'Ada' }],
      { e: 'ADA' },
    ],
  ])('%s', async (_title, options, accepted, refused) => {
    const things = await server.collectionOf();
    await createIndex(things, { e: 1 }, { unique: true, ...options });
    await things.insertMany(accepted as TestDocument[]);
    await expect(things.insertOne(refused as TestDocument)).rejects.toMatchObject(taken);
  });

  it('over two fields holds for both together', async () => {
    const things = await server.collectionOf();
    await createIndex(things, { a: 1, b: 1 }, { unique: true });
    await things.insertMany([
      { _id: 1, a: 1, b: 1 },
      { _id: 2, a: 1, b: 2 },
    ]);
    await expect(things.insertOne({ _id: 3, a: 1, b: 2 })).rejects.toMatchObject(taken);
  });
});

describe('a TTL index', () => {
  it('deletes what has expired and nothing else', async () => {
    const hours = (count: number) => new Date(Date.now() + count * 3_600_000);
    const things = await server.collectionOf(
      { _id: 'old', d: hours(-1) },
      { _id: 'new', d: hours(1) },
      { _id: 'none', d: 'x' },
    );
    await createIndex(things, { d: 1 }, { expireAfterSeconds: 1 });
    // MongoDB looks once a minute.
    while ((await things.countDocuments()) === 3) await delay(200);
    expect(idsOf(await things.find().sort({ _id: 1 }).toArray())).toEqual(['new', 'none']);
  }, 70_000);
});

describe('explain', () => {
  const plan = (explained: mongo.Document): string => JSON.stringify(explained.queryPlanner.winningPlan);

  it('tells a walk over an index from one over all documents', async () => {
    const things = await server.collectionOf({ a: 1 }, { a: 2 });
    expect(plan(await things.find({ a: 1 }).explain())).toContain('COLLSCAN');
    await createIndex(things, { a: 1 });
    expect(plan(await things.find({ a: 1 }).explain())).toContain('IXSCAN');
    expect(await things.find({ a: 1 }).explain('executionStats')).toMatchObject({
      executionStats: { nReturned: 1, totalKeysExamined: 1, totalDocsExamined: 1 },
    });
  });

  it('says when documents had to be sorted', async () => {
    const things = await server.collectionOf({ a: 1, b: 1 });
    await createIndex(things, { a: 1, b: -1 });
    expect(plan(await things.find({ a: 1 }).sort({ b: 1 }).explain())).not.toContain('SORT');
    expect(plan(await things.find({ a: 1 }).sort({ c: 1 }).explain())).toContain('SORT');
  });

  it('explains an aggregation by the query that it begins with', async () => {
    const things = await server.collectionOf({ a: 1 });
    await createIndex(things, { a: 1 });
    const explained = await things.aggregate([{ $match: { a: 1 } }, { $limit: 1 }]).explain();
    expect(JSON.stringify(explained)).toContain('IXSCAN');
  });
});
