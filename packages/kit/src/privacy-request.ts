const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;

const FIRST_RETRY_MS = 5 * SECOND_MS;
const LONGEST_RETRY_MS = 300 * SECOND_MS;

/**
 * When what is held is erased again, counted from the first time: what was under way then, such as a checkout, may
 * have written afterwards; and where the gateway could not be told that a session has ended, its access token was
 * good for up to a day.
 */
const FURTHER_PASSES_MS = [HOUR_MS, 25 * HOUR_MS];

/** What is asked about somebody: everything that is held of them, or that nothing personal of it stays. */
export type PrivacyRequestKind = 'EXPORT' | 'ANONYMISE';

/** A job of the users subgraph, as far as one other subgraph has a part in it. */
export interface PrivacyRequest {
  /** Id of the job. */
  readonly id: string;
  readonly kind: PrivacyRequestKind;
  readonly userId: string;
  readonly receivedAt: Date;
  /** Null until users has taken the answer. */
  readonly answeredAt: Date | null;
  /** How often it could not be worked on since it could last. */
  readonly failures: number;
  /** When it is worked on next. */
  readonly dueAt: Date;
}

/** A request that has just come. */
export function receiveRequest(
  { id, kind, userId }: Pick<PrivacyRequest, 'id' | 'kind' | 'userId'>,
  now: Date,
): PrivacyRequest {
  return { id, kind, userId, receivedAt: now, answeredAt: null, failures: 0, dueAt: now };
}

/** A request that was done and answered; null when nothing is left to be done about it. */
export function afterSuccess(request: PrivacyRequest, now: Date): PrivacyRequest | null {
  const passes = request.kind === 'ANONYMISE' ? FURTHER_PASSES_MS : [];
  const dueAt = passes.map((delay) => later(request.receivedAt, delay)).find((time) => time > now);
  return dueAt ? { ...request, answeredAt: request.answeredAt ?? now, failures: 0, dueAt } : null;
}

/** A request that could not be worked on: it is due again after 5 s, 10 s, 20 s …, five minutes at the most. */
export function afterFailure(request: PrivacyRequest, now: Date): PrivacyRequest {
  const delay = Math.min(FIRST_RETRY_MS * 2 ** request.failures, LONGEST_RETRY_MS);
  return { ...request, failures: request.failures + 1, dueAt: later(now, delay) };
}

function later(time: Date, milliseconds: number): Date {
  return new Date(time.getTime() + milliseconds);
}
