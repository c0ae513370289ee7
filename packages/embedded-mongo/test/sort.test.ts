import { Binary, BSONRegExp, Decimal128, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { createIndex, idsOf, startTestServer, type TestServer } from './support/test-server';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** Values of a field `a` in an order in which they must not come out. */
type Case = readonly [title: string, values: Readonly<Record<string, unknown>>, direction: 1 | -1, expected: string];

const cases: readonly Case[] = [
  ['orders decimals by value', { b: Decimal128.fromString('10.5'), a: Decimal128.fromString('9.25') }, 1, 'a b'],
  ['orders longs by value', { b: Long.fromNumber(100), a: Long.fromNumber(9) }, 1, 'a b'],
  [
    'orders longs beyond 2^53',
    { b: Long.fromString('9007199254740993'), a: Long.fromString('9007199254740992') },
    1,
    'a b',
  ],
  ['orders negative numbers', { b: new Int32(-1), a: new Int32(-20) }, 1, 'a b'],
  ['orders timestamps', { b: new Timestamp({ t: 100, i: 1 }), a: new Timestamp({ t: 9, i: 1 }) }, 1, 'a b'],
  ['takes a missing field for null', { b: 1, a: undefined, c: 2 }, 1, 'a b c'],
  ['puts an empty array before null', { b: null, a: [] }, 1, 'a b'],
  ['takes the least element when ascending', { b: [5, 10], c: [7], a: [1, 20] }, 1, 'a b c'],
  ['takes the greatest element when descending', { b: [5, 10], c: [7], a: [1, 20] }, -1, 'a b c'],
  ['orders arrays within arrays', { b: [[3, 1]], a: [[2, 9]] }, 1, 'a b'],
  ['orders documents by the names of their fields', { b: { b: 1 }, a: { a: 2 } }, 1, 'a b'],
  ['orders strings by their bytes in UTF-8', { b: '\u{1F600}', a: '\uFFFD' }, 1, 'a b'],
  [
    'orders all types among each other',
    {
      l: new MaxKey(),
      b: null,
      k: new BSONRegExp('x'),
      c: 1,
      j: new Timestamp({ t: 1, i: 1 }),
      d: 'a',
      i: new Date(0),
      e: { x: 1 },
      h: true,
      f: new Binary(Buffer.from('a')),
      g: new ObjectId(),
      a: new MinKey(),
    },
    1,
    'a b c d e f g h i j k l',
  ],
];

describe.each([
  ['a sort in memory', false],
  ['a sort by an index', true],
])('%s', (_title, hasIndex) => {
  it.each(cases)('%s', async (_case, values, direction, expected) => {
    const documents = Object.entries(values).map(([_id, a]) => ({ _id, ...(a === undefined ? {} : { a }) }));
    const things = await server.collectionOf(...documents);
    if (hasIndex) await createIndex(things, { a: direction });
    expect(idsOf(await things.find().sort({ a: direction }).toArray()).join(' ')).toBe(expected);
  });
});

describe('a sort by several fields', () => {
  it('gives the first field precedence, in both directions', async () => {
    const things = await server.collectionOf({ _id: 1, a: 1, b: 1 }, { _id: 2, a: 1, b: 2 }, { _id: 3, a: 0, b: 1 });
    expect(idsOf(await things.find().sort({ a: 1, b: -1 }).toArray())).toEqual([3, 2, 1]);
  });

  it('refuses a direction that is none', async () => {
    const things = await server.collectionOf({ _id: 1 });
    const { collectionName: find } = things;
    await expect(server.db.command({ find, sort: { a: 2 } })).rejects.toMatchObject({ code: 15975 });
  });

  it('gives the documents in the order of insertion, or backwards', async () => {
    const things = await server.collectionOf({ _id: 2 }, { _id: 1 }, { _id: 3 });
    expect(idsOf(await things.find().toArray())).toEqual([2, 1, 3]);
    expect(idsOf(await things.find().sort({ $natural: -1 }).limit(2).toArray())).toEqual([3, 1]);
  });
});
