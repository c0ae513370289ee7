import { afterCommit, type Clock, type IdGenerator, type Transaction } from '@shopgraph/kit';
import type { User } from '../accounts/user';
import type { SecretBox } from '../secret-box';
import type { MailStore } from './mail-store';
import { type LetterKind, queueMail } from './queued-mail';

/** So that nobody can flood the mailbox of another: mails to one user within an hour. */
const MAX_PER_HOUR = 5;
const HOUR_MS = 3_600_000;

interface Dependencies {
  readonly store: MailStore;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

interface PromisedMail {
  readonly letter: LetterKind;
  /** To whom, and how they are called. */
  readonly user: Pick<User, 'id' | 'email' | 'name'>;
  readonly token: string | null;
}

/** Promises mails: what is promised in a transaction leaves if it commits, also after a crash. */
export class MailQueue {
  private readonly listeners = new Set<() => void>();

  constructor(private readonly deps: Dependencies) {}

  /** Promises a mail; beyond five in an hour to one user, silently none. */
  async promise({ letter, user, token }: PromisedMail, tx: Transaction): Promise<void> {
    const { store, box, clock, ids } = this.deps;
    const now = clock.now();
    if ((await store.countSince(user.id, new Date(now.getTime() - HOUR_MS), tx)) >= MAX_PER_HOUR) return;
    const id = ids.next('mail');
    const content = {
      to: user.email,
      name: user.name,
      sealedToken: token === null ? null : box.seal(token, mailContext(id)),
    };
    await store.add(queueMail({ id, userId: user.id, letter, content }, now), tx);
    afterCommit(tx, () => this.listeners.forEach((listener) => listener()));
  }

  /** Calls back whenever this process has promised a mail. */
  onPromised(listener: () => void): void {
    this.listeners.add(listener);
  }
}

/** What a mail's token is sealed for. */
export function mailContext(mailId: string): string {
  return `mail ${mailId}`;
}
