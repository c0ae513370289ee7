import { countedAddress, DomainError } from '@shopgraph/kit';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Rate } from '../config-values';

/** Keeps addresses from which too many keys were refused from having still more of them looked up. */
export class RefusedAddresses {
  private readonly limiter: RateLimiterMemory;

  constructor(private readonly rate: Rate) {
    this.limiter = new RateLimiterMemory({ points: rate.count, duration: rate.seconds });
  }

  /** @throws DomainError RATE_LIMITED. */
  async assertMayAsk(address: string): Promise<void> {
    const refused = await this.limiter.get(countedAddress(address));
    if (!refused || refused.consumedPoints < this.rate.count) return;
    throw new DomainError('RATE_LIMITED', { retryAfter: Math.ceil(refused.msBeforeNext / 1_000) });
  }

  /** Counts a refusal. */
  async note(address: string): Promise<void> {
    await this.limiter.penalty(countedAddress(address));
  }
}
