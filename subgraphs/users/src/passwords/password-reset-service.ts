import {
  type Call,
  type Clock,
  type IdGenerator,
  inTransaction,
  type MongoConnection,
  ok,
  type Outbox,
  refuse,
  type Result,
  type Transaction,
} from '@shopgraph/kit';
import type { TokenProblem } from '../accounts/registration-service';
import type { User } from '../accounts/user';
import type { UserStore } from '../accounts/user-store';
import { inWholeSteps } from '../answer-time';
import type { AuditTrail } from '../audit/audit-trail';
import type { LoginThrottle } from '../login-throttle/login-throttle';
import type { MailQueue } from '../mail/mail-queue';
import type { MailedTokens } from '../one-time-tokens/mailed-tokens';
import { isTokenValid, oneTimeToken } from '../one-time-tokens/one-time-token';
import { hashToken, newToken } from '../opaque-token';
import type { SignedIn } from '../sessions/session-service';
import { mayReset, resetPassword } from './new-password';
import type { PasswordHasher } from './password-hasher';
import type { PasswordPolicy } from './password-policy';
import type { PasswordReplacement } from './password-replacement';

/** How long the link in the mail works. */
const VALID_MINUTES = 30;

interface Dependencies {
  readonly connection: MongoConnection;
  readonly users: UserStore;
  readonly mailedTokens: MailedTokens;
  readonly passwordReplacement: PasswordReplacement;
  readonly hasher: PasswordHasher;
  readonly throttle: LoginThrottle;
  readonly policy: PasswordPolicy;
  readonly mails: MailQueue;
  readonly outbox: Outbox;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

export type PasswordResetProblem = TokenProblem | { readonly kind: 'weak-password' };

/** Gives people who have forgotten their password a new one, when they can read the mail of their address. */
export class PasswordResetService {
  constructor(private readonly deps: Dependencies) {}

  /**
   * Mails a token to the owner of an address, if there is an account that may have it. The answer is the same in
   * every case, as are the time it takes and what is written.
   * @param email In the spelling of `normaliseEmail`.
   */
  request(email: string, call: Call): Promise<void> {
    return inWholeSteps(() => inTransaction(this.deps.connection, (tx) => this.save(email, call, tx)));
  }

  /**
   * Sets a new password with the token from the mail, and signs in. Of simultaneous uses of one token exactly one
   * succeeds; a password that is too weak does not use it up.
   */
  async reset(token: string, password: string, call: Call): Promise<Result<SignedIn, PasswordResetProblem>> {
    const { hasher, throttle, policy, outbox, audit, passwordReplacement } = this.deps;
    const checked = await this.ownerOf(token);
    if (!checked) return refuse({ kind: 'invalid-token' });
    if (!policy.isGoodEnough(password, checked)) return refuse({ kind: 'weak-password' });

    const passwordHash = await hasher.hash(password);
    const signedIn = await passwordReplacement.run(async (tx) => {
      const user = await this.ownerOf(token, tx);
      const decision = user && resetPassword(user, passwordHash);
      if (!decision) return null;
      await outbox.append(decision.events, call, tx);
      if (decision.events.length > 0) {
        await audit.record({ action: 'user.email-verified', actor: user.id, subject: user.id }, call, tx);
      }
      return { user: decision.user, action: 'user.password-reset' };
    }, call);
    if (!signedIn) return refuse({ kind: 'invalid-token' });
    // Whoever has forgotten their password has tried a few.
    await throttle.welcome(signedIn.user.email, call);
    return ok(signedIn);
  }

  /** Whose token it is, as long as it may be used. */
  private async ownerOf(token: string, tx?: Transaction): Promise<User | null> {
    const { mailedTokens, users, clock } = this.deps;
    const reset = await mailedTokens.passwordResets.byTokenHash(hashToken(token), tx);
    if (!reset || !isTokenValid(reset, clock.now())) return null;
    const user = await users.byId(reset.id, tx);
    return user && mayReset(user) ? user : null;
  }

  private async save(email: string, call: Call, tx: Transaction): Promise<void> {
    const { users, mailedTokens, audit, clock, ids } = this.deps;
    const known = await users.byEmail(email, tx);
    const token = newToken();
    const isPromised = await this.promiseMail(known, token, tx);
    // A token that is mailed to nobody is nobody's, and takes the place of none.
    const userId = known && isPromised ? known.id : ids.next('user');
    await users.lock(userId, tx);
    const reset = oneTimeToken({ userId, tokenHash: hashToken(token), validMinutes: VALID_MINUTES }, clock.now());
    await mailedTokens.passwordResets.replace(reset, tx);
    await audit.record({ action: 'user.password-reset-requested', subject: known?.id ?? 'unknown' }, call, tx);
  }

  private async promiseMail(known: User | null, token: string, tx: Transaction): Promise<boolean> {
    const { mails } = this.deps;
    if (known && mayReset(known)) return mails.promise({ letter: 'password-reset', user: known, token }, tx);
    await mails.pretend('password-reset', tx);
    return false;
  }
}
