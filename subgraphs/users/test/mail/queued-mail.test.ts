import { afterFailure, queueMail } from '../../src/mail/queued-mail';
import { after, NOW } from '../builders';

const content = { to: 'ada@example.com', name: 'Ada', sealedToken: null, occasion: null };
const mail = queueMail({ id: 'mail_1', userId: 'user_1', letter: 'verification', content }, NOW);

describe('a queued mail', () => {
  it('is due at once', () => {
    expect(mail).toMatchObject({ status: 'QUEUED', attempts: 0, nextAttemptAt: NOW });
  });

  it.each([
    [1, 5_000],
    [2, 10_000],
    [3, 20_000],
    [10, 2_560_000],
    [11, 3_600_000],
    [500, 3_600_000],
  ])('is tried again after attempt %i in %i ms', (attempts, delay) => {
    expect(afterFailure({ ...mail, attempts }, NOW)).toEqual({ status: 'QUEUED', nextAttemptAt: after(delay) });
  });

  it('is given up after a day', () => {
    expect(afterFailure({ ...mail, attempts: 30 }, after(86_399_999)).status).toBe('QUEUED');
    expect(afterFailure({ ...mail, attempts: 30 }, after(86_400_000))).toEqual({ status: 'FAILED' });
  });
});
