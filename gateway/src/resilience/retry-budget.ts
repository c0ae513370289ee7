/** Repetitions that may be saved up, so that single failures after a quiet time are repeated. */
const SAVED = 10;

/**
 * Keeps repetitions to a share of the calls, so that a subgraph that is in trouble does not get a multiple of them.
 * @param ratio Repetitions per call, over many calls.
 */
export class RetryBudget {
  private tokens = SAVED;

  constructor(private readonly ratio: number) {}

  /** A call is made. */
  deposit(): void {
    this.tokens = Math.min(SAVED, this.tokens + this.ratio);
  }

  /** Whether a repetition may be made; it is counted. */
  withdraw(): boolean {
    // Of decimals that were added up something may be missing.
    if (this.tokens < 1 - 1e-9) return false;
    this.tokens -= 1;
    return true;
  }
}
