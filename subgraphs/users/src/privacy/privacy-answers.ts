import { type Clock, inTransaction, type MongoConnection, type PrivacyAnswer } from '@shopgraph/kit';
import type { ExportPieceStore } from './export-piece-store';
import { answerPart, awaits } from './privacy-job';
import type { PrivacyJobStore } from './privacy-job-store';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly jobs: PrivacyJobStore;
  readonly pieces: ExportPieceStore;
  readonly clock: Clock;
}

/** Takes what the subgraphs answer, each for itself. */
export class PrivacyAnswers {
  constructor(private readonly deps: Dependencies) {}

  /**
   * Takes one piece of a subgraph's answer; the last one closes its part of the job, if all before it are there.
   * The same piece again changes nothing. False when nobody waits for it: the job is unknown, was forgotten, or
   * has been answered.
   */
  take(subgraph: string, { jobId, attempt, index, isLast, text }: PrivacyAnswer): Promise<boolean> {
    const { connection, jobs, pieces, clock } = this.deps;
    return inTransaction(connection, async (tx) => {
      const now = clock.now();
      const job = await jobs.byId(jobId, tx);
      if (!job || !awaits(job, subgraph, now)) return false;
      const key = { jobId, subgraph, attempt };
      if (job.expiresAt) await pieces.put(key, { index, text }, job.expiresAt, tx);
      if (!isLast) {
        // Saved all the same: an erasure that forgets this job meanwhile must meet this transaction.
        await jobs.update({ ...job, version: job.version + 1 }, tx);
        return true;
      }
      if (job.expiresAt && (await pieces.count(key, tx)) !== index + 1) {
        throw new Error(`${subgraph} has sent piece ${index} of ${jobId} as its last, and not all before it`);
      }
      const answered = answerPart(job, subgraph, attempt, now);
      await jobs.update(answered, tx);
      if (answered.finishedAt && answered.expiresAt) await pieces.keepUntil(jobId, answered.expiresAt, tx);
      return true;
    });
  }
}
