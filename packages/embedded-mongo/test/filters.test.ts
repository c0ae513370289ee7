import { Binary, BSONRegExp, Decimal128, Double, Int32, Long, ObjectId } from 'bson';
import { createIndex, idsOf, startTestServer, type TestServer } from './support/test-server';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const decimal = (text: string) => Decimal128.fromString(text);
const long = (text: string) => Long.fromString(text);
const early = ObjectId.createFromTime(1);
const late = ObjectId.createFromTime(2);

/** Values of a field `a`, each in a document of its own, numbered from 1; undefined stands for a missing field. */
type Case = readonly [title: string, values: readonly unknown[], condition: unknown, expected: readonly number[]];

const numbers: readonly Case[] = [
  ['finds a number whatever its type', [long('5'), 5, new Double(5), decimal('5.0'), 6], 5, [1, 2, 3, 4]],
  ['finds a decimal by another one of the same value', [decimal('5.0'), decimal('5.1')], decimal('5'), [1]],
  ['tells 0.1 from the decimal 0.1, which no double is', [0.1, decimal('0.1')], decimal('0.1'), [2]],
  ['compares decimals with other numbers', [decimal('10.5'), decimal('8.5')], { $gt: 9 }, [1]],
  ['compares decimals by value, not by text', [decimal('10.5'), decimal('9.25')], { $gt: decimal('9.5') }, [1]],
  ['compares longs by value', [long('100'), long('8')], { $gt: long('9') }, [1]],
  [
    'tells longs beyond 2^53 apart',
    [long('9007199254740993'), long('9007199254740992')],
    long('9007199254740993'),
    [1],
  ],
  ['finds NaN by NaN only', [NaN, 1], NaN, [1]],
  ['has no NaN in a range', [NaN, 1, -1], { $lt: 0 }, [3]],
  ['divides with the sign of the dividend', [-5, 5, 4], { $mod: [3, -2] }, [1]],
  ['divides to zero', [4, 5, 'x'], { $mod: [4, 0] }, [1]],
  ['asks for bits by their positions', [5, 2], { $bitsAllSet: [0, 2] }, [1]],
  ['asks for bits of longs by a mask', [long('5'), long('2')], { $bitsAllSet: 5 }, [1]],
  ['asks for bits that are not set', [5, 2], { $bitsAllClear: 1 }, [2]],
  ['asks for any bit', [5, 2, 8], { $bitsAnySet: 3 }, [1, 2]],
];

const missing: readonly Case[] = [
  ['finds null and missing fields by null', [undefined, null, 1], null, [1, 2]],
  ['finds what is there by not null', [undefined, null, 1], { $ne: null }, [3]],
  ['compares null with null only', [undefined, null, 1], { $gte: null }, [1, 2]],
  ['tells null from missing by $exists', [undefined, null, 1], { $exists: true }, [2, 3]],
  ['finds missing fields', [undefined, null], { $exists: false }, [1]],
  ['finds null, missing and patterns in a list', ['abc', undefined, 'zzz'], { $in: [null, /^ab/] }, [1, 2]],
  ['finds null in a long list', [null, 3, undefined, 99], { $in: [null, ...Array(20).keys()] }, [1, 2, 3]],
  ['negates', [1, 3, undefined], { $not: { $gt: 2 } }, [1, 3]],
  ['negates a list', [1, 2, undefined], { $nin: [1, null] }, [2]],
];

const types: readonly Case[] = [
  ['keeps a range within the type of its bound', [5, 'x', new Date(), null, undefined, true], { $gt: 1 }, [1]],
  ['compares strings with strings', [5, 'x', null], { $gt: '' }, [2]],
  ['finds ObjectIds by value', [new ObjectId(early.toHexString()), late], early, [1]],
  ['compares ObjectIds', [early, late], { $gte: late }, [2]],
  ['finds ObjectIds in a list', [early, late], { $in: [new ObjectId(late.toHexString())] }, [2]],
  ['finds dates', [new Date(5), new Date(6)], new Date(5), [1]],
  ['finds bytes', [new Binary(Buffer.from('x')), new Binary(Buffer.from('y'))], new Binary(Buffer.from('x')), [1]],
  ['asks for a type by name', [5, 'x', ['y']], { $type: 'string' }, [2, 3]],
  ['asks for a type by number', [new Double(5), 5], { $type: 1 }, [1]],
  ['asks for any type of number', [long('5'), decimal('1'), 'x'], { $type: 'number' }, [1, 2]],
  ['asks for arrays', [[1], 1], { $type: 'array' }, [1]],
  ['asks for one of several types', [early, decimal('1'), 'x'], { $type: ['objectId', 'decimal'] }, [1, 2]],
];

const arrays: readonly Case[] = [
  ['finds an array by an element', [[1, 2], 2, [3]], 2, [1, 2]],
  [
    'finds an array as a whole, in order',
    [
      [1, 2],
      [[1, 2], 3],
      [2, 1],
    ],
    [1, 2],
    [1, 2],
  ],
  ['meets two bounds by different elements', [[1, 10], [5], [1, 2]], { $gt: 3, $lt: 7 }, [1, 2]],
  ['meets two bounds by one element with $elemMatch', [[1, 10], [5]], { $elemMatch: { $gt: 3, $lt: 7 } }, [2]],
  [
    'matches one embedded document as a whole',
    [
      [
        { x: 1, y: 2 },
        { x: 2, y: 1 },
      ],
      [{ x: 1, y: 1 }],
    ],
    { $elemMatch: { x: 1, y: 1 } },
    [2],
  ],
  ['wants all of several elements', [[1, 2, 3], 1, [3]], { $all: [1, 3] }, [1]],
  [
    'wants arrays as elements',
    [
      [[1, 2], 3],
      [1, 2],
    ],
    { $all: [[1, 2]] },
    [1, 2],
  ],
  ['counts elements', [[1, 2, 3], [1], 3], { $size: 3 }, [1]],
  [
    'compares arrays element by element',
    [
      [2, 1],
      [1, 5],
    ],
    { $lt: [1, 9] },
    [2],
  ],
];

const texts: readonly Case[] = [
  ['finds lines by a pattern', ['Hello\nworld'], /^WORLD/im, [1]],
  ['takes options beside a pattern', ['Hello', 'world'], { $regex: '^hello', $options: 'i' }, [1]],
  ['lets a dot match a line break', ['Hello\nworld'], { $regex: 'hello.world', $options: 'si' }, [1]],
  ['takes options within a pattern', ['HELLO'], { $regex: '(?i)hello' }, [1]],
  ['negates a pattern', ['x', 'y'], { $not: /x/ }, [2]],
  ['finds a pattern itself by $eq', [new BSONRegExp('x'), 'x'], { $eq: new BSONRegExp('x') }, [1]],
];

const documents: readonly Case[] = [
  ['finds documents by all fields in order', [{ x: 1, y: 2 }, { y: 2, x: 1 }, { x: 1 }], { x: 1, y: 2 }, [1]],
  ['finds documents whatever the types of their numbers', [{ x: long('1') }], { x: new Int32(1) }, [1]],
];

describe('a filter', () => {
  it.each([...numbers, ...missing, ...types, ...arrays, ...texts, ...documents])(
    '%s',
    async (_title, values, condition, expected) => {
      const numbered = values.map((value, index) => ({ _id: index + 1, ...(value === undefined ? {} : { a: value }) }));
      const things = await server.collectionOf(...numbered);
      expect(idsOf(await things.find({ a: condition }).sort({ _id: 1 }).toArray())).toEqual(expected);
    },
  );
});

const branches = [
  { _id: 1, a: [{ b: 1 }, { b: 2 }] },
  { _id: 2, a: { b: 2 } },
  { _id: 3, a: [{ c: 1 }] },
  { _id: 4, a: [1, 2] },
];

describe('a path', () => {
  it.each([
    ['leads through arrays', { 'a.b': 2 }, [1, 2]],
    ['names an element by its index', { 'a.1.b': 2 }, [1]],
    ['is null where it ends early, but not among scalars', { 'a.b': null }, [3]],
    ['does not exist where it ends early', { 'a.b': { $exists: false } }, [3, 4]],
  ])('%s', async (_title, filter, expected) => {
    const things = await server.collectionOf(...branches);
    expect(idsOf(await things.find(filter).sort({ _id: 1 }).toArray())).toEqual(expected);
  });
});

describe('clauses', () => {
  const pairs = [
    { _id: 1, a: 5, b: 3 },
    { _id: 2, a: 1, b: 3 },
    { _id: 3, a: 'x', b: 3 },
  ];

  it.each([
    ['are combined by $or', { $or: [{ a: 5 }, { a: 'x' }] }, [1, 3]],
    ['are combined by $and', { $and: [{ b: 3 }, { a: 1 }] }, [2]],
    ['are excluded by $nor', { $nor: [{ a: 1 }, { a: 'x' }] }, [1]],
    ['compare fields with each other', { $expr: { $gt: ['$b', '$a'] } }, [2]],
    ['demand a schema', { $jsonSchema: { properties: { a: { bsonType: 'string', minLength: 1 } } } }, [3]],
  ])('%s', async (_title, filter, expected) => {
    const things = await server.collectionOf(...pairs);
    expect(idsOf(await things.find(filter).sort({ _id: 1 }).toArray())).toEqual(expected);
  });
});

describe('a collation', () => {
  it('finds strings that differ in case only', async () => {
    const things = await server.collectionOf({ _id: 1, a: 'Foo' }, { _id: 2, a: 'foo' }, { _id: 3, a: 'bar' });
    const found = things.find({ a: 'FOO' }).collation({ locale: 'en', strength: 2 });
    expect(idsOf(await found.sort({ _id: 1 }).toArray())).toEqual([1, 2]);
  });
});

describe('a text search', () => {
  it('finds any of the words, whole phrases, and not the words after a minus', async () => {
    const things = await server.collectionOf({ _id: 1, t: 'the quick brown fox' }, { _id: 2, t: 'lazy dogs' });
    await createIndex(things, { t: 'text' });
    const search = async (text: string) =>
      idsOf(
        await things
          .find({ $text: { $search: text } })
          .sort({ _id: 1 })
          .toArray(),
      );
    expect(await search('fox')).toEqual([1]);
    expect(await search('dog fox')).toEqual([1, 2]);
    expect(await search('dog fox -quick')).toEqual([2]);
    expect(await search('"quick brown"')).toEqual([1]);
    expect(await search('"brown quick"')).toEqual([]);
  });

  it('needs a text index', async () => {
    const things = await server.collectionOf({ t: 'fox' });
    await expect(things.find({ $text: { $search: 'fox' } }).toArray()).rejects.toMatchObject({ code: 27 });
  });
});
