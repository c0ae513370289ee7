import { pino } from 'pino';

/** For what must be given a logger and is not asked what it logs. */
export const silentLogger = pino({ level: 'silent' });
