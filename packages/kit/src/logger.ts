import { ecsFormat } from '@elastic/ecs-pino-format';
import { type DestinationStream, type Logger, pino } from 'pino';

interface LoggerOptions {
  /** Becomes `service.name`. */
  readonly service: string;
  readonly version?: string;
  readonly level: string;
  /** Standard output unless given. */
  readonly destination?: DestinationStream | undefined;
}

const SECRETS = ['password', 'token', 'accessToken', 'refreshToken', 'secret', 'authorization', 'cookie', 'apiKey'];
const PERSONAL = ['email', 'phone', 'shippingAddress', 'billingAddress'];

/** On the top level, and two levels down: request headers, variables, the input among them. */
const REDACTED_PATHS = [...SECRETS, ...PERSONAL].flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`]);

/**
 * Logs one JSON object a line, with the fields of the Elastic Common Schema
 * (https://www.elastic.co/guide/en/ecs/current/index.html). Secrets and personal data are redacted by name,
 * wherever they stand in the first four levels.
 */
export function createLogger({ service, version, level, destination }: LoggerOptions): Logger {
  const ecs = ecsFormat({ serviceName: service, ...(version !== undefined && { serviceVersion: version }) });
  const options = { ...ecs, level, redact: { paths: REDACTED_PATHS, censor: '[redacted]' } };
  return destination ? pino(options, destination) : pino(options);
}
