import type { Tally } from './back-off';

/** Tallies in this process. Beyond `limit` those that have not changed for the longest time are forgotten. */
export class TallyMemory {
  private readonly tallies = new Map<string, Tally>();

  constructor(private readonly limit: number) {}

  get(key: string): Tally | null {
    return this.tallies.get(key) ?? null;
  }

  set(key: string, tally: Tally | null): void {
    // Moves it to the end.
    this.tallies.delete(key);
    if (!tally) return;
    this.tallies.set(key, tally);
    for (const oldest of this.tallies.keys()) {
      if (this.tallies.size <= this.limit) return;
      this.tallies.delete(oldest);
    }
  }
}
