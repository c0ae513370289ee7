import { connectMongo, ensureIndexes, inTransaction, type MongoConnection, Outbox, typeIds } from '@shopgraph/kit';
import { FakeClock, startTestDatabase } from '@shopgraph/kit/testing';
import { pino } from 'pino';
import { answerPart, startJob } from '../../src/privacy/privacy-job';
import { PrivacyJobStore } from '../../src/privacy/privacy-job-store';
import { PrivacyReminders } from '../../src/privacy/privacy-reminders';

const HOUR_MS = 3_600_000;

let database: Awaited<ReturnType<typeof startTestDatabase>>;
let connection: MongoConnection;
let clock: FakeClock;
let jobs: PrivacyJobStore;
let outbox: Outbox;
let reminders: PrivacyReminders;
let logged: Record<string, unknown>[];
beforeEach(async () => {
  clock = new FakeClock();
  database = await startTestDatabase();
  connection = await connectMongo(database.uri);
  jobs = new PrivacyJobStore(connection);
  outbox = new Outbox(connection, clock, typeIds);
  logged = [];
  const logger = pino({ level: 'error' }, { write: (line) => void logged.push(JSON.parse(line)) });
  reminders = new PrivacyReminders({ connection, jobs, outbox, clock, logger });
  await ensureIndexes(connection);
});
afterEach(async () => {
  await connection.close();
  await database.stop();
});

async function aJob(subgraphs = ['products', 'orders']) {
  const start = { id: typeIds.next('privjob'), kind: 'ANONYMISE', userId: 'user_1', requestedBy: 'user_1' } as const;
  const job = startJob({ ...start, subgraphs }, clock.now());
  await inTransaction(connection, (tx) => jobs.add(job, tx));
  return job;
}
const reminded = async () => (await outbox.pending(100)).map(({ aggregateId, data }) => ({ aggregateId, data }));

describe('subgraphs that have not answered', () => {
  it('are asked again after an hour, once an hour, by one of several processes', async () => {
    const job = await aJob();
    const request = { aggregateId: job.id, data: { jobId: job.id, userId: 'user_1' } };
    clock.advance(HOUR_MS - 1);
    await reminders.remind();
    expect(await reminded()).toEqual([]);
    clock.advance(1);
    await Promise.all([reminders.remind(), reminders.remind(), reminders.remind()]);
    expect(await reminded()).toEqual([request]);
    clock.advance(HOUR_MS);
    await reminders.remind();
    expect(await reminded()).toEqual([request, request]);
    expect(logged).toEqual([]);
  });

  it('are left alone once all have answered', async () => {
    const job = await aJob(['orders']);
    await inTransaction(connection, (tx) => jobs.update(answerPart(job, 'orders', 'first', clock.now()), tx));
    clock.advance(2 * HOUR_MS);
    await reminders.remind();
    expect(await reminded()).toEqual([]);
  });

  it('are named in the log when a job has waited for a day', async () => {
    const job = await aJob();
    await inTransaction(connection, (tx) => jobs.update(answerPart(job, 'products', 'first', clock.now()), tx));
    clock.advance(24 * HOUR_MS);
    await reminders.remind();
    expect(logged).toMatchObject([{ jobId: job.id, kind: 'ANONYMISE', missing: ['orders'] }]);
  });
});
