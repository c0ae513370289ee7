import {
  type Call,
  type Clock,
  DomainError,
  inTransaction,
  isDuplicateKey,
  type MongoConnection,
  ok,
  type Outbox,
  refuse,
  type Result,
  type Transaction,
  type Viewer,
} from '@shopgraph/kit';
import type { TokenProblem } from '../accounts/registration-service';
import type { User } from '../accounts/user';
import type { UserStore } from '../accounts/user-store';
import { inWholeSteps } from '../answer-time';
import type { AuditTrail } from '../audit/audit-trail';
import type { MailQueue } from '../mail/mail-queue';
import { occasionOf } from '../mail/occasion';
import type { MailedTokens } from '../one-time-tokens/mailed-tokens';
import { isTokenValid, oneTimeToken } from '../one-time-tokens/one-time-token';
import { hashToken, newToken } from '../opaque-token';
import type { ConfirmationProblem, PasswordConfirmation } from '../passwords/password-confirmation';
import type { SessionService } from '../sessions/session-service';
import { changeEmail } from './email-change';

/** How long the link in the mail to the new address works. */
const VALID_MINUTES = 24 * 60;

interface Dependencies {
  readonly connection: MongoConnection;
  readonly users: UserStore;
  readonly sessions: SessionService;
  readonly passwordConfirmation: PasswordConfirmation;
  readonly mailedTokens: MailedTokens;
  readonly mails: MailQueue;
  readonly outbox: Outbox;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

type SignedInUser = Extract<Viewer, { kind: 'user' }>;

interface RequestCommand {
  readonly viewer: SignedInUser;
  /** In the spelling of `normaliseEmail`. */
  readonly newEmail: string;
  readonly password: string;
}

export type EmailChangeProblem = ConfirmationProblem | { readonly kind: 'same-address' };

/** Gives people's accounts other addresses, once they have shown that those are theirs. */
export class EmailChangeService {
  constructor(private readonly deps: Dependencies) {}

  /**
   * Mails a token to the new address, and a notice to the present one. The answer is the same, and takes as long,
   * whether somebody has the new address; then it is its owner who gets a mail, without a token.
   * @throws DomainError UNAUTHENTICATED when the session of whoever makes the call has ended meanwhile.
   */
  async request(command: RequestCommand, call: Call): Promise<Result<true, EmailChangeProblem>> {
    const { connection, passwordConfirmation } = this.deps;
    const { viewer, newEmail, password } = command;
    const confirmed = await passwordConfirmation.confirm(viewer.id, password, call);
    if (!confirmed.ok) return confirmed;
    if (confirmed.value.email === newEmail) return refuse({ kind: 'same-address' });

    const isSaved = await inWholeSteps(() =>
      inTransaction(connection, (tx) => this.save(confirmed.value, command, call, tx)),
    );
    // The account was changed while hashes were compared, perhaps its password: look again.
    return isSaved ? ok(true) : this.request(command, call);
  }

  /**
   * Gives an account its new address with the token from the mail, which works once and for its owner only. The
   * session that confirms goes on, all others end: tokens that somebody holds who could read the old mailbox, or sits
   * at a forgotten device, are void.
   */
  async confirm(token: string, viewer: SignedInUser, call: Call): Promise<Result<User, TokenProblem>> {
    try {
      const user = await inTransaction(this.deps.connection, async (tx) => {
        const decision = await this.decide(token, viewer, tx);
        if (!decision) return null;
        await this.apply(decision, viewer, call, tx);
        return decision.changed.user;
      });
      return user ? ok(user) : refuse({ kind: 'invalid-token' });
    } catch (error) {
      // Somebody has taken the address meanwhile.
      if (isDuplicateKey(error)) return refuse({ kind: 'invalid-token' });
      throw error;
    }
  }

  /** False when the user is no longer the one whose password was compared. */
  private async save(
    checked: User,
    { viewer, newEmail }: RequestCommand,
    call: Call,
    tx: Transaction,
  ): Promise<boolean> {
    const { users, sessions, mailedTokens, mails, audit, clock } = this.deps;
    if (!(await sessions.isLive(viewer.sessionId, viewer.id, tx))) throw new DomainError('UNAUTHENTICATED');
    const user = await users.byId(viewer.id, tx);
    if (user?.status !== 'ACTIVE' || user.passwordHash !== checked.passwordHash) return false;
    await users.lock(user.id, tx);

    const now = clock.now();
    const occasion = occasionOf(call, now, newEmail);
    // No mail to the new address without a notice to the present one: whoever asks often mails no strangers either.
    const isNoticed = await mails.promise({ letter: 'email-change-notice', user, token: null, occasion }, tx);
    const token = newToken();
    if (isNoticed && (await this.mailToNewAddress(user, newEmail, token, tx))) {
      const validMinutes = VALID_MINUTES;
      const change = oneTimeToken({ userId: user.id, tokenHash: hashToken(token), about: newEmail, validMinutes }, now);
      await mailedTokens.emailChanges.replace(change, tx);
    }
    await audit.record({ action: 'user.email-change-requested', subject: user.id }, call, tx);
    return true;
  }

  /** Whether a mail with the token is on its way. */
  private async mailToNewAddress(user: User, newEmail: string, token: string, tx: Transaction): Promise<boolean> {
    const { users, mails } = this.deps;
    const owner = await users.byEmail(newEmail, tx);
    if (!owner) return mails.promise({ letter: 'email-change', user: { ...user, email: newEmail }, token }, tx);
    await mails.promise({ letter: 'account-exists', user: owner, token: null }, tx);
    return false;
  }

  private async decide(token: string, { id, sessionId }: SignedInUser, tx: Transaction) {
    const { users, sessions, mailedTokens, clock } = this.deps;
    if (!(await sessions.isLive(sessionId, id, tx))) throw new DomainError('UNAUTHENTICATED');
    const change = await mailedTokens.emailChanges.byTokenHash(hashToken(token), tx);
    if (change?.id !== id || change.about === null || !isTokenValid(change, clock.now())) return null;
    const before = await users.byId(id, tx);
    return before?.status === 'ACTIVE' ? { before, changed: changeEmail(before, change.about) } : null;
  }

  private async apply(
    { before, changed }: { before: User; changed: ReturnType<typeof changeEmail> },
    { sessionId }: SignedInUser,
    call: Call,
    tx: Transaction,
  ): Promise<void> {
    const { users, sessions, mailedTokens, mails, outbox, audit, clock } = this.deps;
    await users.update(changed.user, tx);
    await mailedTokens.voidAllOf(before.id, tx);
    await outbox.append([changed.event], call, tx);
    await audit.record({ action: 'user.email-changed', subject: before.id }, call, tx);
    const occasion = occasionOf(call, clock.now(), changed.user.email);
    await mails.promise({ letter: 'email-changed', user: before, token: null, occasion }, tx);
    await sessions.endOthersWithin(before.id, sessionId, call, tx);
  }
}
