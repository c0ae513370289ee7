import { setTimeout as pause } from 'node:timers/promises';

/** Longer than any of the works takes that are told apart by nothing else. */
const STEP_MS = 100;

/**
 * Does work whose duration would tell what it has found, such as whether an address has an account. Ends, well or
 * not, a whole number of steps of 100 ms after it began: also on a busy machine the time says next to nothing.
 */
export async function inWholeSteps<Value>(work: () => Promise<Value>): Promise<Value> {
  const begin = performance.now();
  try {
    return await work();
  } finally {
    const elapsed = performance.now() - begin;
    await pause(Math.ceil(elapsed / STEP_MS) * STEP_MS - elapsed);
  }
}
