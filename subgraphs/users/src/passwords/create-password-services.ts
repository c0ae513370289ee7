import type { Clock, IdGenerator, MongoConnection, Outbox } from '@shopgraph/kit';
import type { UserStore } from '../accounts/user-store';
import type { VerificationStore } from '../accounts/verification-store';
import type { AuditTrail } from '../audit/audit-trail';
import type { LoginThrottle } from '../login-throttle/login-throttle';
import type { MailQueue } from '../mail/mail-queue';
import { OneTimeTokenStore } from '../one-time-tokens/one-time-token-store';
import type { SessionService } from '../sessions/session-service';
import { PasswordChangeService } from './password-change-service';
import { PasswordConfirmation } from './password-confirmation';
import type { PasswordHasher } from './password-hasher';
import type { PasswordPolicy } from './password-policy';
import { PasswordReplacement } from './password-replacement';
import { PasswordResetService } from './password-reset-service';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly users: UserStore;
  readonly verifications: VerificationStore;
  readonly sessions: SessionService;
  readonly hasher: PasswordHasher;
  readonly throttle: LoginThrottle;
  readonly policy: PasswordPolicy;
  readonly mails: MailQueue;
  readonly outbox: Outbox;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

/** The use cases around passwords, and the stores of the tokens that they mail. */
export function createPasswordServices(deps: Dependencies) {
  const { connection } = deps;
  const passwordResets = new OneTimeTokenStore(connection, 'PasswordReset', 'passwordResets');
  const emailChanges = new OneTimeTokenStore(connection, 'EmailChange', 'emailChanges');
  const passwordConfirmation = new PasswordConfirmation(deps);
  const passwordReplacement = new PasswordReplacement({ ...deps, passwordResets, emailChanges });
  return {
    passwordResets,
    emailChanges,
    passwordConfirmation,
    passwordReset: new PasswordResetService({ ...deps, passwordResets, passwordReplacement }),
    passwordChange: new PasswordChangeService({ ...deps, passwordConfirmation, passwordReplacement }),
  };
}

export type PasswordServices = ReturnType<typeof createPasswordServices>;
