import { closeOnSignal } from '../../src/shutdown';
import { recordingLogger } from '../recording-logger';

/** How `close` ends, as the test wants it. */
const closes: Readonly<Record<string, () => Promise<void>>> = {
  works: async () => undefined,
  fails: async () => Promise.reject(new Error('cannot close')),
  hangs: () => new Promise(() => undefined),
};

const { logger, lines } = recordingLogger();
closeOnSignal(closes[process.env.CLOSE ?? 'works']!, Number(process.env.GRACE_MS), logger);
process.on('exit', () => void process.stdout.write(`${JSON.stringify(lines().map(({ message }) => message))}\n`));
// Keeps the process alive until the signal.
setInterval(() => undefined, 60_000);
process.stdout.write('waiting\n');
