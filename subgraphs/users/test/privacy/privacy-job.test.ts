import {
  answerPart,
  askAgain,
  awaits,
  missingSubgraphs,
  partStatusOf,
  type PrivacyJob,
  requestOf,
  startJob,
  statusOf,
} from '../../src/privacy/privacy-job';
import { after, NOW } from '../builders';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const aJob = (kind: PrivacyJob['kind'] = 'EXPORT') =>
  startJob({ id: 'privjob_1', kind, userId: 'user_1', requestedBy: 'user_2', subgraphs: ['users', 'orders'] }, NOW);
const answered = (job: PrivacyJob, ...subgraphs: string[]) =>
  subgraphs.reduce((before, subgraph) => answerPart(before, subgraph, `by ${subgraph}`, after(HOUR_MS)), job);

describe('a privacy job', () => {
  it.each([
    ['EXPORT', 'users.export-requested'],
    ['ANONYMISE', 'users.anonymisation-requested'],
  ] as const)('for %s tells the subgraphs ids only', (kind, type) => {
    const data = { jobId: 'privjob_1', userId: 'user_1' };
    expect(requestOf(aJob(kind))).toEqual({ type, aggregateId: 'privjob_1', sequence: 1, data });
  });

  it('is done when every subgraph has answered, and not before', () => {
    const half = answered(aJob(), 'orders');
    expect(half).toMatchObject({ finishedAt: null, version: 2 });
    expect(statusOf(half, after(HOUR_MS))).toBe('RUNNING');
    expect(half.parts.map((part) => partStatusOf(half, part, after(HOUR_MS)))).toEqual(['RUNNING', 'DONE']);
    expect(missingSubgraphs(half)).toEqual(['users']);

    const whole = answered(half, 'users');
    expect(whole).toMatchObject({ finishedAt: after(HOUR_MS), version: 3 });
    expect(statusOf(whole, after(30 * DAY_MS))).toBe('DONE');
    expect(whole.parts.map(({ attempt }) => attempt)).toEqual(['by users', 'by orders']);
  });

  it('has failed after a day, and can still be done', () => {
    const job = answered(aJob(), 'users');
    expect(statusOf(job, after(DAY_MS - 1))).toBe('RUNNING');
    expect(statusOf(job, after(DAY_MS))).toBe('FAILED');
    expect(job.parts.map((part) => partStatusOf(job, part, after(DAY_MS)))).toEqual(['DONE', 'FAILED']);
    expect(awaits(job, 'orders', after(2 * DAY_MS))).toBe(true);
    expect(statusOf(answered(job, 'orders'), after(2 * DAY_MS))).toBe('DONE');
  });

  it('awaits one answer of each of its subgraphs', () => {
    expect(awaits(aJob(), 'orders', NOW)).toBe(true);
    expect(awaits(answered(aJob(), 'orders'), 'orders', NOW)).toBe(false);
    expect(awaits(aJob(), 'reviews', NOW)).toBe(false);
  });

  it('keeps an export for seven days after it is done, and awaits nothing once it is over', () => {
    expect(aJob()).toMatchObject({ expiresAt: after(7 * DAY_MS) });
    expect(answered(aJob(), 'users', 'orders')).toMatchObject({ expiresAt: after(7 * DAY_MS + HOUR_MS) });
    expect(awaits(aJob(), 'orders', after(7 * DAY_MS))).toBe(false);
  });

  it('keeps an erasure for good', () => {
    expect(aJob('ANONYMISE')).toMatchObject({ expiresAt: null });
    expect(answered(aJob('ANONYMISE'), 'users', 'orders')).toMatchObject({ expiresAt: null });
    expect(awaits(aJob('ANONYMISE'), 'orders', after(365 * DAY_MS))).toBe(true);
  });

  it('asks again with an event of its own', () => {
    const again = askAgain(aJob(), after(HOUR_MS));
    expect(again).toMatchObject({ askedAt: after(HOUR_MS), createdAt: NOW });
    expect(requestOf(again)).toMatchObject({ sequence: 2 });
  });
});
