import { type Clock, DomainError, inTransaction, type MongoConnection, type Outbox, serviceCall } from '@shopgraph/kit';
import type { Logger } from 'pino';
import { ASKED_AGAIN_AFTER_MS, askAgain, missingSubgraphs, type PrivacyJob, requestOf, statusOf } from './privacy-job';
import type { PrivacyJobStore } from './privacy-job-store';

const BATCH_SIZE = 100;

interface Dependencies {
  readonly connection: MongoConnection;
  readonly jobs: PrivacyJobStore;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Asks subgraphs that have not answered again, hour by hour, and says which jobs have failed for the time being. */
export class PrivacyReminders {
  constructor(private readonly deps: Dependencies) {}

  /** Reminds of every job that has waited for an hour since its subgraphs were asked. */
  async remind(): Promise<void> {
    const { jobs, clock } = this.deps;
    const before = new Date(clock.now().getTime() - ASKED_AGAIN_AFTER_MS);
    for (const job of await jobs.unansweredSince(before, BATCH_SIZE)) await this.remindOf(job);
  }

  private async remindOf(job: PrivacyJob): Promise<void> {
    const { connection, jobs, outbox, clock, logger } = this.deps;
    const reminder = askAgain(job, clock.now());
    try {
      await inTransaction(connection, async (tx) => {
        await jobs.update(reminder, tx);
        await outbox.append([requestOf(reminder)], serviceCall('users'), tx);
      });
    } catch (error) {
      // Answered, forgotten, or reminded of by another process meanwhile.
      if (error instanceof DomainError && error.code === 'CONFLICT') return;
      throw error;
    }
    if (statusOf(job, clock.now()) !== 'FAILED') return;
    const facts = { jobId: job.id, kind: job.kind, missing: missingSubgraphs(job) };
    logger.error(facts, 'privacy job has failed: these subgraphs have not answered for a day');
  }
}
