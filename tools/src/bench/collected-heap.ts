import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setImmediate } from 'node:timers/promises';

/** What a process holds, in MiB. */
export interface MemoryFigures {
  /** Used by objects that are still needed. */
  readonly heap: number;
  /** Of the machine's memory. */
  readonly resident: number;
}

const MIB = 1024 * 1024;

/** What this process holds after everything that it does not need has been collected. */
export async function collectedMemory(): Promise<MemoryFigures> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // More than once: what finalizers let go of is collected the next time.
  for (let round = 0; round < 3; round += 1) {
    collect();
    await setImmediate();
  }
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed / MIB, resident: rss / MIB };
}

/** How much more one is than the other, as a part of it: 0.1 for a tenth. */
export function growthOf(before: number, after: number): number {
  return after / before - 1;
}
