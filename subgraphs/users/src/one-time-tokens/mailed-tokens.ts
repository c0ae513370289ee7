import type { MongoConnection, Transaction } from '@shopgraph/kit';
import type { VerificationStore } from '../accounts/verification-store';
import { OneTimeTokenStore } from './one-time-token-store';

/** Everything that was mailed to people to be used once. */
export class MailedTokens {
  readonly passwordResets: OneTimeTokenStore;
  /** `about` is the address that an account is to have. */
  readonly emailChanges: OneTimeTokenStore;

  constructor(
    connection: MongoConnection,
    private readonly verifications: VerificationStore,
  ) {
    this.passwordResets = new OneTimeTokenStore(connection, 'PasswordReset', 'passwordResets');
    this.emailChanges = new OneTimeTokenStore(connection, 'EmailChange', 'emailChanges');
  }

  /** Voids whatever was mailed for a user. */
  async voidAllOf(userId: string, tx: Transaction): Promise<void> {
    await this.verifications.removeAllOf(userId, tx);
    await this.passwordResets.remove(userId, tx);
    await this.emailChanges.remove(userId, tx);
  }
}
