import { MongoError } from '../errors';
import { LockedByTransaction } from '../storage/transaction';

/**
 * Runs `work`, again each time that a transaction which stood in its way has ended. Whoever waits must not
 * have changed anything before.
 * @param maxTimeMs How long to wait altogether; undefined means as long as it takes.
 * @throws MongoError MaxTimeMSExpired when that was not enough.
 */
export async function onceUnlocked<Result>(work: () => Result, maxTimeMs: number | undefined): Promise<Result> {
  const deadline = maxTimeMs === undefined || maxTimeMs === 0 ? Infinity : Date.now() + maxTimeMs;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof LockedByTransaction)) throw error;
      await endOf(error.transaction.finished, deadline);
    }
  }
}

async function endOf(finished: Promise<void>, deadline: number): Promise<void> {
  if (deadline === Infinity) return finished;
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_resolve, reject) => {
    const fail = (): void => reject(new MongoError(50, 'MaxTimeMSExpired', 'operation exceeded time limit'));
    timer = setTimeout(fail, Math.max(0, deadline - Date.now()));
  });
  try {
    await Promise.race([finished, expiry]);
  } finally {
    clearTimeout(timer);
  }
}
