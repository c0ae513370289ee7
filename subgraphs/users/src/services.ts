import { type Clock, type IdGenerator, type MongoConnection, Outbox, type RedisWithFallback } from '@shopgraph/kit';
import type { Logger } from 'pino';
import { ProfileService } from './accounts/profile-service';
import { RegistrationService } from './accounts/registration-service';
import { UserAdministration } from './accounts/user-administration';
import { UserStatusService } from './accounts/user-status-service';
import { UserDirectory } from './accounts/user-directory';
import { UserStore } from './accounts/user-store';
import { AddressService } from './addresses/address-service';
import { AddressStore } from './addresses/address-store';
import { VerificationStore } from './accounts/verification-store';
import { createApiKeyServices } from './api-keys/services';
import { createAuditLog } from './audit/create-audit-log';
import type { Config } from './config';
import { LoginThrottle } from './login-throttle/login-throttle';
import { TallyStore } from './login-throttle/tally-store';
import { MailQueue } from './mail/mail-queue';
import { MailQuotaStore } from './mail/mail-quota-store';
import { MailStore } from './mail/mail-store';
import { MailedTokens } from './one-time-tokens/mailed-tokens';
import { createPasswordServices } from './passwords/create-password-services';
import type { PasswordHasher } from './passwords/password-hasher';
import { PasswordPolicy } from './passwords/password-policy';
import { RoleAdministration } from './roles/role-administration';
import { Administrators } from './privacy/administrators';
import { createPrivacyServices } from './privacy/privacy-services';
import { RoleStore } from './roles/role-store';
import { Roles } from './roles/roles';
import { SecretBox } from './secret-box';
import { AccessTokens } from './sessions/access-tokens';
import { LoginService } from './sessions/login-service';
import { RevokedSessions } from './sessions/revoked-sessions';
import { SessionRevocation } from './sessions/session-revocation';
import { SessionService } from './sessions/session-service';
import { SessionStore } from './sessions/session-store';
import { KeyRing } from './signing-keys/key-ring';
import { SigningKeyStore } from './signing-keys/signing-key-store';

/** What the services need of the configuration. */
export type ServicesConfig = Pick<
  Config,
  | 'ACCESS_TOKEN_SECONDS'
  | 'JWT_AUDIENCE'
  | 'JWT_ISSUER'
  | 'KEY_ENCRYPTION_SECRET'
  | 'NODE_ENV'
  | 'PRIVACY_SUBGRAPHS'
  | 'REFRESH_TOKEN_SECONDS'
>;

interface Dependencies {
  readonly connection: MongoConnection;
  readonly redis: RedisWithFallback;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly logger: Logger;
}

/** Makes the stores and the use cases over them. */
export function createServices(config: ServicesConfig, deps: Dependencies) {
  const { connection, redis, hasher, clock, ids, logger } = deps;
  const accessTokenSeconds = config.ACCESS_TOKEN_SECONDS;
  const box = new SecretBox(config.KEY_ENCRYPTION_SECRET);
  const auditLog = createAuditLog({ connection, secrets: config.KEY_ENCRYPTION_SECRET, clock, ids });
  const audit = auditLog.trail;
  const outbox = new Outbox(connection, clock, ids);
  const users = new UserStore(connection);
  const sessions = new SessionStore(connection);
  const roleStore = new RoleStore(connection);
  const roles = new Roles(roleStore);
  const mailStore = new MailStore(connection);
  const mails = new MailQueue({ store: mailStore, quotas: new MailQuotaStore(connection), box, clock, ids });

  const keyStore = new SigningKeyStore(connection);
  const keyRing = new KeyRing({ connection, store: keyStore, box, audit, clock, ids, accessTokenSeconds });
  const accessTokens = new AccessTokens({
    keyRing,
    roles,
    clock,
    issuer: config.JWT_ISSUER,
    audience: config.JWT_AUDIENCE,
    lifeSeconds: accessTokenSeconds,
  });
  const revoked = new RevokedSessions({ redis, clock, sessions, accessTokenSeconds });
  const mode = config.NODE_ENV === 'production' ? 'live' : 'test';
  const apiKeys = createApiKeyServices({ connection, redis, users, roles, box, audit, clock, ids, mode, logger });
  const sessionService = new SessionService({
    connection,
    users,
    sessions,
    revoked,
    changedApiKeys: apiKeys.changedApiKeys,
    accessTokens,
    audit,
    mails,
    clock,
    ids,
    refreshTokenSeconds: config.REFRESH_TOKEN_SECONDS,
  });
  const throttle = new LoginThrottle({
    connection,
    tallies: new TallyStore(redis),
    audit,
    clock,
    secret: config.KEY_ENCRYPTION_SECRET?.[0],
  });
  const shared = { connection, users, roles, sessions: sessionService, hasher, throttle, outbox, audit, clock, ids };
  const addresses = new AddressStore(connection);
  const verifications = new VerificationStore(connection);
  const administrators = new Administrators(connection, users);
  const mailedTokens = new MailedTokens(connection, verifications);
  const policy = new PasswordPolicy();
  const privacy = createPrivacyServices({
    ...shared,
    administrators,
    addresses,
    apiKeyStore: apiKeys.apiKeyStore,
    sessions,
    sessionService,
    verifications,
    mailedTokens,
    mailStore,
    auditStore: auditLog.store,
    box,
    otherSubgraphs: config.PRIVACY_SUBGRAPHS,
  });
  return {
    auditLog,
    auditReader: auditLog.reader,
    box,
    outbox,
    users,
    sessions,
    roles,
    mailStore,
    mails,
    keyRing,
    revoked,
    sessionService,
    sessionRevocation: new SessionRevocation(shared),
    registration: new RegistrationService({ ...shared, verifications, policy, mails }),
    ...createPasswordServices({ ...shared, mailedTokens, policy, mails }),
    userDirectory: new UserDirectory(connection),
    profileService: new ProfileService(shared),
    addresses,
    addressService: new AddressService({ ...shared, addresses }),
    loginService: new LoginService(shared),
    administration: new UserAdministration(shared),
    userStatus: new UserStatusService({ ...shared, administrators, mailedTokens }),
    roleAdministration: new RoleAdministration({ ...shared, roleStore }),
    ...apiKeys,
    ...privacy,
    clock,
  };
}
