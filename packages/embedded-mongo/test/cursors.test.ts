import { Long } from 'bson';
import { startTestServer, type TestServer } from './support/test-server';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const numbered = (count: number) => Array.from({ length: count }, (_, index) => ({ _id: index }));

describe('a cursor', () => {
  it('gives everything in batches of the size that is asked for', async () => {
    const things = await server.collectionOf(...numbered(1050));
    expect(await things.find().batchSize(100).toArray()).toHaveLength(1050);
    expect(await things.aggregate([{ $match: {} }], { batchSize: 50 }).toArray()).toHaveLength(1050);
  });

  it('gives 101 documents at first when nobody says how many', async () => {
    const { collectionName } = await server.collectionOf(...numbered(300));
    const { cursor } = await server.db.command({ find: collectionName, filter: {} });
    expect(cursor.firstBatch).toHaveLength(101);
    expect(cursor.id.toString()).not.toBe('0');
  });

  it('may be closed early, and is then gone', async () => {
    const { collectionName } = await server.collectionOf(...numbered(300));
    const { cursor } = await server.db.command({ find: collectionName, filter: {}, batchSize: 10 });
    const id = Long.fromNumber(cursor.id as number);
    await server.db.command({ killCursors: collectionName, cursors: [id] });
    const more = server.db.command({ getMore: id, collection: collectionName });
    await expect(more).rejects.toMatchObject({ code: 43 });
  });

  it('splits what would not fit into one message', async () => {
    const large = numbered(30).map((document) => ({ ...document, text: 'x'.repeat(1_000_000) }));
    const things = await server.collectionOf(...large);
    let characters = 0;
    for await (const { text } of things.find()) characters += (text as string).length;
    expect(characters).toBe(30_000_000);
  });

  it('sorts, skips and limits', async () => {
    const things = await server.collectionOf(...numbered(5).map(({ _id }) => ({ _id, rank: -_id })));
    const found = await things.find().sort({ rank: 1 }).skip(1).limit(2).toArray();
    expect(found).toEqual([
      { _id: 3, rank: -3 },
      { _id: 2, rank: -2 },
    ]);
  });
});

describe('a projection', () => {
  const cart = {
    _id: 1,
    z: 1,
    lines: [
      { sku: 'a', n: 1 },
      { sku: 'b', n: 2 },
    ],
    tags: [1, 2, 3, 4],
    owner: { id: 1, name: 'x' },
  };

  it.each([
    ['keeps fields of embedded documents', {}, { 'owner.name': 1, _id: 0 }, { owner: { name: 'x' } }],
    ['keeps fields in the order of the document', {}, { tags: 1, z: 1, _id: 0 }, { z: 1, tags: [1, 2, 3, 4] }],
    [
      'leaves fields out, in arrays too',
      {},
      { 'lines.sku': 0, tags: 0, owner: 0 },
      { _id: 1, z: 1, lines: [{ n: 1 }, { n: 2 }] },
    ],
    ['cuts an array', {}, { tags: { $slice: [1, 2] }, z: 1 }, { _id: 1, z: 1, tags: [2, 3] }],
    ['cuts an array from its end', {}, { tags: { $slice: -1 }, lines: 0, owner: 0 }, { _id: 1, z: 1, tags: [4] }],
    [
      'keeps the first element that matches',
      {},
      { lines: { $elemMatch: { n: 2 } } },
      { _id: 1, lines: [{ sku: 'b', n: 2 }] },
    ],
    [
      'keeps the element that the filter has found',
      { 'lines.n': 2 },
      { 'lines.$': 1 },
      { _id: 1, lines: [{ sku: 'b', n: 2 }] },
    ],
    ['computes', {}, { sum: { $add: ['$z', '$owner.id'] } }, { _id: 1, sum: 2 }],
    ['computes from a path', {}, { name: '$owner.name', _id: 0 }, { name: 'x' }],
  ])('%s', async (_title, filter, projection, expected) => {
    const carts = await server.collectionOf(cart);
    expect(await carts.findOne(filter, { projection })).toEqual(expected);
  });

  it('cannot both keep and leave out', async () => {
    const carts = await server.collectionOf(cart);
    await expect(carts.findOne({}, { projection: { z: 1, tags: 0 } })).rejects.toMatchObject({ code: 31254 });
  });
});
