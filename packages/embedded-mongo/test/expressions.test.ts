import { Decimal128, Long, ObjectId } from 'bson';
import { startTestServer, type TestServer } from './support/test-server';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const id = ObjectId.createFromTime(1);
const same = (): ObjectId => new ObjectId(id.toHexString());

/** A document, an expression, and what it gives for the document; undefined stands for no value. */
type Case = readonly [title: string, document: object, expression: unknown, expected: unknown];

const arithmetic: readonly Case[] = [
  [
    'adds decimals exactly',
    { a: Decimal128.fromString('0.1') },
    { $add: ['$a', Decimal128.fromString('0.2')] },
    Decimal128.fromString('0.3'),
  ],
  ['adds milliseconds to a date', { d: new Date(5) }, { $add: ['$d', 5] }, new Date(10)],
  ['subtracts dates', { d: new Date(10) }, { $subtract: ['$d', new Date(4)] }, 6],
  ['calculates with null to null', { a: null }, { $add: ['$a', 1] }, null],
  ['divides to a fraction', { a: 7 }, { $divide: ['$a', 2] }, 3.5],
  ['rounds half to even', { a: 2.5 }, { $round: ['$a', 0] }, 2],
  ['compares longs with numbers', { a: Long.fromNumber(5) }, { $gt: ['$a', 3] }, true],
  ['tells a missing field from null', {}, { $eq: ['$a', null] }, false],
  ['orders a missing field before null', {}, { $lt: ['$a', null] }, true],
];

const conversions: readonly Case[] = [
  ['writes an ObjectId as text', { a: id }, { $toString: '$a' }, id.toHexString()],
  ['reads an ObjectId from text', { a: id.toHexString() }, { $toObjectId: '$a' }, id],
  ['names types', { a: id }, { $type: '$a' }, 'objectId'],
  ['reads a decimal from text', { a: '1.10' }, { $toDecimal: '$a' }, Decimal128.fromString('1.10')],
  ['writes upper case', { a: 'Ab' }, { $toUpper: '$a' }, 'AB'],
  ['counts characters, not bytes', { a: 'é1' }, { $strLenCP: '$a' }, 2],
  [
    'finds a pattern',
    { a: 'abc123' },
    { $regexFind: { input: '$a', regex: '[0-9]+' } },
    { match: '123', idx: 3, captures: [] },
  ],
];

const dates: readonly Case[] = [
  ['takes a date apart', { d: new Date('2024-03-05T01:02:03Z') }, { $year: '$d' }, 2024],
  ['writes a date', { d: new Date('2024-03-05') }, { $dateToString: { format: '%Y-%m-%d', date: '$d' } }, '2024-03-05'],
  [
    'writes a date in a time zone',
    { d: new Date('2024-07-01T00:00:00Z') },
    { $dateToString: { format: '%Y-%m-%d %H:%M', date: '$d', timezone: 'Europe/Berlin' } },
    '2024-07-01 02:00',
  ],
  [
    'cuts a date to its week',
    { d: new Date('2024-03-06T05:00:00Z') },
    { $dateTrunc: { date: '$d', unit: 'week' } },
    new Date('2024-03-03'),
  ],
  [
    'adds a month',
    { d: new Date('2024-01-31') },
    { $dateAdd: { startDate: '$d', unit: 'month', amount: 1 } },
    new Date('2024-02-29'),
  ],
];

const sets: readonly Case[] = [
  ['maps an array', { a: [1, 2, 3] }, { $map: { input: '$a', as: 'x', in: { $multiply: ['$$x', 2] } } }, [2, 4, 6]],
  ['filters an array', { a: [1, 2, 3] }, { $filter: { input: '$a', cond: { $gt: ['$$this', 1] } } }, [2, 3]],
  [
    'reduces an array',
    { a: [1, 2, 3] },
    { $reduce: { input: '$a', initialValue: 0, in: { $add: ['$$value', '$$this'] } } },
    6,
  ],
  ['unites sets of ObjectIds', { x: [id], y: [same()] }, { $size: { $setUnion: ['$x', '$y'] } }, 1],
  ['finds an ObjectId in an array', { x: [id], y: same() }, { $in: ['$y', '$x'] }, true],
  ['follows a path through an array', { a: [{ b: 1 }, { c: 2 }, { b: 3 }] }, '$a.b', [1, 3]],
];

const control: readonly Case[] = [
  ['chooses by a condition', { a: 'Ab' }, { $cond: [{ $eq: ['$a', 'Ab'] }, 'yes', 'no'] }, 'yes'],
  ['chooses among branches', {}, { $switch: { branches: [{ case: false, then: 1 }], default: 2 } }, 2],
  ['takes the first that is there', { b: 2 }, { $ifNull: ['$a', '$b'] }, 2],
  ['removes a field', {}, { $cond: [true, '$$REMOVE', 1] }, undefined],
  ['takes a literal as it is', {}, { $literal: '$a' }, '$a'],
  ['refers to the whole document', { a: 1 }, '$$ROOT.a', 1],
];

describe('an expression', () => {
  it.each([...arithmetic, ...conversions, ...dates, ...sets, ...control])(
    '%s',
    async (_title, document, result, expected) => {
      const things = await server.collectionOf(document);
      const [found] = await things.aggregate([{ $project: { _id: 0, result } }]).toArray();
      expect(found).toEqual(expected === undefined ? {} : { result: expected });
    },
  );

  it('knows the time', async () => {
    const things = await server.collectionOf({ _id: 1 });
    const [found] = await things.aggregate([{ $project: { now: '$$NOW' } }]).toArray();
    expect(found?.now).toBeInstanceOf(Date);
  });

  it('sees what let defines', async () => {
    const { collectionName: find } = await server.collectionOf({ _id: 1, a: 5 }, { _id: 2, a: 1 });
    const filter = { $expr: { $gt: ['$a', '$$least'] } };
    const { cursor } = await server.db.command({ find, filter, let: { least: 3 } });
    expect(cursor.firstBatch).toEqual([{ _id: 1, a: 5 }]);
  });
});
