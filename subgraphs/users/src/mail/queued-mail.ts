const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** No answer within this time counts as a failure: another replica tries. */
const LEASE_MS = 2 * MINUTE_MS;
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 60 * MINUTE_MS;
/** Nobody waits for a mail any longer; by then its link is dead too. */
const GIVE_UP_MS = DAY_MS;
/** How long it is known that there was a mail. */
const KEPT_MS = 7 * DAY_MS;

export const LETTER_KINDS = [
  'verification',
  'account-exists',
  'password-reset',
  'password-changed',
  'email-change',
  'email-change-notice',
  'email-changed',
  'session-stolen',
] as const;
export type LetterKind = (typeof LETTER_KINDS)[number];
export type MailStatus = 'QUEUED' | 'SENT' | 'FAILED';

/** What a notice tells of: when and from where something was done. */
export interface Occasion {
  readonly at: Date;
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** The address that an account is to have, or has, shortened. */
  readonly newAddress: string | null;
}

/** What a letter needs. */
interface MailContent {
  readonly to: string;
  readonly name: string;
  readonly sealedToken: string | null;
  readonly occasion: Occasion | null;
}

/** A mail that was promised, from the transaction that promised it until long after it left. */
export interface QueuedMail {
  readonly id: string;
  readonly userId: string;
  readonly letter: LetterKind;
  /** Null once it left. */
  readonly content: MailContent | null;
  readonly status: MailStatus;
  readonly attempts: number;
  readonly nextAttemptAt: Date;
  readonly createdAt: Date;
  readonly deleteAt: Date;
}

/** A mail that is to leave at once. */
export function queueMail(mail: Pick<QueuedMail, 'id' | 'userId' | 'letter' | 'content'>, now: Date): QueuedMail {
  return {
    ...mail,
    status: 'QUEUED',
    attempts: 0,
    nextAttemptAt: now,
    createdAt: now,
    deleteAt: later(now, KEPT_MS),
  };
}

/** When an attempt that begins now counts as failed if nothing is heard of it. */
export function leaseEnd(now: Date): Date {
  return later(now, LEASE_MS);
}

/** What becomes of a mail after an attempt failed: the next one, after 5 s, 10 s, 20 s …, or none after a day. */
export function afterFailure(
  { attempts, createdAt }: Pick<QueuedMail, 'attempts' | 'createdAt'>,
  now: Date,
): { readonly status: 'FAILED' } | { readonly status: 'QUEUED'; readonly nextAttemptAt: Date } {
  if (now.getTime() - createdAt.getTime() >= GIVE_UP_MS) return { status: 'FAILED' };
  const delay = Math.min(FIRST_RETRY_MS * 2 ** Math.max(attempts - 1, 0), LONGEST_RETRY_MS);
  return { status: 'QUEUED', nextAttemptAt: later(now, delay) };
}

function later(time: Date, milliseconds: number): Date {
  return new Date(time.getTime() + milliseconds);
}
