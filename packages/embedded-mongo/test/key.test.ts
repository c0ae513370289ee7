import { Binary, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { compareValues } from '../src/bson/compare';
import { encodeKey, inverted } from '../src/bson/key';
import { type BsonValue } from '../src/bson/values';

/** Values that lie close to each other in every way that an order of bytes could get wrong. */
const values: readonly BsonValue[] = [
  new MinKey(),
  null,
  new Double(NaN),
  new Double(-Infinity),
  Decimal128.fromString('-1E+20'),
  Long.MIN_VALUE,
  new Int32(-20),
  new Double(-1.5),
  new Int32(-1),
  new Double(-0),
  new Int32(0),
  new Double(5e-324),
  Decimal128.fromString('0.1'),
  new Double(0.1),
  Decimal128.fromString('0.1000000000000000055511151231257828'),
  new Int32(1),
  Decimal128.fromString('1.0'),
  new Int32(255),
  new Int32(256),
  Long.fromString('9007199254740992'),
  Long.fromString('9007199254740993'),
  Decimal128.fromString('9007199254740993.5'),
  Long.fromString('9007199254740994'),
  Long.MAX_VALUE,
  new Double(Infinity),
  '',
  '\0',
  '\0a',
  'a',
  'a\0',
  'a\0b',
  'ab',
  'b',
  'é',
  '\uFFFD',
  '\u{1F600}',
  {},
  { a: new Int32(1) },
  { a: new Int32(1), b: null },
  { a: new Int32(2) },
  { b: new Int32(1) },
  { a: 'x' },
  [],
  [null],
  [new Int32(1)],
  [new Int32(1), new Int32(2)],
  [new Int32(2)],
  [[new Int32(1)]],
  new Binary(Buffer.from('b')),
  new Binary(Buffer.from('aa')),
  new Binary(Buffer.from('aa'), 4),
  ObjectId.createFromTime(1),
  ObjectId.createFromTime(256),
  false,
  true,
  new Date(-1),
  new Date(0),
  new Date(1_000),
  new Timestamp({ t: 9, i: 1 }),
  new Timestamp({ t: 9, i: 2 }),
  new Timestamp({ t: 100, i: 0 }),
  new MaxKey(),
];

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

describe('an index key', () => {
  it('sorts as the value does, and the other way round when it is inverted', () => {
    for (const a of values) {
      for (const b of values) {
        const expected = Math.sign(compareValues(a, b));
        const [left, right] = [encodeKey(a), encodeKey(b)];
        expect({ a, b, order: compareText(left, right) }).toEqual({ a, b, order: expected });
        expect({ a, b, order: compareText(inverted(left), inverted(right)) + expected }).toEqual({ a, b, order: 0 });
      }
    }
  });

  it('never begins another key, so that keys can be put together', () => {
    for (const a of values) {
      for (const b of values) {
        const [left, right] = [encodeKey(a), encodeKey(b)];
        if (left !== right) expect({ a, b, isPrefix: right.startsWith(left) }).toEqual({ a, b, isPrefix: false });
      }
    }
  });
});

describe('the order of values', () => {
  it('is an order', () => {
    for (const a of values) {
      expect(compareValues(a, a)).toBe(0);
      for (const b of values) expect(compareValues(a, b) + compareValues(b, a)).toBe(0);
    }
  });
});
