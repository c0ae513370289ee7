import { Decimal128, Double, Int32, Long } from 'bson';
import type { mongo } from 'mongoose';
import { startTestServer, type TestServer } from './support/test-server';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

interface Case {
  readonly title: string;
  /** Without its `_id`. */
  readonly before: mongo.Document;
  readonly update: mongo.Document | mongo.Document[];
  /** Without its `_id`. */
  readonly after: mongo.Document;
  readonly filter?: mongo.Document;
  readonly arrayFilters?: mongo.Document[];
}

const lines = [
  { k: 1, v: 1 },
  { k: 2, v: 1 },
];

const fields: readonly Case[] = [
  {
    title: '$inc, $mul, $min and $max calculate',
    before: { a: 1, b: 2, c: 3, d: 4 },
    update: { $inc: { a: 2 }, $mul: { b: 3 }, $min: { c: 1 }, $max: { d: 9 } },
    after: { a: 3, b: 6, c: 1, d: 9 },
  },
  {
    title: '$inc and $mul take a missing field for 0',
    before: {},
    update: { $inc: { a: 2 }, $mul: { b: 3 } },
    after: { a: 2, b: 0 },
  },
  { title: '$min compares across types', before: { a: 'x' }, update: { $min: { a: 5 } }, after: { a: 5 } },
  {
    title: '$unset removes and $rename moves',
    before: { a: 1, b: 2 },
    update: { $unset: { a: '' }, $rename: { b: 'c' } },
    after: { c: 2 },
  },
  {
    title: '$rename moves out of a document',
    before: { a: { b: 1 } },
    update: { $rename: { 'a.b': 'c.d' } },
    after: { a: {}, c: { d: 1 } },
  },
  {
    title: '$set makes the documents on its way',
    before: { a: 1 },
    update: { $set: { 'x.y.z': 1 } },
    after: { a: 1, x: { y: { z: 1 } } },
  },
  {
    title: '$set pads an array with nulls',
    before: { a: [1] },
    update: { $set: { 'a.3': 4 } },
    after: { a: [1, null, null, 4] },
  },
  {
    title: '$unset leaves null in an array',
    before: { a: [1, 2] },
    update: { $unset: { 'a.0': '' } },
    after: { a: [null, 2] },
  },
  { title: '$bit combines bits', before: { a: 5 }, update: { $bit: { a: { and: 4 } } }, after: { a: 4 } },
  {
    title: 'a pipeline computes from the document',
    before: { a: 2, b: 3 },
    update: [{ $set: { s: { $add: ['$a', '$b'] } } }, { $unset: 'b' }],
    after: { a: 2, s: 5 },
  },
];

const arrays: readonly Case[] = [
  {
    title: '$push adds, sorts and cuts',
    before: { a: [3, 1] },
    update: { $push: { a: { $each: [2, 5], $sort: 1, $slice: -3 } } },
    after: { a: [2, 3, 5] },
  },
  {
    title: '$push sorts documents by a field',
    before: { a: [{ x: 3 }, { x: 1 }] },
    update: { $push: { a: { $each: [{ x: 2 }], $sort: { x: 1 }, $slice: -2 } } },
    after: { a: [{ x: 2 }, { x: 3 }] },
  },
  {
    title: '$push inserts at a position',
    before: { a: [1, 2] },
    update: { $push: { a: { $each: [9], $position: 1 } } },
    after: { a: [1, 9, 2] },
  },
  {
    title: '$addToSet adds what is not there',
    before: { a: [1, { x: 1 }] },
    update: { $addToSet: { a: { $each: [1, 2, { x: 1 }] } } },
    after: { a: [1, { x: 1 }, 2] },
  },
  {
    title: '$pull, $pullAll and $pop remove',
    before: { a: [{ x: 1 }, { x: 5 }], b: [1, 2, 1], c: [1, 2] },
    update: { $pull: { a: { x: { $gt: 3 } } }, $pullAll: { b: [1] }, $pop: { c: -1 } },
    after: { a: [{ x: 1 }], b: [2], c: [2] },
  },
];

const placeholders: readonly Case[] = [
  {
    title: '$ is the element that the filter has found',
    before: { a: lines },
    filter: { 'a.k': 2 },
    update: { $set: { 'a.$.v': 9 } },
    after: { a: [lines[0], { k: 2, v: 9 }] },
  },
  {
    title: '$ is the element that $elemMatch has found',
    before: { a: lines },
    filter: { a: { $elemMatch: { k: 2, v: 1 } } },
    update: { $inc: { 'a.$.v': 9 } },
    after: { a: [lines[0], { k: 2, v: 10 }] },
  },
  { title: '$[] is every element', before: { a: [1, 2] }, update: { $inc: { 'a.$[]': 1 } }, after: { a: [2, 3] } },
  {
    title: '$[name] is every element that its filter matches',
    before: { a: lines },
    arrayFilters: [{ 'e.k': { $gte: 2 } }],
    update: { $set: { 'a.$[e].v': 7 } },
    after: { a: [lines[0], { k: 2, v: 7 }] },
  },
  {
    title: '$[name] takes alternatives',
    before: { a: [1, 5, 9] },
    arrayFilters: [{ $or: [{ e: 1 }, { e: 9 }] }],
    update: { $set: { 'a.$[e]': 0 } },
    after: { a: [0, 5, 0] },
  },
  {
    title: 'placeholders may be nested',
    before: { a: [{ b: [{ c: 1 }, { c: 2 }] }] },
    arrayFilters: [{ 'x.c': 2 }],
    update: { $set: { 'a.$[].b.$[x].c': 0 } },
    after: { a: [{ b: [{ c: 1 }, { c: 0 }] }] },
  },
];

describe('an update', () => {
  it.each([...fields, ...arrays, ...placeholders])(
    '$title',
    async ({ before, filter = {}, update, arrayFilters, after }) => {
      const things = await server.collectionOf({ _id: 1, ...before });
      await things.updateOne(filter, update, arrayFilters ? { arrayFilters } : {});
      expect(await things.findOne()).toEqual({ _id: 1, ...after });
    },
  );

  it('sets new fields in the order of their names', async () => {
    const things = await server.collectionOf({ _id: 1 });
    await things.updateOne({}, { $set: { b: 1, a: 2 } });
    expect(Object.keys((await things.findOne()) ?? {})).toEqual(['_id', 'a', 'b']);
  });

  it('sets the current date', async () => {
    const things = await server.collectionOf({ _id: 1 });
    await things.updateOne({}, { $currentDate: { at: true } });
    expect((await things.findOne())?.at).toBeInstanceOf(Date);
  });
});

const raw = { promoteValues: false, promoteLongs: false } as const;

describe('a calculation', () => {
  it.each([
    ['keeps a long long', Long.fromString('9007199254740993'), { $inc: { a: 1 } }, Long.fromString('9007199254740994')],
    ['lets an int that overflows become a long', 2147483647, { $inc: { a: 1 } }, Long.fromNumber(2147483648)],
    [
      'keeps a decimal exact',
      Decimal128.fromString('0.1'),
      { $inc: { a: Decimal128.fromString('0.2') } },
      Decimal128.fromString('0.3'),
    ],
    ['makes a double of an int and a double', 1, { $inc: { a: new Double(1.5) } }, new Double(2.5)],
    ['replaces an int by an equal double', 1, { $set: { a: new Double(1) } }, new Double(1)],
    ['multiplies longs', Long.fromNumber(3), { $mul: { a: new Int32(2) } }, Long.fromNumber(6)],
  ])('%s', async (_title, a, update, expected) => {
    const things = await server.collectionOf({ _id: 1, a });
    await things.updateOne({}, update);
    const found = await things.findOne({}, raw);
    expect(found?.a).toEqual(expected);
    expect(found?.a.constructor.name).toBe(expected.constructor.name);
  });

  it('in a pipeline leaves the other fields as they are', async () => {
    const things = await server.collectionOf({ _id: 1, double: new Double(3), long: Long.fromNumber(3) });
    await things.updateOne({}, [{ $set: { copy: '$long', sum: { $add: ['$double', 1] } } }]);
    const found = await things.findOne({}, raw);
    expect(found).toMatchObject({ double: new Double(3), long: Long.fromNumber(3), copy: Long.fromNumber(3) });
  });
});

describe('an update is refused', () => {
  it.each([
    ['when it adds to what is no number', { a: 'x' }, { $inc: { a: 1 } }, 14],
    ['when it pushes to what is no array', { a: 'x' }, { $push: { a: 1 } }, 2],
    ['when it adds to a set that is no array', { a: 1 }, { $addToSet: { a: 1 } }, 2],
    ['when it sets a field of a scalar', { a: 1 }, { $set: { 'a.b': 1 } }, 28],
    ['when it changes a path twice', { a: 1 }, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
    ['when it changes a path and a part of it', { a: {} }, { $set: { a: {}, 'a.b': 1 } }, 40],
    ['when the operator does not exist', { a: 1 }, { $foo: { a: 1 } }, 9],
    ['when a placeholder has no filter', { a: [1] }, { $set: { 'a.$[x]': 1 } }, 2],
    ['when the filter has found no element', { a: [1] }, { $set: { 'a.$': 1 } }, 2],
    ['when a pipeline uses a stage that is not for updates', { a: 1 }, [{ $match: {} }], 40324],
  ])('%s', async (_title, before, u, code) => {
    const { collectionName: update } = await server.collectionOf(before);
    const reply = await server.db.command({ update, updates: [{ q: {}, u }] });
    expect(reply).toMatchObject({ n: 0, writeErrors: [{ index: 0, code }] });
  });

  it('when an array filter is not used', async () => {
    const things = await server.collectionOf({ a: [1] });
    const update = things.updateOne({}, { $set: { 'a.$[]': 1 } }, { arrayFilters: [{ x: 1 }] });
    await expect(update).rejects.toMatchObject({ code: 9 });
  });
});
