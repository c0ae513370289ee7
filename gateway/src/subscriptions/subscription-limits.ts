import { countedAddress, DomainError, type Viewer } from '@shopgraph/kit';

/** The most that is open at the same time, on this gateway. */
export interface MostOpen {
  /** Of everybody together. */
  readonly total: number;
  /** Of one user or API key, from wherever. */
  readonly perUser: number;
  /** Of nobody known, by address. */
  readonly perAddress: number;
}

/** Counts what is open: subscriptions, or the sockets that carry them. */
export class OpenCount {
  private readonly counts = new Map<string, number>();
  private total = 0;

  constructor(private readonly most: MostOpen) {}

  /**
   * Counts one more; it counts until the function that comes back is called.
   * @throws DomainError RATE_LIMITED where it would be too many.
   */
  open(viewer: Viewer, ip: string): () => void {
    const { most } = this;
    const isKnown = viewer.kind === 'user' || viewer.kind === 'api-key';
    const key = isKnown ? viewer.id : `ip:${countedAddress(ip)}`;
    const count = this.counts.get(key) ?? 0;
    if (count >= (isKnown ? most.perUser : most.perAddress) || this.total >= most.total) {
      throw new DomainError('RATE_LIMITED', { message: 'Too much is open at the same time: close some and repeat.' });
    }
    this.counts.set(key, count + 1);
    this.total += 1;
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      this.total -= 1;
      const left = (this.counts.get(key) ?? 1) - 1;
      if (left > 0) this.counts.set(key, left);
      else this.counts.delete(key);
    };
  }
}
