import { startTestServer, type TestServer } from './support/test-server';

let server: TestServer;
let find: string;
beforeAll(async () => {
  server = await startTestServer();
  find = (await server.collectionOf({ a: 1 })).collectionName;
});
afterAll(() => server.stop());

/** Each with the code that MongoDB has for what does not exist, or that says what is not supported. */
describe('what is not known is refused', () => {
  it.each([
    ['a command', () => ({ foobar: 1 }), 59],
    ['a field of a command', () => ({ find, foobar: 1 }), 40415],
    ['an operator on a field', () => ({ find, filter: { a: { $foo: 1 } } }), 2],
    ['an operator on documents', () => ({ find, filter: { $foo: 1 } }), 2],
    ['an operator in an expression', () => ({ find, filter: { $expr: { $foo: ['$a', 1] } } }), 168],
    ['a type', () => ({ find, filter: { a: { $type: 'foo' } } }), 2],
    ['a variable', () => ({ find, filter: { $expr: { $eq: ['$$foo', 1] } } }), 17276],
    ['a stage', () => ({ aggregate: find, pipeline: [{ $foo: {} }], cursor: {} }), 40324],
    [
      'a stage within a stage',
      () => ({ aggregate: find, pipeline: [{ $facet: { a: [{ $foo: {} }] } }], cursor: {} }),
      40324,
    ],
    ['a stage of two operators', () => ({ aggregate: find, pipeline: [{ $match: {}, $limit: 1 }], cursor: {} }), 40323],
    [
      'an accumulator',
      () => ({ aggregate: find, pipeline: [{ $group: { _id: 1, n: { $foo: 1 } } }], cursor: {} }),
      15952,
    ],
    ['an index to be used', () => ({ find, hint: 'foo' }), 2],
    ['a cursor', () => ({ getMore: 12345678901234n, collection: find }), 43],
    ['a negative limit', () => ({ find, limit: -1 }), 51024],
  ])('%s', async (_title, command, code) => {
    await expect(server.db.command(command())).rejects.toMatchObject({ code });
  });

  it('even where there is no collection', async () => {
    await expect(server.db.command({ find: 'nowhere', filter: { a: { $foo: 1 } } })).rejects.toMatchObject({ code: 2 });
  });
});

describe('what the embedded server has not is refused', () => {
  const indexOn = (key: object) => ({ createIndexes: find, indexes: [{ key, name: 'refused' }] });
  const pipeline = (...stages: object[]) => ({ aggregate: find, pipeline: stages, cursor: {} });
  const near = { $near: { $geometry: { type: 'Point', coordinates: [9, 9] } } };

  it.each([
    ['a geospatial index', () => indexOn({ a: '2dsphere' }), 67],
    ['a hashed index', () => indexOn({ a: 'hashed' }), 67],
    ['a wildcard index', () => indexOn({ '$**': 1 }), 67],
    ['an option of an index', () => ({ createIndexes: find, indexes: [{ key: { a: 1 }, name: 'a', bits: 26 }] }), 197],
    ['a geospatial query', () => ({ find, filter: { a: near } }), 2],
    ['a text score', () => ({ find, projection: { score: { $meta: 'textScore' } } }), 2],
    ['JavaScript', () => ({ find, filter: { $where: 'true' } }), 2],
    ['a function', () => ({ find, filter: { $expr: { $function: { body: 'x', args: [], lang: 'js' } } } }), 168],
    ['a function within a window', () => pipeline({ $setWindowFields: { output: { n: { $function: {} } } } }), 168],
    ['an accumulator of JavaScript', () => pipeline({ $group: { _id: 1, n: { $accumulator: {} } } }), 15952],
    ['a tailable cursor', () => ({ find, tailable: true }), 2],
  ])('%s', async (_title, command, code) => {
    if (server.isEmbedded) await expect(server.db.command(command())).rejects.toMatchObject({ code });
  });
});
