export type { UserAdministration, UserSeed } from './accounts/user-administration';
export { buildUsers, type UsersService } from './app';
export { type Config, configSchema, loadConfig } from './config';
export { usersSchema } from './schema';
