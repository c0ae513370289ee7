import { type Background, type Clock, everyInterval } from '@shopgraph/kit';
import type { Logger } from 'pino';
import type { SecretBox } from '../secret-box';
import { writeLetter } from './letters';
import { mailContext, type MailQueue } from './mail-queue';
import type { MailStore } from './mail-store';
import type { Mail, Mailer } from './mailer';
import { afterFailure, leaseEnd, type QueuedMail } from './queued-mail';

/** How often the queue is looked at for what waits for its next attempt, or another process has left there. */
const POLL_MS = 1_000;

interface Dependencies {
  readonly queue: MailQueue;
  readonly store: MailStore;
  readonly mailer: Mailer;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly publicUrl: string;
}

/** Sends what was promised, right after its commit; each mail at least once, and rarely twice. */
export function deliverMails(deps: Dependencies): Background {
  const { queue, store, mailer, clock, logger } = deps;

  async function deliver(mail: QueuedMail): Promise<void> {
    try {
      await mailer.send(readMail(mail, deps));
      await store.close(mail.id, 'SENT');
    } catch (err) {
      const next = afterFailure(mail, clock.now());
      // Not the error itself: what mail servers answer names the recipient.
      const reason = err instanceof Error ? ((err as { code?: unknown }).code ?? err.name) : 'unknown';
      logger.error({ reason, mailId: mail.id, attempts: mail.attempts, status: next.status }, 'mail could not be sent');
      if (next.status === 'FAILED') await store.close(mail.id, 'FAILED');
      else await store.postpone(mail.id, next.nextAttemptAt);
    }
  }

  const periodic = everyInterval({
    name: 'mail-delivery',
    intervalMs: POLL_MS,
    logger,
    async run() {
      for (let mail = await take(); mail; mail = await take()) await deliver(mail);
    },
  });
  const take = () => store.take(clock.now(), leaseEnd(clock.now()));

  queue.onPromised(() => void periodic.nudge());
  return {
    name: periodic.name,
    start: () => periodic.start(),
    async stop() {
      await periodic.stop();
      mailer.close?.();
    },
  };
}

function readMail({ id, letter, content }: QueuedMail, { box, publicUrl }: Dependencies): Mail {
  if (!content) throw new Error(`mail ${id} has no content any more`);
  const { to, name, sealedToken, occasion } = content;
  const token = sealedToken === null ? null : box.open(sealedToken, mailContext(id));
  return { id, kind: letter, to, token, ...writeLetter(letter, { name, token: token ?? '', publicUrl, occasion }) };
}
