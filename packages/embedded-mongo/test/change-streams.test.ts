import type { mongo } from 'mongoose';
import { startTestServer, type TestDocument, type TestServer } from './support/test-server';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** So that opening a stream does not take a second. */
const QUICK = { maxAwaitTimeMS: 20 } as const;

type Events = mongo.ChangeStream<TestDocument>;

/** A stream that is open: what happens from now on is in it. */
async function opened(stream: Events): Promise<Events> {
  await stream.tryNext();
  return stream;
}

/** The next events, closing the stream after them. */
async function take(stream: Events, count: number): Promise<mongo.Document[]> {
  const events: mongo.Document[] = [];
  while (events.length < count) events.push(await stream.next());
  await stream.close();
  return events;
}

describe('a change stream of a collection', () => {
  it('tells of inserts, updates, replacements and deletions', async () => {
    const things = await server.collectionOf({ _id: 0 });
    const stream = await opened(things.watch([], QUICK));
    await things.insertOne({ _id: 1, a: 1, b: { c: 1 }, list: [1] });
    await things.updateOne(
      { _id: 1 },
      { $set: { a: 2, 'b.d': 1 }, $unset: { 'b.c': '' }, $push: { list: 2 as never } },
    );
    await things.replaceOne({ _id: 1 }, { z: 1 });
    await things.deleteOne({ _id: 1 });
    const ns = { db: server.db.databaseName, coll: things.collectionName };
    const documentKey = { _id: 1 };
    expect(await take(stream, 4)).toMatchObject([
      { operationType: 'insert', ns, documentKey, fullDocument: { _id: 1, a: 1 } },
      {
        operationType: 'update',
        documentKey,
        updateDescription: { updatedFields: { a: 2, 'b.d': 1, 'list.1': 2 }, removedFields: ['b.c'] },
      },
      { operationType: 'replace', documentKey, fullDocument: { _id: 1, z: 1 } },
      { operationType: 'delete', documentKey },
    ]);
  });

  it('tells nothing of other collections or of writes that change nothing', async () => {
    const things = await server.collectionOf({ _id: 0, a: 1 });
    const other = await server.collectionOf({ _id: 0 });
    const stream = await opened(things.watch([], QUICK));
    await other.insertOne({ _id: 1 });
    await things.updateOne({ _id: 0 }, { $set: { a: 1 } });
    await things.insertOne({ _id: 'marker' });
    expect(await take(stream, 1)).toMatchObject([{ operationType: 'insert', documentKey: { _id: 'marker' } }]);
  });

  it('filters by its pipeline and adds the document as it is now', async () => {
    const things = await server.collectionOf({ _id: 1, a: 1 });
    const pipeline = [{ $match: { operationType: 'update' } }];
    const stream = await opened(things.watch(pipeline, { ...QUICK, fullDocument: 'updateLookup' }));
    await things.insertOne({ _id: 2 });
    await things.updateOne({ _id: 1 }, { $set: { a: 5 } });
    expect(await take(stream, 1)).toMatchObject([{ fullDocument: { _id: 1, a: 5 } }]);
  });

  it('tells of a transaction when it commits, and never of one that aborts', async () => {
    const things = await server.collectionOf({ _id: 0 });
    const stream = await opened(things.watch([], QUICK));
    await server.client.withSession(async (session) => {
      session.startTransaction();
      await things.insertOne({ _id: 'aborted' }, { session });
      await session.abortTransaction();
      session.startTransaction();
      await things.insertOne({ _id: 1 }, { session });
      await things.insertOne({ _id: 'outside' });
      await things.insertOne({ _id: 2 }, { session });
      await session.commitTransaction();
    });
    const keys = (await take(stream, 3)).map(({ documentKey }) => documentKey._id);
    expect(keys).toEqual(['outside', 1, 2]);
  });

  it('goes on after an event that was seen before', async () => {
    const things = await server.collectionOf({ _id: 0 });
    const stream = await opened(things.watch([], QUICK));
    await things.insertOne({ _id: 1 });
    const [seen] = await take(stream, 1);
    await things.insertOne({ _id: 2 });
    const resumed = things.watch([], { resumeAfter: seen?._id });
    expect(await take(resumed, 1)).toMatchObject([{ documentKey: { _id: 2 } }]);
  });

  it('refuses a token that is none', async () => {
    const things = await server.collectionOf({ _id: 0 });
    const stream = things.watch([], { resumeAfter: { _data: 'zz' } });
    await expect(stream.next()).rejects.toHaveProperty('code');
    await stream.close();
  });

  it('ends with its collection', async () => {
    const things = await server.collectionOf({ _id: 0 });
    const stream = await opened(things.watch([], QUICK));
    await things.drop();
    expect(await take(stream, 2)).toMatchObject([{ operationType: 'drop' }, { operationType: 'invalidate' }]);
  });

  it('gives the document as it was where the collection keeps that', async () => {
    const things = await server.db.createCollection<TestDocument>('images', {
      changeStreamPreAndPostImages: { enabled: true },
    });
    await things.insertOne({ _id: 1, a: 1 });
    const stream = await opened(things.watch([], { ...QUICK, fullDocumentBeforeChange: 'whenAvailable' }));
    await things.deleteOne({ _id: 1 });
    expect(await take(stream, 1)).toMatchObject([{ fullDocumentBeforeChange: { _id: 1, a: 1 } }]);
  });
});

describe('a change stream of a database', () => {
  it('tells of all collections, also of new ones', async () => {
    const stream = server.db.watch<TestDocument>([], QUICK);
    await stream.tryNext();
    const first = await server.collectionOf({ _id: 1 });
    const second = await server.collectionOf({ _id: 2 });
    const names = (await take(stream, 2)).map(({ ns }) => ns.coll);
    expect(names).toEqual([first.collectionName, second.collectionName]);
  });
});
