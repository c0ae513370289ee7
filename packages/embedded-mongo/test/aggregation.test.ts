import { Decimal128, Long, ObjectId } from 'bson';
import type { mongo } from 'mongoose';
import { startTestServer, type TestServer } from './support/test-server';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

interface Case {
  readonly title: string;
  readonly documents: mongo.Document[];
  readonly pipeline: mongo.Document[];
  readonly expected: mongo.Document[];
}

const sales = [
  { _id: 1, c: 'a', p: 10, q: 2 },
  { _id: 2, c: 'b', p: 5, q: 1 },
  { _id: 3, c: 'a', p: 3, q: 3 },
];

const cases: readonly Case[] = [
  {
    title: '$group accumulates',
    documents: sales,
    pipeline: [
      {
        $group: {
          _id: '$c',
          total: { $sum: { $multiply: ['$p', '$q'] } },
          mean: { $avg: '$p' },
          highest: { $max: '$p' },
          ids: { $push: '$_id' },
        },
      },
      { $sort: { _id: 1 } },
    ],
    expected: [
      { _id: 'a', total: 29, mean: 6.5, highest: 10, ids: [1, 3] },
      { _id: 'b', total: 5, mean: 5, highest: 5, ids: [2] },
    ],
  },
  {
    title: '$group groups by several values',
    documents: sales,
    pipeline: [
      { $group: { _id: { c: '$c', isLarge: { $gt: ['$p', 4] } }, n: { $sum: 1 } } },
      { $sort: { '_id.c': 1, '_id.isLarge': 1 } },
    ],
    expected: [
      { _id: { c: 'a', isLarge: false }, n: 1 },
      { _id: { c: 'a', isLarge: true }, n: 1 },
      { _id: { c: 'b', isLarge: true }, n: 1 },
    ],
  },
  {
    title: '$group takes accumulators that are rare',
    documents: sales,
    pipeline: [{ $group: { _id: null, best: { $firstN: { input: '$_id', n: 2 } } } }],
    expected: [{ _id: null, best: [1, 2] }],
  },
  {
    title: '$group groups by dates',
    documents: [{ d: new Date(1) }, { d: new Date(1) }],
    pipeline: [{ $group: { _id: '$d', n: { $sum: 1 } } }],
    expected: [{ _id: new Date(1), n: 2 }],
  },
  {
    title: '$avg leaves out what is no number',
    documents: [{ a: 1 }, { a: 'x' }, { a: 3 }],
    pipeline: [{ $group: { _id: null, mean: { $avg: '$a' } } }],
    expected: [{ _id: null, mean: 2 }],
  },
  {
    title: '$unwind keeps documents without elements when asked',
    documents: [{ _id: 1, a: [1, 2] }, { _id: 2, a: [] }, { _id: 3 }],
    pipeline: [
      { $unwind: { path: '$a', preserveNullAndEmptyArrays: true, includeArrayIndex: 'i' } },
      { $sort: { _id: 1, i: 1 } },
      { $project: { a: 1 } },
    ],
    expected: [{ _id: 1, a: 1 }, { _id: 1, a: 2 }, { _id: 2 }, { _id: 3 }],
  },
  {
    title: '$facet runs several pipelines',
    documents: sales,
    pipeline: [
      { $facet: { count: [{ $count: 'n' }], top: [{ $sort: { p: -1 } }, { $limit: 1 }, { $project: { _id: 1 } }] } },
    ],
    expected: [{ count: [{ n: 3 }], top: [{ _id: 1 }] }],
  },
  {
    title: '$sortByCount counts values',
    documents: sales,
    pipeline: [{ $sortByCount: '$c' }],
    expected: [
      { _id: 'a', count: 2 },
      { _id: 'b', count: 1 },
    ],
  },
  {
    title: '$bucket has a place for the others',
    documents: [{ p: 5 }, { p: 50 }, { p: 'x' }],
    pipeline: [{ $bucket: { groupBy: '$p', boundaries: [0, 10, 100], default: 'other', output: { n: { $sum: 1 } } } }],
    expected: [
      { _id: 0, n: 1 },
      { _id: 10, n: 1 },
      { _id: 'other', n: 1 },
    ],
  },
  {
    title: '$setWindowFields accumulates along an order',
    documents: sales,
    pipeline: [
      {
        $setWindowFields: {
          partitionBy: '$c',
          sortBy: { _id: 1 },
          output: { sum: { $sum: '$p', window: { documents: ['unbounded', 'current'] } } },
        },
      },
      { $sort: { _id: 1 } },
      { $project: { sum: 1 } },
    ],
    expected: [
      { _id: 1, sum: 10 },
      { _id: 2, sum: 5 },
      { _id: 3, sum: 13 },
    ],
  },
  {
    title: '$replaceRoot puts an embedded document in its place',
    documents: [{ _id: 1, o: { x: 1 } }],
    pipeline: [{ $replaceRoot: { newRoot: { $mergeObjects: ['$o', { y: 2 }] } } }],
    expected: [{ x: 1, y: 2 }],
  },
  {
    title: '$addFields sets fields of embedded documents and in arrays',
    documents: [{ _id: 1, o: { x: 1 }, a: [{ b: 1 }] }],
    pipeline: [{ $addFields: { 'o.y': '$o.x', o: { z: 3 }, 'a.c': 2 } }],
    expected: [{ _id: 1, o: { x: 1, y: 1, z: 3 }, a: [{ b: 1, c: 2 }] }],
  },
  {
    title: '$sample takes as many as it is told',
    documents: sales,
    pipeline: [{ $sample: { size: 2 } }, { $count: 'n' }],
    expected: [{ n: 2 }],
  },
  {
    title: '$skip and $limit cut',
    documents: sales,
    pipeline: [{ $sort: { p: -1 } }, { $skip: 1 }, { $limit: 1 }, { $project: { p: 1, _id: 0 } }],
    expected: [{ p: 5 }],
  },
  {
    title: '$count of nothing gives nothing',
    documents: sales,
    pipeline: [{ $match: { c: 'z' } }, { $count: 'n' }],
    expected: [],
  },
];

describe('a pipeline', () => {
  it.each(cases)('$title', async ({ documents, pipeline, expected }) => {
    const things = await server.collectionOf(...documents);
    expect(await things.aggregate(pipeline).toArray()).toEqual(expected);
  });

  it('sums decimals and longs exactly', async () => {
    const things = await server.collectionOf(
      { decimal: Decimal128.fromString('0.1'), long: Long.fromString('9007199254740993') },
      { decimal: Decimal128.fromString('0.2'), long: Long.fromNumber(1) },
    );
    const sums = { $group: { _id: null, decimal: { $sum: '$decimal' }, long: { $sum: '$long' } } };
    const [sum] = await things.aggregate([sums], { promoteLongs: false }).toArray();
    expect(sum).toMatchObject({ decimal: Decimal128.fromString('0.3'), long: Long.fromString('9007199254740994') });
  });

  it('groups by ObjectIds', async () => {
    const [often, once] = [new ObjectId(), new ObjectId()];
    const things = await server.collectionOf({ k: often }, { k: new ObjectId(often.toHexString()) }, { k: once });
    const groups = await things.aggregate([{ $sortByCount: '$k' }]).toArray();
    expect(groups).toEqual([
      { _id: often, count: 2 },
      { _id: once, count: 1 },
    ]);
  });
});

describe('a pipeline over two collections', () => {
  it('joins by equality, of ObjectIds too', async () => {
    const key = new ObjectId();
    const left = await server.collectionOf({ _id: 1, r: key }, { _id: 2, r: 99 });
    const { collectionName: from } = await server.collectionOf({ _id: key, v: 'x' });
    const join = { $lookup: { from, localField: 'r', foreignField: '_id', as: 'j' } };
    expect(await left.aggregate([join]).toArray()).toEqual([
      { _id: 1, r: key, j: [{ _id: key, v: 'x' }] },
      { _id: 2, r: 99, j: [] },
    ]);
  });

  it('joins by a pipeline with variables', async () => {
    const left = await server.collectionOf({ _id: 1, r: 10 });
    const { collectionName: from } = await server.collectionOf({ _id: 10, v: 'x' }, { _id: 11, v: 'y' });
    const pipeline = [{ $match: { $expr: { $gt: ['$_id', '$$r'] } } }, { $project: { _id: 0 } }];
    const joined = await left.aggregate([{ $lookup: { from, let: { r: '$r' }, pipeline, as: 'j' } }]).toArray();
    expect(joined).toEqual([{ _id: 1, r: 10, j: [{ v: 'y' }] }]);
  });

  it('follows references', async () => {
    const things = await server.collectionOf({ _id: 1, p: null }, { _id: 2, p: 1 }, { _id: 3, p: 2 });
    const graph = {
      from: things.collectionName,
      startWith: '$p',
      connectFromField: 'p',
      connectToField: '_id',
      as: 'up',
    };
    const [found] = await things.aggregate([{ $match: { _id: 3 } }, { $graphLookup: graph }]).toArray();
    expect(found?.up.map(({ _id }: { _id: number }) => _id).sort()).toEqual([1, 2]);
  });

  it('puts collections one after the other', async () => {
    const things = await server.collectionOf({ _id: 1 });
    const both = await things.aggregate([{ $unionWith: things.collectionName }]).toArray();
    expect(both).toEqual([{ _id: 1 }, { _id: 1 }]);
  });

  it('writes its results with $out and $merge', async () => {
    const things = await server.collectionOf(...sales);
    const target = await server.collectionOf({ _id: 9 });
    await things.aggregate([{ $match: { c: 'a' } }, { $out: target.collectionName }]).toArray();
    expect(await target.countDocuments()).toBe(2);
    const into = target.collectionName;
    await things.aggregate([{ $set: { seen: true } }, { $merge: { into, whenNotMatched: 'insert' } }]).toArray();
    expect(await target.countDocuments({ seen: true })).toBe(3);
  });

  it('merges by a pipeline that sees the new document', async () => {
    const things = await server.collectionOf({ _id: 1, n: 2 });
    const target = await server.collectionOf({ _id: 1, n: 40 });
    const whenMatched = [{ $set: { n: { $add: ['$n', '$$new.n'] } } }];
    await things.aggregate([{ $merge: { into: target.collectionName, whenMatched } }]).toArray();
    expect(await target.findOne()).toEqual({ _id: 1, n: 42 });
  });
});
