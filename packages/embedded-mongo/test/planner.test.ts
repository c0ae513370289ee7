import type { mongo } from 'mongoose';
import { createIndex, idsOf, startTestServer, type TestServer } from './support/test-server';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** Numbers, strings, arrays, null and nothing, so that every kind of key occurs. */
const documents: mongo.Document[] = Array.from({ length: 60 }, (_, index) => ({
  _id: index,
  n: index % 7,
  m: index % 3,
  ...(index % 5 === 0 ? {} : { s: `s${index % 4}` }),
  tags: [index % 6, (index + 2) % 6],
  when: index % 11 === 0 ? null : new Date(index),
  lines: [{ sku: `k${index % 8}`, q: index % 3 }],
}));

const filters: mongo.Document[] = [
  { n: 3 },
  { n: 3, m: 1 },
  { n: { $in: [1, 2, 2, 9] }, m: { $gte: 1 } },
  { n: { $gt: 2, $lte: 5 } },
  { n: { $gt: 2 }, m: 0 },
  { s: 's1' },
  { s: null },
  { s: { $exists: true } },
  { s: { $in: ['s1', null] } },
  { s: /^s1/ },
  { s: /^s/ },
  { tags: 3 },
  { tags: { $gt: 1, $lt: 3 } },
  { tags: { $elemMatch: { $gte: 5 } } },
  { when: { $gte: new Date(30) } },
  { when: null },
  { 'lines.sku': 'k3' },
  { lines: { $elemMatch: { sku: 'k3', q: 1 } } },
  { $and: [{ n: 1 }, { m: 2 }] },
  { $or: [{ n: 1 }, { s: 's2' }] },
  { _id: { $gte: 50 } },
  { _id: { $in: [3, 1, 3, 99] } },
  { n: 3.0, m: { $ne: 1 } },
];

const sorts: mongo.Sort[] = [
  { _id: 1 },
  { n: 1, _id: 1 },
  { n: -1, m: -1, _id: -1 },
  { s: 1, _id: -1 },
  { when: -1, _id: 1 },
];

const indexes: mongo.IndexDescription[] = [
  { key: { n: 1 } },
  { key: { n: 1, m: 1 } },
  { key: { n: -1, m: -1, _id: -1 } },
  { key: { s: 1 }, sparse: true },
  { key: { s: -1, _id: 1 } },
  { key: { tags: 1 } },
  { key: { when: -1, _id: 1 } },
  { key: { 'lines.sku': 1 } },
  { key: { n: 1, s: 1 }, partialFilterExpression: { s: { $exists: true } } },
];

describe('a query', () => {
  it('finds the same documents in the same order with any index as without', async () => {
    const plain = await server.collectionOf(...documents);
    const expected = new Map<object, unknown[]>();
    const questions = filters.flatMap((filter) => sorts.map((sort) => ({ filter, sort })));
    for (const question of questions) {
      const found = await plain.find(question.filter).sort(question.sort).hint({ $natural: 1 }).toArray();
      expected.set(question, idsOf(found));
    }
    for (const index of indexes) {
      const indexed = await server.collectionOf(...documents);
      await indexed.createIndexes([index]);
      for (const question of questions) {
        const found = idsOf(await indexed.find(question.filter).sort(question.sort).toArray());
        expect({ index, question, found }).toEqual({ index, question, found: expected.get(question) });
      }
    }
  });

  it('may name the index that it wants', async () => {
    const things = await server.collectionOf(...documents);
    await createIndex(things, { n: 1 });
    expect(await things.find({ m: 1 }).hint({ n: 1 }).toArray()).toHaveLength(20);
    expect(JSON.stringify(await things.find({ m: 1 }).hint('n_1').explain())).toContain('IXSCAN');
    await expect(things.find({ n: 1 }).hint('nope').toArray()).rejects.toMatchObject({ code: 2 });
  });

  it('looks at no more documents than it gives, when the index has the order and there is a limit', async () => {
    const things = await server.collectionOf(...documents);
    await createIndex(things, { m: 1, n: -1 });
    const explained = await things.find({ m: 1 }).sort({ n: 1 }).limit(3).explain('executionStats');
    expect(explained.executionStats).toMatchObject({ nReturned: 3, totalDocsExamined: 3 });
  });

  it('walks the index of _id in its order', async () => {
    const things = await server.collectionOf(...documents);
    const explained = await things
      .find({ _id: { $gt: 40 } })
      .sort({ _id: 1 })
      .limit(5)
      .explain('executionStats');
    expect(explained.executionStats).toMatchObject({ nReturned: 5 });
    expect(explained.executionStats.totalDocsExamined).toBeLessThanOrEqual(6);
  });

  it('examines one document of very many for an indexed value', async () => {
    const many = Array.from({ length: 20_000 }, (_, index) => ({ _id: index, sku: `sku${index}` }));
    const things = await server.collectionOf(...many);
    await createIndex(things, { sku: 1 });
    const explained = await things.find({ sku: 'sku12345' }).explain('executionStats');
    expect(JSON.stringify(explained.queryPlanner.winningPlan)).toContain('IXSCAN');
    expect(explained.executionStats).toMatchObject({ totalKeysExamined: 1, totalDocsExamined: 1 });
  });
});
