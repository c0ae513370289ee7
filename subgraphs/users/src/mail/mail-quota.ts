import type { LetterKind } from './queued-mail';

const MINUTE_MS = 60_000;

interface Limit {
  readonly count: number;
  readonly windowMs: number;
}

const FIVE_AN_HOUR: Limit = { count: 5, windowMs: 60 * MINUTE_MS };

/**
 * How many letters of one kind one mailbox gets. Each kind is counted by itself: whoever causes many of one cannot
 * flood a mailbox, and cannot keep out any other, such as the notice of what they do next.
 */
const LIMITS: Readonly<Record<LetterKind, Limit>> = {
  verification: FIVE_AN_HOUR,
  'account-exists': FIVE_AN_HOUR,
  // For as long as the link works: whoever gets no further letter still has one that does.
  'password-reset': { count: 5, windowMs: 30 * MINUTE_MS },
  'password-changed': FIVE_AN_HOUR,
  'email-change': FIVE_AN_HOUR,
  'email-change-notice': FIVE_AN_HOUR,
  'email-changed': FIVE_AN_HOUR,
  'session-stolen': FIVE_AN_HOUR,
};

/** The letters of one kind that one mailbox was promised lately. */
export interface MailQuota {
  /** Names mailbox and kind; does not tell the address. */
  readonly id: string;
  readonly promisedAt: readonly Date[];
  readonly deleteAt: Date;
}

/** The quota after one more letter; null when it is used up. */
export function takeFromQuota(id: string, known: MailQuota | null, kind: LetterKind, now: Date): MailQuota | null {
  const { count, windowMs } = LIMITS[kind];
  const recent = (known?.promisedAt ?? []).filter((at) => now.getTime() - at.getTime() < windowMs);
  if (recent.length >= count) return null;
  return { id, promisedAt: [...recent, now], deleteAt: new Date(now.getTime() + windowMs) };
}
