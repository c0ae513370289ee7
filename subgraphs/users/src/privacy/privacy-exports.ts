import {
  actorOf,
  type Call,
  type Clock,
  type IdGenerator,
  inTransaction,
  isPermitted,
  type MongoConnection,
  ok,
  type Outbox,
  refuse,
  type Result,
} from '@shopgraph/kit';
import type { UserStore } from '../accounts/user-store';
import type { AuditTrail } from '../audit/audit-trail';
import type { ExportPieceStore } from './export-piece-store';
import { type PrivacyJob, type PrivacyJobPart, requestOf, startJob, statusOf } from './privacy-job';
import type { PrivacyJobStore } from './privacy-job-store';
import { isOwnAccount } from './privacy-access';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly users: UserStore;
  readonly jobs: PrivacyJobStore;
  readonly pieces: ExportPieceStore;
  readonly outbox: Outbox;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  /** Every subgraph, this one too. */
  readonly subgraphs: readonly string[];
}

export type ExportProblem = { readonly kind: 'unknown-user' } | { readonly kind: 'anonymised' };

/** Collects everything that is held of somebody into one document. */
export class PrivacyExports {
  constructor(private readonly deps: Dependencies) {}

  /** Begins an export, one's own or with `user:privacy` anybody's; one that is under way is answered again. */
  request(userId: string, call: Call): Promise<Result<PrivacyJob, ExportProblem>> {
    const { connection, users, jobs, outbox, audit, clock, ids, subgraphs } = this.deps;
    const { viewer } = call;

    return inTransaction<Result<PrivacyJob, ExportProblem>>(connection, async (tx) => {
      const isAllowed = isOwnAccount(userId, viewer) || isPermitted(viewer, 'user:privacy');
      const user = isAllowed ? await users.byId(userId, tx) : null;
      if (!user) return refuse({ kind: 'unknown-user' });
      if (user.status === 'ANONYMISED') return refuse({ kind: 'anonymised' });
      const latest = await jobs.latestOf(userId, 'EXPORT', tx);
      if (latest && statusOf(latest, clock.now()) === 'RUNNING') return ok(latest);

      const start = { id: ids.next('privjob'), kind: 'EXPORT', userId, requestedBy: actorOf(viewer) } as const;
      const job = startJob({ ...start, subgraphs }, clock.now());
      await jobs.add(job, tx);
      await outbox.append([requestOf(job)], call, tx);
      await audit.record({ action: 'user.export-requested', subject: userId, details: { jobId: job.id } }, call, tx);
      return ok(job);
    });
  }

  /** The document of an export that is done: what each subgraph holds, under its name. Others' reading is audited. */
  async documentOf(job: PrivacyJob, call: Call): Promise<object | null> {
    const { connection, pieces, audit } = this.deps;
    if (job.kind !== 'EXPORT' || job.finishedAt === null) return null;
    if (!isOwnAccount(job.userId, call.viewer)) {
      const entry = { action: 'user.export-read', subject: job.userId, details: { jobId: job.id } } as const;
      await inTransaction(connection, (tx) => audit.record(entry, call, tx));
    }
    const held = job.parts.map(async ({ subgraph, attempt }: PrivacyJobPart) => {
      const text = await pieces.textOf({ jobId: job.id, subgraph, attempt: attempt ?? '' });
      return [subgraph, JSON.parse(text) as unknown] as const;
    });
    return Object.fromEntries(await Promise.all(held));
  }
}
