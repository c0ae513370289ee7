import { mongo } from 'mongoose';
import { idsOf, startTestServer, type TestDocument, type TestServer } from './support/test-server';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe('a collection', () => {
  it('is created, listed and dropped', async () => {
    const { db } = server;
    await db.createCollection('created');
    expect(await db.listCollections({ name: 'created' }).toArray()).toMatchObject([
      { name: 'created', type: 'collection' },
    ]);
    await expect(db.createCollection('created', { capped: true, size: 1000 })).rejects.toMatchObject({ code: 48 });
    await db.collection('created').drop();
    expect(await db.listCollections({ name: 'created' }).toArray()).toEqual([]);
  });

  it('is renamed, in place of another one when asked', async () => {
    const things = await server.collectionOf({ _id: 1 });
    const other = await server.collectionOf({ _id: 2 });
    await expect(things.rename(other.collectionName)).rejects.toMatchObject({ code: 48 });
    await things.rename(other.collectionName, { dropTarget: true });
    expect(idsOf(await other.find().toArray())).toEqual([1]);
  });

  it('refuses what its validator refuses', async () => {
    const validator = { $jsonSchema: { required: ['a'], properties: { a: { bsonType: 'int' } } } };
    const things = await server.db.createCollection<TestDocument>('validated', { validator });
    await expect(things.insertOne({ _id: 1 })).rejects.toMatchObject({ code: 121 });
    await things.insertOne({ _id: 2, a: 1 });
    await expect(things.updateOne({ _id: 2 }, { $set: { a: 'x' } })).rejects.toMatchObject({ code: 121 });
    await server.db.command({ collMod: 'validated', validator: {} });
    await things.insertOne({ _id: 1 });
  });

  it('keeps the latest documents only when it is capped', async () => {
    const things = await server.db.createCollection<TestDocument>('capped', { capped: true, size: 4096, max: 2 });
    await things.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
    expect(idsOf(await things.find().toArray())).toEqual([2, 3]);
  });

  it('compares strings by its own collation', async () => {
    const collation = { locale: 'en', strength: 2 };
    const things = await server.db.createCollection<TestDocument>('collated', { collation });
    await things.insertMany([
      { _id: 1, a: 'B' },
      { _id: 2, a: 'a' },
    ]);
    expect(await things.countDocuments({ a: 'b' })).toBe(1);
    expect(idsOf(await things.find().sort({ a: 1 }).toArray())).toEqual([2, 1]);
  });

  it('tells its size', async () => {
    const { collectionName: collStats } = await server.collectionOf({ _id: 1 }, { _id: 2 });
    expect(await server.db.command({ collStats })).toMatchObject({ count: 2, nindexes: 1 });
    expect(await server.db.stats()).toMatchObject({ ok: 1 });
    const [statistics] = await server.db
      .collection(collStats)
      .aggregate([{ $collStats: { count: {} } }])
      .toArray();
    expect(statistics).toMatchObject({ count: 2 });
  });

  it('holds files in chunks', async () => {
    const bucket = new mongo.GridFSBucket(server.db);
    const upload = bucket.openUploadStream('file');
    await new Promise((resolve, reject) =>
      upload.on('finish', resolve).on('error', reject).end(Buffer.alloc(600_000, 'a')),
    );
    let bytes = 0;
    for await (const chunk of bucket.openDownloadStream(upload.id)) bytes += (chunk as Buffer).length;
    expect(bytes).toBe(600_000);
  });
});

describe('a view', () => {
  it('shows what its pipeline makes of a collection, and takes no writes', async () => {
    const { collectionName: viewOn } = await server.collectionOf({ _id: 1, a: 1 }, { _id: 2, a: 2 }, { _id: 3, a: 2 });
    const view = await server.db.createCollection<TestDocument>('view', { viewOn, pipeline: [{ $match: { a: 2 } }] });
    expect(idsOf(await view.find({}).sort({ _id: -1 }).limit(1).toArray())).toEqual([3]);
    expect(await view.countDocuments({ _id: 1 })).toBe(0);
    expect(await view.aggregate([{ $count: 'n' }]).toArray()).toEqual([{ n: 2 }]);
    await expect(view.insertOne({ _id: 9 })).rejects.toMatchObject({ code: 166 });
  });
});

describe('a database', () => {
  it('is there once it holds something, and gone when it is dropped', async () => {
    const names = async () =>
      (await server.client.db('admin').admin().listDatabases()).databases.map(({ name }) => name);
    const db = server.client.db(`${server.db.databaseName}_other`);
    await db.collection('x').insertOne({});
    expect(await names()).toContain(db.databaseName);
    await db.dropDatabase();
    expect(await names()).not.toContain(db.databaseName);
  });
});

describe('a server', () => {
  it('tells who it is', async () => {
    const { db } = server;
    expect(await db.command({ ping: 1 })).toMatchObject({ ok: 1 });
    expect(await db.command({ hello: 1 })).toMatchObject({ isWritablePrimary: true, setName: expect.any(String) });
    expect(await db.admin().buildInfo()).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+/) });
    expect(await db.admin().serverStatus()).toMatchObject({ connections: { current: expect.any(Number) } });
    expect(await db.command({ connectionStatus: 1 })).toHaveProperty('authInfo');
  });
});
