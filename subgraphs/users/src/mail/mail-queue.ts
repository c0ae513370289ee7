import { afterCommit, type Clock, type IdGenerator, type Transaction } from '@shopgraph/kit';
import type { User } from '../accounts/user';
import { newToken } from '../opaque-token';
import type { SecretBox } from '../secret-box';
import { takeFromQuota } from './mail-quota';
import type { MailQuotaStore } from './mail-quota-store';
import type { MailStore } from './mail-store';
import { type LetterKind, type Occasion, type QueuedMail, queueMail } from './queued-mail';

/** Whose a mail is that nobody gets. */
const NOBODY = 'nobody';

interface Dependencies {
  readonly store: MailStore;
  readonly quotas: MailQuotaStore;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

export interface PromisedMail {
  readonly letter: LetterKind;
  /** To whom, and how they are called. */
  readonly user: Pick<User, 'id' | 'email' | 'name'>;
  readonly token: string | null;
  /** What a notice tells of. */
  readonly occasion?: Occasion;
}

/** Promises mails: what is promised in a transaction leaves if it commits, also after a crash. */
export class MailQueue {
  private readonly listeners = new Set<() => void>();

  constructor(private readonly deps: Dependencies) {}

  /**
   * Promises a mail. Answers false, and takes as long, when the mailbox has had its share of such letters
   * (`mail-quota.ts`): then there is none.
   */
  async promise({ letter, user, token, occasion }: PromisedMail, tx: Transaction): Promise<boolean> {
    const { store, box, clock, ids } = this.deps;
    const now = clock.now();
    if (!(await this.takeFromQuotaOf(user.email, letter, tx))) {
      await this.pretend(letter, tx);
      return false;
    }
    const id = ids.next('mail');
    const content: NonNullable<QueuedMail['content']> = {
      to: user.email,
      name: user.name,
      sealedToken: token === null ? null : box.seal(token, mailContext(id)),
      occasion: occasion ?? null,
    };
    await store.add(queueMail({ id, userId: user.id, letter, content }, now), tx);
    afterCommit(tx, () => this.listeners.forEach((listener) => listener()));
    return true;
  }

  /** Does what promising a mail costs, and promises none: for answers that must not tell whether there is one. */
  async pretend(letter: LetterKind, tx: Transaction): Promise<void> {
    const { store, clock, ids } = this.deps;
    const now = clock.now();
    await this.takeFromQuotaOf(newToken(), letter, tx);
    const nothing = queueMail({ id: ids.next('mail'), userId: NOBODY, letter, content: null }, now);
    await store.add({ ...nothing, status: 'SENT', deleteAt: now }, tx);
  }

  /** Calls back whenever this process has promised a mail. */
  onPromised(listener: () => void): void {
    this.listeners.add(listener);
  }

  private async takeFromQuotaOf(address: string, letter: LetterKind, tx: Transaction): Promise<boolean> {
    const { quotas, box, clock } = this.deps;
    const id = box.fingerprint(address, `letters of kind ${letter}`);
    const quota = takeFromQuota(id, await quotas.byId(id, tx), letter, clock.now());
    if (quota) await quotas.save(quota, tx);
    return quota !== null;
  }
}

/** What a mail's token is sealed for. */
export function mailContext(mailId: string): string {
  return `mail ${mailId}`;
}
