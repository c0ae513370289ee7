import { Binary, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp, UUID } from 'bson';
import { createIndex, idsOf, startTestServer, type TestServer, withoutId } from './support/test-server';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe('inserting', () => {
  it('keeps what was inserted', async () => {
    const things = await server.collectionOf({ _id: 1, a: 1 }, { _id: 2, a: 2 });
    expect(await things.findOne({ a: 2 })).toEqual({ _id: 2, a: 2 });
    expect(await things.find().toArray()).toHaveLength(2);
  });

  it('refuses an _id that is taken, and names the key', async () => {
    const things = await server.collectionOf({ _id: 1 });
    await expect(things.insertOne({ _id: 1 })).rejects.toMatchObject({
      code: 11000,
      message: expect.stringContaining('E11000'),
      errorResponse: { keyPattern: { _id: 1 }, keyValue: { _id: 1 } },
    });
  });

  it('goes on after a refused document when the order does not matter', async () => {
    const things = await server.collectionOf({ _id: 1 });
    const inserting = things.insertMany([{ _id: 1 }, { _id: 2 }], { ordered: false });
    await expect(inserting).rejects.toMatchObject({ code: 11000 });
    expect(await things.countDocuments()).toBe(2);
  });

  it('ends at a refused document when the order matters', async () => {
    const things = await server.collectionOf({ _id: 1 });
    await expect(things.insertMany([{ _id: 0 }, { _id: 1 }, { _id: 2 }])).rejects.toMatchObject({ code: 11000 });
    expect(idsOf(await things.find().sort({ _id: 1 }).toArray())).toEqual([0, 1]);
  });

  it('puts _id first and refuses an array as _id', async () => {
    const things = await server.collectionOf({ a: 1, _id: 1 });
    expect(Object.keys((await things.findOne()) ?? {})).toEqual(['_id', 'a']);
    await expect(things.insertOne(withoutId({ _id: [1] }))).rejects.toMatchObject({ code: 53 });
  });

  it('keeps every type as it is', async () => {
    const types = {
      long: Long.fromString('9223372036854775807'),
      decimal: Decimal128.fromString('1.10'),
      double: new Double(3),
      int: new Int32(3),
      date: new Date(5),
      binary: new Binary(Buffer.from('hi')),
      uuid: new UUID(),
      pattern: /a.c/i,
      timestamp: new Timestamp({ t: 1, i: 2 }),
      least: new MinKey(),
      greatest: new MaxKey(),
      nothing: null,
      text: 'grüße 🎉',
    };
    const things = await server.collectionOf({ _id: 1, ...types });
    const found = (await things.findOne({}, { promoteValues: false, promoteLongs: false })) ?? {};
    expect(found).toMatchObject({ long: types.long, decimal: types.decimal, double: types.double, int: types.int });
    expect(found).toMatchObject({ date: types.date, timestamp: types.timestamp, nothing: null, text: types.text });
    expect(found).toMatchObject({ pattern: expect.objectContaining({ source: 'a.c', flags: 'i' }) });
    expect((found as { uuid: Binary }).uuid.toString('hex')).toBe(types.uuid.toString('hex').replaceAll('-', ''));
    expect((found as { least: unknown }).least).toBeInstanceOf(MinKey);
    expect((found as { greatest: unknown }).greatest).toBeInstanceOf(MaxKey);
  });

  it('keeps fields whose names mean something to JavaScript', async () => {
    const things = await server.collectionOf();
    const document = JSON.parse('{"_id": 1, "__proto__": {"isAdmin": true}, "constructor": 1}') as { _id: number };
    await things.insertOne(document);
    await things.updateOne({ _id: 1 }, { $set: { seen: true } });
    const found = (await things.findOne({ constructor: 1 } as object)) ?? {};
    expect(Object.keys(found)).toEqual(['_id', '__proto__', 'constructor', 'seen']);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect(await things.countDocuments({ toString: { $exists: true } })).toBe(0);
  });
});

describe('updating', () => {
  it('counts what matched and what changed', async () => {
    const things = await server.collectionOf({ _id: 1, a: 1 });
    expect(await things.updateOne({ _id: 1 }, { $set: { a: 2 } })).toMatchObject({ matchedCount: 1, modifiedCount: 1 });
    expect(await things.updateOne({ _id: 1 }, { $set: { a: 2 } })).toMatchObject({ matchedCount: 1, modifiedCount: 0 });
    expect(await things.updateOne({ _id: 9 }, { $set: { a: 2 } })).toMatchObject({ matchedCount: 0, modifiedCount: 0 });
  });

  it('changes all that match when asked', async () => {
    const things = await server.collectionOf({ a: 1 }, { a: 1 }, { a: 2 });
    expect(await things.updateMany({ a: 1 }, { $set: { b: 1 } })).toMatchObject({ modifiedCount: 2 });
  });

  it('replaces everything but _id', async () => {
    const things = await server.collectionOf({ _id: 1, a: 1, b: 2 });
    await things.replaceOne({ a: 1 }, { z: 1 });
    expect(await things.findOne()).toEqual({ _id: 1, z: 1 });
  });

  it('never changes _id', async () => {
    const things = await server.collectionOf({ _id: 1 });
    await expect(things.updateOne({ _id: 1 }, { $set: { _id: 2 } })).rejects.toMatchObject({ code: 66 });
  });

  it('loses no increment of many that run at the same time', async () => {
    const things = await server.collectionOf({ _id: 1, n: 0 });
    await Promise.all(Array.from({ length: 200 }, () => things.updateOne({ _id: 1 }, { $inc: { n: 1 } })));
    expect(await things.findOne()).toEqual({ _id: 1, n: 200 });
  });
});

describe('upserting', () => {
  it('builds the document of what the filter says to be equal', async () => {
    const things = await server.collectionOf();
    const filter = { _id: 7, a: { $eq: 5 }, b: { $gt: 3 } };
    const update = { $set: { c: 1 }, $setOnInsert: { d: 2 } };
    expect(await things.updateOne(filter, update, { upsert: true })).toMatchObject({ upsertedCount: 1, upsertedId: 7 });
    expect(await things.findOne()).toEqual({ _id: 7, a: 5, c: 1, d: 2 });
  });

  it('looks into $and, paths and lists of one value', async () => {
    const things = await server.collectionOf();
    const filter = { _id: 1, $and: [{ 'a.b': 3 }, { c: { $in: [9] } }] };
    await things.updateOne(filter, { $set: { x: 1 } }, { upsert: true });
    expect(await things.findOne()).toEqual({ _id: 1, a: { b: 3 }, c: 9, x: 1 });
  });

  it('makes an ObjectId where nothing says what _id is', async () => {
    const things = await server.collectionOf();
    const { upsertedId } = await things.replaceOne({ a: 1 }, { z: 1 }, { upsert: true });
    expect(upsertedId).toBeInstanceOf(ObjectId);
  });

  it('inserts once when many try at the same time', async () => {
    const things = await server.collectionOf();
    await createIndex(things, { k: 1 }, { unique: true });
    const upsert = () => things.findOneAndUpdate({ k: 'a' }, { $inc: { n: 1 } }, { upsert: true });
    await Promise.allSettled(Array.from({ length: 50 }, upsert));
    expect(await things.countDocuments()).toBe(1);
  });
});

describe('deleting', () => {
  it('deletes one or all', async () => {
    const things = await server.collectionOf({ _id: 1, a: 1 }, { _id: 2, a: 1 }, { _id: 3, a: 1 });
    expect(await things.deleteOne({ a: 1 })).toMatchObject({ deletedCount: 1 });
    expect(await things.deleteMany({ a: 1 })).toMatchObject({ deletedCount: 2 });
  });
});

describe('finding and changing at once', () => {
  it('gives the document as it was, or as it is', async () => {
    const things = await server.collectionOf({ _id: 1, n: 1 });
    expect(await things.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } })).toEqual({ _id: 1, n: 1 });
    expect(await things.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } }, { returnDocument: 'after' })).toEqual({
      _id: 1,
      n: 3,
    });
    expect(await things.findOneAndUpdate({ _id: 5 }, { $inc: { n: 1 } })).toBeNull();
  });

  it('inserts when asked', async () => {
    const things = await server.collectionOf();
    const options = { upsert: true, returnDocument: 'after' } as const;
    expect(await things.findOneAndUpdate({ k: 'a' }, { $inc: { n: 1 } }, options)).toMatchObject({ k: 'a', n: 1 });
  });

  it('takes the first in a sort order and shows only what is projected', async () => {
    const things = await server.collectionOf({ _id: 1, n: 1, z: 1 }, { _id: 2, n: 2, z: 1 });
    const options = { sort: { n: -1 }, projection: { n: 1, _id: 0 } } as const;
    expect(await things.findOneAndUpdate({}, { $set: { x: 1 } }, options)).toEqual({ n: 2 });
  });

  it('replaces and deletes', async () => {
    const things = await server.collectionOf({ _id: 1, n: 1 });
    const replaced = await things.findOneAndReplace({ _id: 1 }, { m: 2 }, { returnDocument: 'after' });
    expect(replaced).toEqual({ _id: 1, m: 2 });
    expect(await things.findOneAndDelete({ _id: 1 })).toEqual({ _id: 1, m: 2 });
    expect(await things.countDocuments()).toBe(0);
  });
});

describe('a bulk write', () => {
  it('runs different writes in order', async () => {
    const things = await server.collectionOf({ _id: 1, a: 1 });
    const result = await things.bulkWrite([
      { insertOne: { document: { _id: 2 } } },
      { updateOne: { filter: { _id: 1 }, update: { $inc: { a: 5 } } } },
      { deleteOne: { filter: { _id: 2 } } },
      { replaceOne: { filter: { _id: 9 }, replacement: { q: 1 }, upsert: true } },
    ]);
    expect(result).toMatchObject({ insertedCount: 1, modifiedCount: 1, deletedCount: 1, upsertedCount: 1 });
  });
});

describe('counting', () => {
  it('counts documents and distinct values', async () => {
    const things = await server.collectionOf({ a: 1 }, { a: [1, 2] }, { a: null }, {});
    expect(await things.countDocuments({ a: 1 })).toBe(2);
    expect(await things.estimatedDocumentCount()).toBe(4);
    expect(await things.distinct('a')).toEqual([null, 1, 2]);
  });
});
