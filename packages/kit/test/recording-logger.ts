import type { Logger } from 'pino';
import { createLogger } from '../src/logger';

/** A logger as services have it, whose lines can be read. */
export function recordingLogger(): { readonly logger: Logger; readonly lines: () => Record<string, unknown>[] } {
  const written: string[] = [];
  const destination = { write: (line: string) => void written.push(line) };
  const logger = createLogger({ service: 'things', version: '1.2.3', level: 'info', destination });
  return { logger, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}
