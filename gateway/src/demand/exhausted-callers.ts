import type { Clock } from '@shopgraph/kit';
import { LRUCache } from 'lru-cache';

/** Callers that are remembered: about a megabyte. */
const MAX_CALLERS = 10_000;

/**
 * Remembers who has nothing left, so that their requests need not be read to know it. Each gateway remembers alone,
 * and only what it was told: who is not remembered is found out by spending.
 */
export class ExhaustedCallers {
  private readonly until = new LRUCache<string, number>({ max: MAX_CALLERS });

  constructor(private readonly clock: Clock) {}

  /** @param name Of the budget. @param seconds After which there is something again. */
  note(name: string, seconds: number): void {
    this.until.set(name, this.now() + seconds * 1_000);
  }

  /** Seconds, rounded up, until there is something again; 0 for those who have something as far as is known. */
  secondsLeft(name: string): number {
    const until = this.until.get(name) ?? 0;
    return Math.max(0, Math.ceil((until - this.now()) / 1_000));
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}
