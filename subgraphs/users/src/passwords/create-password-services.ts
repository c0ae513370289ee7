import type { Clock, IdGenerator, MongoConnection, Outbox } from '@shopgraph/kit';
import type { UserStore } from '../accounts/user-store';
import type { AuditTrail } from '../audit/audit-trail';
import { EmailChangeService } from '../email-change/email-change-service';
import type { LoginThrottle } from '../login-throttle/login-throttle';
import type { MailQueue } from '../mail/mail-queue';
import type { MailedTokens } from '../one-time-tokens/mailed-tokens';
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
  readonly mailedTokens: MailedTokens;
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

/** The use cases around what protects an account: its password, and the address that a forgotten one is replaced by. */
export function createPasswordServices(deps: Dependencies) {
  const passwordConfirmation = new PasswordConfirmation(deps);
  const passwordReplacement = new PasswordReplacement(deps);
  return {
    passwordConfirmation,
    passwordReset: new PasswordResetService({ ...deps, passwordReplacement }),
    passwordChange: new PasswordChangeService({ ...deps, passwordConfirmation, passwordReplacement }),
    emailChange: new EmailChangeService({ ...deps, passwordConfirmation }),
  };
}

export type PasswordServices = ReturnType<typeof createPasswordServices>;
