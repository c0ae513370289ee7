import {
  type Call,
  type Clock,
  type IdGenerator,
  inTransaction,
  isDuplicateKey,
  type MongoConnection,
  ok,
  type Outbox,
  refuse,
  type Result,
  type Transaction,
} from '@shopgraph/kit';
import { inWholeSteps } from '../answer-time';
import type { AuditTrail } from '../audit/audit-trail';
import type { LoginThrottle } from '../login-throttle/login-throttle';
import type { MailQueue } from '../mail/mail-queue';
import { hashToken, newToken } from '../opaque-token';
import type { PasswordHasher } from '../passwords/password-hasher';
import type { PasswordPolicy } from '../passwords/password-policy';
import type { SessionService, SignedIn } from '../sessions/session-service';
import { decideRegistration, type Registration, verifyUser } from './user';
import type { UserStore } from './user-store';
import { isVerificationValid, startVerification } from './verification';
import type { VerificationStore } from './verification-store';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly users: UserStore;
  readonly verifications: VerificationStore;
  readonly sessions: SessionService;
  readonly throttle: LoginThrottle;
  readonly hasher: PasswordHasher;
  readonly policy: PasswordPolicy;
  readonly mails: MailQueue;
  readonly outbox: Outbox;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

interface RegisterCommand {
  /** In the spelling of `normaliseEmail`. */
  readonly email: string;
  readonly password: string;
  readonly name: string;
}

export type RegisterProblem = { readonly kind: 'weak-password' };
export type TokenProblem = { readonly kind: 'invalid-token' };

/** Opens accounts, for people who can read the mail of their address. */
export class RegistrationService {
  constructor(private readonly deps: Dependencies) {}

  /**
   * Registers an address, and mails its owner. The answer is the same, and takes as long, for a new
   * address, one that waits for its verification, and one with an account; the mail tells them apart.
   */
  async register({ email, password, name }: RegisterCommand, call: Call): Promise<Result<true, RegisterProblem>> {
    const { policy, hasher, ids, clock } = this.deps;
    if (!policy.isGoodEnough(password, { email, name })) return refuse({ kind: 'weak-password' });

    const passwordHash = await hasher.hash(password);
    const registration = { id: ids.next('user'), email, name, passwordHash, at: clock.now() };
    await inWholeSteps(() => this.saveOnce(registration, call));
    return ok(true);
  }

  /**
   * Opens the account that a mail's token belongs to, and signs its owner in.
   * Of simultaneous uses of one token exactly one succeeds.
   */
  async verifyEmail(token: string, call: Call): Promise<Result<SignedIn, TokenProblem>> {
    const { connection, users, verifications, sessions, throttle, outbox, audit, clock } = this.deps;

    const result = await inTransaction<Result<SignedIn, TokenProblem>>(connection, async (tx) => {
      const verification = await verifications.byTokenHash(hashToken(token), tx);
      if (!verification || !isVerificationValid(verification, clock.now())) return refuse({ kind: 'invalid-token' });

      const user = await users.byId(verification.userId, tx);
      const verified = user && verifyUser(user, verification);
      if (!verified) return refuse({ kind: 'invalid-token' });

      await users.update(verified.user, tx);
      await verifications.removeAllOf(verified.user.id, tx);
      await outbox.append([verified.event], call, tx);
      await audit.record(
        { action: 'user.email-verified', actor: verified.user.id, subject: verified.user.id },
        call,
        tx,
      );
      return ok(await sessions.start(verified.user, call, tx));
    });
    if (result.ok) await throttle.welcome(result.value.user.email, call);
    return result;
  }

  private async saveOnce(registration: Registration, call: Call): Promise<void> {
    try {
      await this.save(registration, call);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      // A simultaneous registration of this address was faster: now it is known.
      await this.save(registration, call);
    }
  }

  private save(registration: Registration, call: Call): Promise<void> {
    const { connection, users, mails, outbox, audit } = this.deps;

    return inTransaction(connection, async (tx) => {
      const decision = decideRegistration(await users.byEmail(registration.email, tx), registration);
      switch (decision.kind) {
        case 'new-user':
          await users.add(decision.user, tx);
          await outbox.append([decision.event], call, tx);
          await audit.record({ action: 'user.registered', subject: decision.user.id }, call, tx);
          return this.askToVerify(decision.user.id, registration, tx);
        case 'again':
          await users.update(decision.user, tx);
          await audit.record({ action: 'user.registration-repeated', subject: decision.user.id }, call, tx);
          return this.askToVerify(decision.user.id, registration, tx);
        case 'has-account':
          // As much is written as above: a busy machine would tell the difference in spite of whole steps.
          await users.lock(decision.user.id, tx);
          await audit.record({ action: 'user.registration-repeated', subject: decision.user.id }, call, tx);
          await this.verifyNobody(registration, tx);
          await mails.promise({ letter: 'account-exists', user: decision.user, token: null }, tx);
          return;
      }
    });
  }

  /** Adds a verification that is nobody's, and whose token nobody has. */
  private async verifyNobody({ at }: Registration, tx: Transaction): Promise<void> {
    const nobody = { name: 'nobody', passwordHash: 'none' };
    await this.deps.verifications.add(
      startVerification(hashToken(newToken()), this.deps.ids.next('user'), nobody, at),
      tx,
    );
  }

  private async askToVerify(userId: string, registration: Registration, tx: Transaction): Promise<void> {
    const { verifications, mails } = this.deps;
    const token = newToken();
    await verifications.add(startVerification(hashToken(token), userId, registration, registration.at), tx);
    const user = { id: userId, email: registration.email, name: registration.name };
    await mails.promise({ letter: 'verification', user, token }, tx);
  }
}
