export { noLimits } from './access/field-limits';
export { gatewayPermissions } from './access/permissions';
export { buildGateway } from './app';
export { Authenticator } from './authentication';
export { type Config, configSchema, loadConfig } from './config';
export { ratesOf } from './http-rates';
export { publishedKeys } from './token-keys';
