import { DomainError } from '../../src/errors';
import { Idempotency, type IdempotentRequest } from '../../src/idempotency';
import { connectMongo, ensureIndexes, inTransaction, type MongoConnection } from '../../src/mongo';
import { ok, refuse, type Result } from '../../src/result';
import { FakeClock, startTestDatabase } from '../../testing';

let database: Awaited<ReturnType<typeof startTestDatabase>>;
let connection: MongoConnection;
let idempotency: Idempotency;
let runs: number;

beforeAll(async () => {
  database = await startTestDatabase();
  connection = await connectMongo(database.uri);
  idempotency = new Idempotency(connection, new FakeClock());
  await ensureIndexes(connection);
});
beforeEach(() => {
  runs = 0;
});
afterAll(async () => {
  await connection.close();
  await database.stop();
});

const once = <Value>(request: IdempotentRequest, work: () => Promise<Result<Value, string>>) =>
  inTransaction(connection, (tx) =>
    idempotency.once(request, tx, () => {
      runs += 1;
      return work();
    }),
  );
const aRequest = (key: string, overrides: Partial<IdempotentRequest> = {}): IdempotentRequest => ({
  scope: 'user_1:stockAdjust',
  key,
  payload: { sku: 'TEE', delta: 1 },
  ...overrides,
});
const numbered = async () => ok({ number: runs });

describe('a request with an idempotency key', () => {
  it('is done once, and its repetitions get the first value', async () => {
    expect(await once(aRequest('repeated'), numbered)).toEqual(ok({ number: 1 }));
    expect(await once(aRequest('repeated'), numbered)).toEqual(ok({ number: 1 }));
    expect(runs).toBe(1);
  });

  it('is the same whatever the order of its fields', async () => {
    await once(aRequest('ordered', { payload: { a: 1, b: { c: 2, d: 3 } } }), numbered);
    const repeated = await once(aRequest('ordered', { payload: { b: { d: 3, c: 2 }, a: 1 } }), numbered);
    expect(repeated).toEqual(ok({ number: 1 }));
  });

  it('is refused when the key came with another payload', async () => {
    await once(aRequest('mismatched'), numbered);
    const other = once(aRequest('mismatched', { payload: { sku: 'TEE', delta: 2 } }), numbered);
    await expect(other).rejects.toThrow(new DomainError('IDEMPOTENCY_KEY_MISMATCH'));
    expect(runs).toBe(1);
  });

  it('is done once and answered alike to twenty at the same time', async () => {
    let effects = 0;
    const work = async () => {
      effects += 1;
      return ok({ effects });
    };
    const answers = await Promise.all(Array.from({ length: 20 }, () => once(aRequest('parallel'), work)));
    const [first] = answers;
    expect(answers).toEqual(Array.from({ length: 20 }, () => first));
    expect(await connection.collection('idempotency').countDocuments({ _id: { $regex: 'parallel' } as never })).toBe(1);
  });

  it('may be repeated after a refusal', async () => {
    expect(await once(aRequest('refused'), async () => refuse('sold out'))).toEqual(refuse('sold out'));
    expect(await once(aRequest('refused', { payload: { sku: 'MUG' } }), numbered)).toEqual(ok({ number: 2 }));
  });

  it('may be repeated after a failure', async () => {
    const failing = once(aRequest('failed'), async () => Promise.reject(new Error('the write failed')));
    await expect(failing).rejects.toThrow('the write failed');
    expect(await once(aRequest('failed'), numbered)).toEqual(ok({ number: 2 }));
  });

  it.each([
    ['another caller', { scope: 'user_2:stockAdjust' }],
    ['another mutation', { scope: 'user_1:stockTransfer' }],
  ])('is another request under the same key for %s', async (_what, overrides) => {
    const key = `apart ${overrides.scope}`;
    await once(aRequest(key), numbered);
    expect(await once(aRequest(key, overrides), numbered)).toEqual(ok({ number: 2 }));
  });

  it('is another request where scope and key only look the same together', async () => {
    await once(aRequest('c:d', { scope: 'a:b' }), numbered);
    expect(await once(aRequest('d', { scope: 'a:b:c' }), numbered)).toEqual(ok({ number: 2 }));
  });

  it.each([
    ['null', null],
    ['an empty object', {}],
    ['an empty object inside', { levels: {}, note: null }],
    ['false', false],
    ['a list', [1, 'two', new Date('2026-01-01T00:00:00Z')]],
  ])('is answered the same again when the value is %s', async (what, value) => {
    const work = async () => ok(value as unknown);
    expect(await once(aRequest(`value ${what}`), work)).toEqual(ok(value));
    expect(await once(aRequest(`value ${what}`), work)).toEqual(ok(value));
    expect(runs).toBe(1);
  });

  it('is forgotten by the database after a day', async () => {
    const indexes = await connection.collection('idempotency').indexes();
    expect(indexes).toContainEqual(expect.objectContaining({ key: { createdAt: 1 }, expireAfterSeconds: 86_400 }));
  });

  it('is listed and forgotten by its scope, and by no other that begins alike', async () => {
    const [scope, longer] = ['orderCancel:user_7', 'orderCancel:user_77'];
    for (const key of ['first key', 'a "quoted" key']) await once(aRequest(key, { scope }), numbered);
    await once(aRequest('first key', { scope: longer }), numbered);
    expect(await idempotency.keysOf(scope)).toEqual(expect.arrayContaining(['first key', 'a "quoted" key']));
    await idempotency.forgetAllOf(scope);
    expect(await idempotency.keysOf(scope)).toEqual([]);
    expect(await idempotency.keysOf(longer)).toEqual(['first key']);
  });
});
