import { type MailQuota, takeFromQuota } from '../../src/mail/mail-quota';
import type { LetterKind } from '../../src/mail/queued-mail';
import { after, NOW } from '../builders';

const MINUTE_MS = 60_000;

/** How many of `tries` letters, one every `pauseMs`, a mailbox gets. */
function granted(kind: LetterKind, tries: number, pauseMs: number): number {
  let quota: MailQuota | null = null;
  let count = 0;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const next = takeFromQuota('mailbox', quota, kind, after(attempt * pauseMs));
    if (!next) continue;
    quota = next;
    count += 1;
  }
  return count;
}

describe('a mailbox', () => {
  it.each<[LetterKind, number]>([
    ['verification', 60],
    ['account-exists', 60],
    ['password-reset', 30],
    ['password-changed', 60],
    ['email-change', 60],
    ['email-change-notice', 60],
    ['email-changed', 60],
    ['session-stolen', 60],
  ])('gets five letters of kind %s in %i minutes, and the next one then', (kind, minutes) => {
    expect(granted(kind, 20, 1)).toBe(5);
    const full: MailQuota = { id: 'mailbox', promisedAt: Array<Date>(5).fill(NOW), deleteAt: NOW };
    expect(takeFromQuota('mailbox', full, kind, after(minutes * MINUTE_MS - 1))).toBeNull();
    expect(takeFromQuota('mailbox', full, kind, after(minutes * MINUTE_MS))?.promisedAt).toHaveLength(1);
  });

  it('gets no more than five in any window, however they are spread', () => {
    expect(granted('verification', 24, 10 * MINUTE_MS)).toBe(20);
  });

  it('is forgotten when its last letter has left the window', () => {
    expect(takeFromQuota('mailbox', null, 'verification', NOW)?.deleteAt).toEqual(after(60 * MINUTE_MS));
  });
});
