import type { Clock } from './clock';

/**
 * Remembers the nonces of accepted calls for at least `windowMs`. In two generations, of which the older is
 * dropped whole: forgetting costs nothing, and the memory holds two windows of calls at the most.
 */
export class NonceMemory {
  private recent = new Set<string>();
  private older: ReadonlySet<string> = new Set();
  private generationEnds: number;

  constructor(
    private readonly windowMs: number,
    private readonly clock: Clock,
  ) {
    this.generationEnds = clock.now().getTime() + windowMs;
  }

  /** False when the nonce is empty or was seen within the window. */
  remember(nonce: string): boolean {
    this.forgetOld();
    if (nonce === '' || this.recent.has(nonce) || this.older.has(nonce)) return false;
    this.recent.add(nonce);
    return true;
  }

  /** How many nonces are remembered. */
  get size(): number {
    return this.recent.size + this.older.size;
  }

  private forgetOld(): void {
    const now = this.clock.now().getTime();
    if (now < this.generationEnds) return;
    // After a pause of two windows nothing in either generation can be replayed.
    this.older = now < this.generationEnds + this.windowMs ? this.recent : new Set();
    this.recent = new Set();
    this.generationEnds = now + this.windowMs;
  }
}
