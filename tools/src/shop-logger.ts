import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger } from '@shopgraph/kit';
import { type Logger, multistream, pino } from 'pino';
import pretty from 'pino-pretty';
import type { ServiceName } from './shop';

/**
 * Loggers for a shop that runs in a terminal: everything goes to a file in the data folder, errors also to the
 * terminal, in a form for people.
 */
export function terminalLogger(dataDir: string, level: string): (service: ServiceName) => Logger {
  mkdirSync(dataDir, { recursive: true });
  const file = pino.destination({ dest: join(dataDir, 'shop.log'), sync: false });
  const terminal = pretty({
    destination: 2,
    colorize: process.stderr.isTTY,
    messageKey: 'message',
    timestampKey: '@timestamp',
    levelKey: 'log.level',
    include: 'log.level,message,error',
    messageFormat: ({ 'service.name': service, message }) => `${String(service)}: ${String(message)}`,
    sync: true,
  });
  const destination = multistream([
    { level: 'trace', stream: file },
    { level: 'error', stream: terminal },
  ]);
  return (service) => createLogger({ service, level, destination });
}
