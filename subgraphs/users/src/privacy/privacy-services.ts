import type { Clock, IdGenerator, MongoConnection, Outbox } from '@shopgraph/kit';
import type { UserStore } from '../accounts/user-store';
import type { VerificationStore } from '../accounts/verification-store';
import type { AddressStore } from '../addresses/address-store';
import { addressesHolding } from '../addresses/addresses-holding';
import type { ApiKeyStore } from '../api-keys/api-key-store';
import { apiKeysHolding } from '../api-keys/api-keys-holding';
import type { AuditStore } from '../audit/audit-store';
import type { AuditTrail } from '../audit/audit-trail';
import type { MailStore } from '../mail/mail-store';
import type { LoginThrottle } from '../login-throttle/login-throttle';
import type { MailedTokens } from '../one-time-tokens/mailed-tokens';
import { PasswordConfirmation } from '../passwords/password-confirmation';
import type { PasswordHasher } from '../passwords/password-hasher';
import type { Roles } from '../roles/roles';
import type { SecretBox } from '../secret-box';
import type { SessionService } from '../sessions/session-service';
import type { SessionStore } from '../sessions/session-store';
import type { Administrators } from './administrators';
import { AnonymisationService } from './anonymisation-service';
import { ExportPieceStore } from './export-piece-store';
import type { Holding } from './holdings';
import {
  accountHolding,
  auditHolding,
  mailedTokensHolding,
  mailsHolding,
  sessionsHolding,
  verificationsHolding,
} from './own-holdings';
import { PrivacyAnswers } from './privacy-answers';
import { PrivacyExports } from './privacy-exports';
import { PrivacyJobStore } from './privacy-job-store';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly users: UserStore;
  readonly addresses: AddressStore;
  readonly roles: Roles;
  readonly administrators: Administrators;
  readonly sessions: SessionStore;
  readonly sessionService: SessionService;
  readonly verifications: VerificationStore;
  readonly apiKeyStore: ApiKeyStore;
  readonly mailedTokens: MailedTokens;
  readonly mailStore: MailStore;
  readonly audit: AuditTrail;
  readonly auditStore: AuditStore;
  readonly outbox: Outbox;
  readonly hasher: PasswordHasher;
  readonly throttle: LoginThrottle;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  /** Those that have to answer beside this one. */
  readonly otherSubgraphs: readonly string[];
}

export interface PrivacyServices {
  readonly privacyJobs: PrivacyJobStore;
  readonly privacyExports: PrivacyExports;
  readonly privacyAnswers: PrivacyAnswers;
  readonly anonymisation: AnonymisationService;
  /** Everything that this subgraph holds of people; the list to add to. */
  readonly holdings: readonly Holding[];
}

/** Makes what exports and erases people. */
export function createPrivacyServices(deps: Dependencies): PrivacyServices {
  const { connection, users, sessions, verifications, mailStore, audit, auditStore, box, otherSubgraphs } = deps;
  const holdings = [
    accountHolding(users),
    addressesHolding(deps.addresses),
    sessionsHolding(sessions, audit),
    verificationsHolding(verifications),
    mailedTokensHolding(deps.mailedTokens),
    mailsHolding(mailStore),
    apiKeysHolding(deps.apiKeyStore, audit, deps.clock),
    auditHolding(auditStore, audit),
  ];
  const jobs = new PrivacyJobStore(connection);
  const pieces = new ExportPieceStore(connection, box);
  const subgraphs = ['users', ...otherSubgraphs];
  const shared = { ...deps, jobs, pieces, subgraphs };
  return {
    holdings,
    privacyJobs: jobs,
    privacyExports: new PrivacyExports(shared),
    privacyAnswers: new PrivacyAnswers(shared),
    anonymisation: new AnonymisationService({
      ...shared,
      sessions: deps.sessionService,
      confirmation: new PasswordConfirmation(deps),
      holdings,
    }),
  };
}
