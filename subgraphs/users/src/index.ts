export type { UserAdministration, UserSeed } from './accounts/user-administration';
export { type ChainHead, headText, readHead } from './audit/audit-entry';
export { type Verification, verifyAuditLog } from './audit/verify-audit-log';
export { buildUsers, type UsersService } from './app';
export { type Config, configSchema, loadConfig } from './config';
export { hasInbox } from './mail/inbox/inbox-route';
export { usersSchema } from './schema';
export { rotateSigningKey } from './signing-keys/rotate-signing-key';
