import type { Logger } from 'pino';
import type { Background } from './background';

interface PeriodicOptions {
  readonly name: string;
  /** From the end of one run to the start of the next. */
  readonly intervalMs: number;
  readonly run: () => Promise<void>;
  readonly logger: Logger;
}

/** Background work that runs again and again, or at once when it is nudged. */
export interface Periodic extends Background {
  /** Runs now, or once more after the run under way; resolves after that run, whether it failed or not. */
  nudge(): Promise<void>;
}

/** Runs `run` at intervals, never twice at a time. Its errors are logged, and the next run comes all the same. */
export function everyInterval({ name, intervalMs, run, logger }: PeriodicOptions): Periodic {
  let timer: NodeJS.Timeout | undefined;
  let isStarted = false;
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  async function runOnce(): Promise<void> {
    clearTimeout(timer);
    try {
      await run();
    } catch (err) {
      logger.error({ err, background: name }, 'background work failed');
    }
    if (isStarted) timer = setTimeout(() => void nudge(), intervalMs).unref();
  }

  function nudge(): Promise<void> {
    if (!isStarted) return Promise.resolve();
    if (!running) {
      running = runOnce().finally(() => (running = undefined));
      return running;
    }
    // However many ask meanwhile, one further run serves them all.
    next ??= running.then(() => {
      next = undefined;
      return nudge();
    });
    return next;
  }

  return {
    name,
    async start() {
      isStarted = true;
      void nudge();
    },
    async stop() {
      isStarted = false;
      clearTimeout(timer);
      await next;
      await running;
    },
    nudge,
  };
}
