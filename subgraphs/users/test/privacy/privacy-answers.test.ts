import { connectMongo, ensureIndexes, inTransaction, type MongoConnection } from '@shopgraph/kit';
import { aGate, FakeClock, startTestDatabase } from '@shopgraph/kit/testing';
import { ExportPieceStore } from '../../src/privacy/export-piece-store';
import { PrivacyAnswers } from '../../src/privacy/privacy-answers';
import { startJob } from '../../src/privacy/privacy-job';
import { PrivacyJobStore } from '../../src/privacy/privacy-job-store';
import { SecretBox } from '../../src/secret-box';

let database: Awaited<ReturnType<typeof startTestDatabase>>;
let connection: MongoConnection;
beforeAll(async () => {
  database = await startTestDatabase();
  connection = await connectMongo(database.uri);
});
afterAll(async () => {
  await connection.close();
  await database.stop();
});

/** Keeps pieces, and stands still within the transaction of the first. */
class PausingPieces extends ExportPieceStore {
  readonly reached = aGate();
  readonly goOn = aGate();

  override async put(...args: Parameters<ExportPieceStore['put']>): Promise<void> {
    await super.put(...args);
    this.reached.open();
    await this.goOn.passed;
  }
}

it('a piece of an export that is forgotten while it arrives is not kept', async () => {
  const clock = new FakeClock();
  const jobs = new PrivacyJobStore(connection);
  const pieces = new PausingPieces(connection, new SecretBox());
  await ensureIndexes(connection);
  const start = { id: 'privjob_1', kind: 'EXPORT', userId: 'user_1', requestedBy: 'user_1' } as const;
  await inTransaction(connection, (tx) => jobs.add(startJob({ ...start, subgraphs: ['orders'] }, clock.now()), tx));

  const answers = new PrivacyAnswers({ connection, jobs, pieces, clock });
  const piece = { jobId: 'privjob_1', attempt: 'first', index: 0, isLast: false, text: '{"name":"Ada' };
  const taking = answers.take('orders', piece);
  await pieces.reached.passed;
  await inTransaction(connection, async (tx) => pieces.removeAllOf(await jobs.removeExportsOf('user_1', tx), tx));
  pieces.goOn.open();

  expect(await taking).toBe(false);
  expect(await connection.collection('privacyExportPieces').countDocuments()).toBe(0);
});
