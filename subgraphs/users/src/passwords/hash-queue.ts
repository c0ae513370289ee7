import { availableParallelism } from 'node:os';
import { DomainError } from '@shopgraph/kit';

/** Threads that Node.js has for hashing, DNS and files, unless UV_THREADPOOL_SIZE says otherwise. */
const POOL_THREADS = 4;
/** Clients give up soon after. */
const MAX_WAIT_MS = 5_000;
/** Bounds the memory while nobody knows yet how long a hash takes. */
const MAX_WAITING = 1_000;
/** How much of the newest duration goes into the average. */
const WEIGHT = 0.2;

/** As many hashes at once as leave a core for everything else that the process does, and a thread of its pool. */
export function defaultConcurrency(cores = availableParallelism()): number {
  return Math.max(1, Math.min(cores, POOL_THREADS) - 1);
}

/**
 * Hashes a few passwords at once, the others in turn. When many sign in this is where they wait: every core would be
 * busy with hashes otherwise, and all other requests late.
 */
export class HashQueue {
  private running = 0;
  private averageMs = 0;
  private readonly waiting: (() => void)[] = [];

  /** @param now Milliseconds of a clock that never goes back. */
  constructor(
    private readonly concurrency: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @throws DomainError UNAVAILABLE at once, with the seconds to wait, when its turn would come too late. */
  async run<Value>(work: () => Promise<Value>): Promise<Value> {
    await this.turn();
    const start = this.now();
    try {
      return await work();
    } finally {
      const tookMs = this.now() - start;
      this.averageMs = this.averageMs === 0 ? tookMs : (1 - WEIGHT) * this.averageMs + WEIGHT * tookMs;
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }

  private async turn(): Promise<void> {
    if (this.running < this.concurrency) {
      this.running += 1;
      return;
    }
    const waitMs = (this.averageMs * (this.waiting.length + 1)) / this.concurrency;
    if (waitMs > MAX_WAIT_MS || this.waiting.length >= MAX_WAITING) {
      throw new DomainError('UNAVAILABLE', { retryAfter: Math.max(1, Math.ceil(waitMs / 1_000)) });
    }
    // Whoever has finished hands its place over.
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}
