import type { DomainEvent, PrivacyRequestKind } from '@shopgraph/kit';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A job that is not done by then counts as failed, and can still be done. */
const EXPECTED_WITHIN_MS = DAY_MS;
/** How often a subgraph that has not answered is asked again: its event, or its answer, may be lost. */
export const ASKED_AGAIN_AFTER_MS = HOUR_MS;
/** How long what was exported can be read. */
const EXPORT_KEPT_MS = 7 * DAY_MS;

export type PrivacyJobStatus = 'RUNNING' | 'DONE' | 'FAILED';

/** What one subgraph has to do for a job. */
export interface PrivacyJobPart {
  readonly subgraph: string;
  readonly answeredAt: Date | null;
  /** Which of its attempts to answer came through; null until one has. */
  readonly attempt: string | null;
}

/** Everything that is held of somebody is collected, or what is personal of it erased, in every subgraph. */
export interface PrivacyJob {
  readonly id: string;
  readonly kind: PrivacyRequestKind;
  readonly userId: string;
  /** As `actorOf` names them. */
  readonly requestedBy: string;
  readonly createdAt: Date;
  /** When the subgraphs were last asked. */
  readonly askedAt: Date;
  /** Null until every part is answered. */
  readonly finishedAt: Date | null;
  /** When an export is forgotten; null for an erasure, of which it stays known that it was done. */
  readonly expiresAt: Date | null;
  readonly parts: readonly PrivacyJobPart[];
  readonly version: number;
}

export type PrivacyRequested = DomainEvent<
  'users.export-requested' | 'users.anonymisation-requested',
  { jobId: string; userId: string }
>;

interface JobStart extends Pick<PrivacyJob, 'id' | 'kind' | 'userId' | 'requestedBy'> {
  /** Who has to answer. */
  readonly subgraphs: readonly string[];
}

/** A job that begins now. */
export function startJob({ subgraphs, ...job }: JobStart, now: Date): PrivacyJob {
  return {
    ...job,
    createdAt: now,
    askedAt: now,
    finishedAt: null,
    expiresAt: expiryOf(job.kind, now),
    parts: subgraphs.map((subgraph) => ({ subgraph, answeredAt: null, attempt: null })),
    version: 1,
  };
}

/** What tells the subgraphs of a job; again with every version of it that asks again. */
export function requestOf({ id, kind, userId, version }: PrivacyJob): PrivacyRequested {
  const type = kind === 'EXPORT' ? 'users.export-requested' : 'users.anonymisation-requested';
  return { type, aggregateId: id, sequence: version, data: { jobId: id, userId } };
}

/** A job whose subgraphs are asked once more. */
export function askAgain(job: PrivacyJob, now: Date): PrivacyJob {
  return { ...job, askedAt: now, version: job.version + 1 };
}

/** Whether an answer of this subgraph is still wanted. */
export function awaits({ parts, expiresAt }: PrivacyJob, subgraph: string, now: Date): boolean {
  const isOver = expiresAt !== null && expiresAt <= now;
  return !isOver && parts.some((part) => part.subgraph === subgraph && part.answeredAt === null);
}

/** A job after a subgraph has answered all that was asked of it. */
export function answerPart(job: PrivacyJob, subgraph: string, attempt: string, now: Date): PrivacyJob {
  const parts = job.parts.map((part) => (part.subgraph === subgraph ? { subgraph, attempt, answeredAt: now } : part));
  const isDone = parts.every(({ answeredAt }) => answeredAt !== null);
  const answered = { ...job, parts, version: job.version + 1 };
  return isDone ? { ...answered, finishedAt: now, expiresAt: expiryOf(job.kind, now) } : answered;
}

/** How far a job is. */
export function statusOf({ createdAt, finishedAt }: PrivacyJob, now: Date): PrivacyJobStatus {
  return statusBy(createdAt, finishedAt, now);
}

/** How far a subgraph is with its part of a job. */
export function partStatusOf({ createdAt }: PrivacyJob, { answeredAt }: PrivacyJobPart, now: Date): PrivacyJobStatus {
  return statusBy(createdAt, answeredAt, now);
}

/** The subgraphs that have not answered. */
export function missingSubgraphs({ parts }: PrivacyJob): string[] {
  return parts.filter(({ answeredAt }) => answeredAt === null).map(({ subgraph }) => subgraph);
}

function statusBy(createdAt: Date, endedAt: Date | null, now: Date): PrivacyJobStatus {
  if (endedAt !== null) return 'DONE';
  return now.getTime() - createdAt.getTime() < EXPECTED_WITHIN_MS ? 'RUNNING' : 'FAILED';
}

function expiryOf(kind: PrivacyRequestKind, from: Date): Date | null {
  return kind === 'EXPORT' ? new Date(from.getTime() + EXPORT_KEPT_MS) : null;
}
