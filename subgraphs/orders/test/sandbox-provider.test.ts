import { connectMongo, ensureIndexes, type MongoConnection, typeIds } from '@shopgraph/kit';
import { startTestDatabase } from '@shopgraph/kit/testing';
import { SandboxProvider } from '../src/payment/sandbox-provider';

let database: Awaited<ReturnType<typeof startTestDatabase>>;
let connection: MongoConnection;
let sandbox: SandboxProvider;
beforeAll(async () => {
  database = await startTestDatabase();
  connection = await connectMongo(database.uri);
  sandbox = new SandboxProvider(connection, typeIds);
  await ensureIndexes(connection);
});
afterAll(async () => {
  await connection.close();
  await database.stop();
});

const amount = { minorUnits: 1_000, currencyCode: 'EUR' };
let lastKey = 0;
const newKey = () => `key ${(lastKey += 1)}`;

describe('the sandbox', () => {
  it.each([
    ['tok_ok', 'AUTHORIZED', null],
    ['tok_declined', 'DECLINED', 'DECLINED'],
    ['tok_insufficient_funds', 'DECLINED', 'INSUFFICIENT_FUNDS'],
    ['tok_3ds', 'DECLINED', 'ACTION_REQUIRED'],
    ['tok_unheard_of', 'DECLINED', 'UNKNOWN_TOKEN'],
    ['__proto__', 'DECLINED', 'UNKNOWN_TOKEN'],
  ])('answers %s with %s', async (token, status, declineReason) => {
    const key = newKey();
    const payment = await sandbox.authorize({ key, amount, token });
    expect(payment).toMatchObject({ key, status, declineReason });
    expect(await sandbox.find(key)).toEqual(payment);
  });

  it('authorises tok_timeout, but does not answer', async () => {
    const key = newKey();
    await expect(sandbox.authorize({ key, amount, token: 'tok_timeout' })).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(await sandbox.find(key)).toMatchObject({ status: 'AUTHORIZED' });
  });

  it('makes one payment of one key, however often it is asked at once', async () => {
    const key = newKey();
    const payments = await Promise.all([1, 2, 3, 4, 5].map(() => sandbox.authorize({ key, amount, token: 'tok_ok' })));
    expect(new Set(payments.map(({ id }) => id)).size).toBe(1);
  });

  it('voids an authorisation, once and again', async () => {
    const key = newKey();
    await sandbox.authorize({ key, amount, token: 'tok_ok' });
    await Promise.all([sandbox.void(key), sandbox.void(key)]);
    expect(await sandbox.find(key)).toMatchObject({ status: 'VOIDED' });
    await expect(sandbox.capture(key)).rejects.toThrow('nothing to capture');
  });

  it('refuses a payment that comes after it was voided', async () => {
    const key = newKey();
    await sandbox.void(key);
    expect(await sandbox.authorize({ key, amount, token: 'tok_ok' })).toMatchObject({
      status: 'DECLINED',
      declineReason: 'CANCELLED',
    });
    expect(await sandbox.find(key)).toMatchObject({ status: 'VOIDED' });
  });

  it('captures an authorisation, after which it cannot be voided', async () => {
    const key = newKey();
    await sandbox.authorize({ key, amount, token: 'tok_ok' });
    for (const _repetition of [1, 2]) expect(await sandbox.capture(key)).toMatchObject({ status: 'CAPTURED' });
    await expect(sandbox.void(key)).rejects.toThrow('captured');
    expect(await sandbox.find(key)).toMatchObject({ status: 'CAPTURED' });
  });

  it('knows nothing of a key that it never got', async () => {
    expect(await sandbox.find(newKey())).toBeNull();
    await expect(sandbox.capture(newKey())).rejects.toThrow('nothing to capture');
  });
});
