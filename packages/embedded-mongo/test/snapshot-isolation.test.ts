import type { mongo } from 'mongoose';
import { createIndex, startTestServer, type TestDocument, type TestServer } from './support/test-server';

const ACCOUNTS = 20;
const BALANCE = 100;
const TRANSFERS_PER_WRITER = 40;
const TOTAL = ACCOUNTS * BALANCE;

let server: TestServer;
let accounts: mongo.Collection<TestDocument>;

beforeAll(async () => {
  server = await startTestServer();
  accounts = await server.collectionOf(...Array.from({ length: ACCOUNTS }, (_, _id) => ({ _id, balance: BALANCE })));
  await createIndex(accounts, { balance: 1 });
});
afterAll(() => server.stop());

const totalOf = (documents: readonly mongo.Document[]): number =>
  documents.reduce((total, { balance }) => total + (balance as number), 0);

const anyAccount = (): number => Math.floor(Math.random() * ACCOUNTS);

/** Moves an amount by reading and writing one account and incrementing another; every fifth is given up. */
async function transfer(count: number): Promise<void> {
  const from = anyAccount();
  const to = (from + 1 + Math.floor(Math.random() * (ACCOUNTS - 1))) % ACCOUNTS;
  await server.client.withSession(async (session) => {
    const moving = session.withTransaction(async () => {
      const account = await accounts.findOne({ _id: from }, { session });
      await accounts.updateOne({ _id: from }, { $set: { balance: account!.balance - 3 } }, { session });
      await accounts.updateOne({ _id: to }, { $inc: { balance: 3 } }, { session });
      if (count % 5 === 0) throw new Error('given up');
    });
    if (count % 5 === 0) await expect(moving).rejects.toThrow('given up');
    else await moving;
  });
}

/** What a transaction sees by an index and, a little later, by an aggregation; and what everybody sees. */
async function readTotals(): Promise<number[]> {
  return server.client.withSession(async (session) => {
    session.startTransaction({ readConcern: { level: 'snapshot' } });
    const byIndex = await accounts.find({ balance: { $gt: -1_000_000 } }, { session }).toArray();
    const outside = await accounts.find().toArray();
    const [sum] = await accounts
      .aggregate([{ $group: { _id: null, total: { $sum: '$balance' } } }], { session })
      .toArray();
    await session.commitTransaction();
    return [totalOf(byIndex), totalOf(outside), sum?.total as number];
  });
}

it('nobody ever sees a transfer half done, while transactions, their aborts and single writes run at once', async () => {
  let isBusy = true;
  let touched = 0;
  const wrongTotals: number[] = [];
  const writer = async () => {
    for (let count = 1; count <= TRANSFERS_PER_WRITER; count++) await transfer(count);
  };
  const reader = async () => {
    while (isBusy) wrongTotals.push(...(await readTotals()).filter((total) => total !== TOTAL));
  };
  const toucher = async () => {
    for (; isBusy; touched++) await accounts.updateOne({ _id: anyAccount() }, { $inc: { touched: 1 } });
  };
  const others = [reader(), reader(), toucher()];
  await Promise.all([writer(), writer(), writer(), writer()]);
  isBusy = false;
  await Promise.all(others);

  expect(wrongTotals).toEqual([]);
  const final = await accounts.find().toArray();
  expect(totalOf(final)).toBe(TOTAL);
  expect(final.reduce((total, account) => total + ((account.touched as number | undefined) ?? 0), 0)).toBe(touched);
}, 60_000);
