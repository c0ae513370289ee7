import type { Call, Clock, MongoConnection, Transaction } from '@shopgraph/kit';
import { inTransaction } from '@shopgraph/kit';
import type { User } from '../accounts/user';
import type { UserStore } from '../accounts/user-store';
import type { AuditAction } from '../audit/audit-actions';
import type { AuditTrail } from '../audit/audit-trail';
import type { MailQueue } from '../mail/mail-queue';
import { occasionOf } from '../mail/occasion';
import type { MailedTokens } from '../one-time-tokens/mailed-tokens';
import type { SessionService, SignedIn } from '../sessions/session-service';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly users: UserStore;
  readonly sessions: SessionService;
  readonly mails: MailQueue;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly mailedTokens: MailedTokens;
}

/** A user with a new password, not saved yet. */
interface Replaced {
  readonly user: User;
  readonly action: AuditAction;
}

/** What follows from a new password, however it came about. */
export class PasswordReplacement {
  constructor(private readonly deps: Dependencies) {}

  /**
   * Saves the user whom `decide` answers, and leaves nothing of what the old password has given: every session
   * ends, mailed tokens are void. Whoever has the new password is signed in anew, and the owner gets a notice.
   * Null when `decide` answers null.
   */
  run(decide: (tx: Transaction) => Promise<Replaced | null>, call: Call): Promise<SignedIn | null> {
    const { connection, sessions } = this.deps;
    return inTransaction(connection, async (tx) => {
      const replaced = await decide(tx);
      if (!replaced) return null;
      await this.save(replaced, call, tx);
      return sessions.start(replaced.user, call, tx);
    });
  }

  private async save({ user, action }: Replaced, call: Call, tx: Transaction): Promise<void> {
    const { users, sessions, mails, audit, clock, mailedTokens } = this.deps;
    await users.update(user, tx);
    await mailedTokens.voidAllOf(user.id, tx);
    await sessions.endAllWithin([user.id], call, tx);
    await audit.record({ action, actor: user.id, subject: user.id }, call, tx);
    const occasion = occasionOf(call, clock.now());
    await mails.promise({ letter: 'password-changed', user, token: null, occasion }, tx);
  }
}
