import { type Model, Schema } from 'mongoose';
import type { PageArgs } from '../../src/connection-types';
import { connectMongo, type MongoConnection } from '../../src/mongo';
import { paginate } from '../../src/pagination';
import { startTestDatabase } from '../../testing';

interface Row {
  _id: string;
  placedAt: Date;
  units: number;
  isOpen: boolean;
}

let database: Awaited<ReturnType<typeof startTestDatabase>>;
let connection: MongoConnection;
let rows: Model<Row>;

const day = (number: number) => new Date(Date.UTC(2026, 0, number));
/** Two rows a day, the later ids first; every third has units of its own. */
const stored: Row[] = Array.from({ length: 9 }, (_, index) => ({
  _id: `row_${9 - index}`,
  placedAt: day(1 + Math.floor(index / 2)),
  units: index % 3,
  isOpen: index % 2 === 0,
}));

beforeAll(async () => {
  database = await startTestDatabase();
  connection = await connectMongo(database.uri);
  const schema = new Schema<Row>({ _id: String, placedAt: Date, units: Number, isOpen: Boolean });
  rows = connection.model('Row', schema);
  await rows.insertMany(stored);
});
afterAll(async () => {
  await connection.close();
  await database.stop();
});

type Sort = Parameters<typeof paginate<Row>>[1]['sort'];
const NEWEST: Sort = { placedAt: -1 };
const page = (args: PageArgs, sort: Sort = NEWEST, filter = {}) => paginate(rows, { filter, sort, page: args });
const idsOf = ({ edges }: Awaited<ReturnType<typeof page>>) => edges.map(({ node }) => node._id);

/** Every id, page by page, forward or backward. */
async function walk(sort: Sort, size: number, direction: 'forward' | 'backward'): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < 20; pages += 1) {
    const args = direction === 'forward' ? { first: size, after: cursor } : { last: size, before: cursor };
    const { edges, pageInfo } = await page(args, sort);
    const ids = edges.map(({ node }) => node._id);
    if (direction === 'forward') found.push(...ids);
    else found.unshift(...ids);
    if (!(direction === 'forward' ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) return found;
    cursor = direction === 'forward' ? pageInfo.endCursor : pageInfo.startCursor;
  }
  throw new Error('the pages have no end');
}

/** What sorting in one go gives; equal values stand in the order of their ids. */
async function sorted(sort: Sort): Promise<string[]> {
  const found = await rows
    .find()
    .sort({ ...sort, _id: 1 })
    .lean();
  return found.map(({ _id }) => _id);
}

const cursorOf = (...values: unknown[]) => Buffer.from(JSON.stringify(values)).toString('base64url');

describe.each<[string, Sort]>([
  ['times, newest first', { placedAt: -1 }],
  ['times, oldest first', { placedAt: 1 }],
  ['numbers and times', { units: 1, placedAt: -1 }],
  ['truth values', { isOpen: -1 }],
  ['ids alone', {}],
])('pages by %s', (_what, sort) => {
  it.each([1, 2, 4, 9, 20])('of %d rows skip and repeat none, forward or backward', async (size) => {
    expect(await walk(sort, size, 'forward')).toEqual(await sorted(sort));
    expect(await walk(sort, size, 'backward')).toEqual(await sorted(sort));
  });
});

describe('a page', () => {
  it('has 20 rows unless told otherwise, and says where it stands', async () => {
    expect((await page({})).edges).toHaveLength(9);
    const middle = await page({ first: 3, after: (await page({ first: 3 })).pageInfo.endCursor });
    expect(middle.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: true });
    expect(middle.pageInfo.startCursor).toBe(middle.edges[0]?.cursor);
  });

  it('that is empty has no cursors', async () => {
    const empty = await page({ first: 3 }, NEWEST, { units: 99 });
    const pageInfo = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
    expect(empty).toEqual({ edges: [], pageInfo });
  });

  it('goes on where it was although its row is gone', async () => {
    const { pageInfo } = await page({ first: 3 });
    const expected = idsOf(await page({ first: 3, after: pageInfo.endCursor }));
    const [gone] = idsOf(await page({ last: 1, before: (await page({ first: 4 })).pageInfo.endCursor }));
    const document = await rows.findByIdAndDelete(gone).lean();
    expect(idsOf(await page({ first: 3, after: pageInfo.endCursor }))).toEqual(expected);
    await rows.create(document!);
  });
});

describe('a cursor', () => {
  it.each<[string, PageArgs]>([
    ['first with before', { first: 1, before: cursorOf('placedAt -1 _id 1', 1, 'row_1') }],
    ['first with last', { first: 1, last: 1 }],
    ['after with last', { after: cursorOf('placedAt -1 _id 1', 1, 'row_1'), last: 1 }],
  ])('may not be used to combine %s', async (_what, args) => {
    await expect(page(args)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it.each([
    ['no base64', '***'],
    ['no JSON', Buffer.from('{').toString('base64url')],
    ['no list', Buffer.from('{"a":1}').toString('base64url')],
    ['null', Buffer.from('null').toString('base64url')],
    ['of another order', cursorOf('placedAt 1 _id 1', { $date: '2026-01-01T00:00:00Z' }, 'row_1')],
    ['too short', cursorOf('placedAt -1 _id 1', { $date: '2026-01-01T00:00:00Z' })],
    ['too long', cursorOf('placedAt -1 _id 1', { $date: '2026-01-01T00:00:00Z' }, 'row_1', 'x')],
    ['with an operator', cursorOf('placedAt -1 _id 1', { $gt: '' }, 'row_1')],
    ['with an expression', cursorOf('placedAt -1 _id 1', { $date: '2026-01-01T00:00:00Z' }, { $ne: null })],
    ['with a list', cursorOf('placedAt -1 _id 1', [1], 'row_1')],
    ['with null', cursorOf('placedAt -1 _id 1', null, 'row_1')],
    ['with an ObjectId', cursorOf('placedAt -1 _id 1', { $oid: '0123456789abcdef01234567' }, 'row_1')],
    ['with a time that is none', cursorOf('placedAt -1 _id 1', { $date: 'yesterday' }, 'row_1')],
    ['empty', ''],
  ])('is refused when it is %s, with the name of the argument', async (_what, cursor) => {
    const fields = [{ path: ['after'], message: 'after is not a cursor of this list in this order' }];
    await expect(page({ first: 1, after: cursor })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { fields },
    });
  });

  it('with a text where a time belongs is an error of the database driver, which clients see as bad input', async () => {
    const forged = page({ first: 1, after: cursorOf('placedAt -1 _id 1', 'yesterday', 'row_1') });
    await expect(forged).rejects.toMatchObject({ name: 'CastError' });
  });
});
