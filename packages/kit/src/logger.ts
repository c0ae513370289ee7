import { ecsFormat } from '@elastic/ecs-pino-format';
import { type DestinationStream, type Logger, type LoggerOptions as PinoOptions, pino } from 'pino';
import { redacted } from './redaction';

interface LoggerOptions {
  /** Becomes `service.name`. */
  readonly service: string;
  readonly version?: string;
  readonly level: string;
  /** Standard output unless given. */
  readonly destination?: DestinationStream | undefined;
}

/**
 * Logs one JSON object a line, with the fields of the Elastic Common Schema
 * (https://www.elastic.co/guide/en/ecs/current/index.html). Secrets and personal data are redacted by the names
 * of their fields, wherever they stand; of an error only type, message and stacks are logged.
 */
export function createLogger({ service, version, level, destination }: LoggerOptions): Logger {
  const ecs = ecsFormat({ serviceName: service, ...(version !== undefined && { serviceVersion: version }) });
  const options: PinoOptions = {
    ...ecs,
    level,
    formatters: {
      ...ecs.formatters,
      log(fields) {
        const { err, ...others } = fields;
        const formatted = redacted(ecs.formatters?.log?.(others) ?? others) as Record<string, unknown>;
        return err === undefined ? formatted : { ...formatted, error: errorFields(err) };
      },
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** https://www.elastic.co/guide/en/ecs/current/ecs-error.html */
function errorFields(error: unknown): object {
  if (!(error instanceof Error))
    return { message: typeof error === 'string' ? error : JSON.stringify(redacted(error)) };
  return { type: error.name, message: error.message, stack_trace: stackOf(error) };
}

/** With the stacks of what caused it, which hold the reason where a client is shown another one. */
function stackOf(error: Error): string {
  const own = error.stack ?? String(error);
  return error.cause instanceof Error ? `${own}\ncaused by: ${stackOf(error.cause)}` : own;
}
