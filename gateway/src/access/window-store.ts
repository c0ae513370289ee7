import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import type { Clock, RedisWithFallback } from '@shopgraph/kit';
import { type Identity, Store } from 'graphql-rate-limit';

interface WindowStoreDependencies {
  readonly redis: RedisWithFallback;
  readonly clock: Clock;
}

/**
 * Counts in fixed windows that begin at multiples of their length. graphql-rate-limit reads the calls so far,
 * decides and writes them back, so that parallel calls all see the same; here reading is what counts the call,
 * in one command, and nothing is written back. While Redis is away each gateway counts alone.
 */
export class WindowStore extends Store {
  private local = { window: 0, counts: new Map<string, number>() };

  constructor(
    private readonly max: number,
    private readonly windowMs: number,
    private readonly deps: WindowStoreDependencies,
  ) {
    super();
  }

  /** One entry for each call before this one, no more than `max`, none of them outdated. */
  override async getForIdentity(identity: Identity): Promise<readonly number[]> {
    const window = this.currentWindow();
    const key = `rate:${window}:${digestOf(identity)}`;
    const count = await this.deps.redis.run(
      async (redis) => {
        const results = await redis.multi().incr(key).pexpire(key, this.windowMs).exec();
        const [error, value] = results?.[0] ?? [new Error('the transaction was discarded')];
        if (error) throw error;
        return Number(value);
      },
      () => this.countLocally(window, key),
    );
    return new Array<number>(Math.min(count - 1, this.max)).fill(Infinity);
  }

  override setForIdentity(): void {
    // Counted already, by reading.
  }

  /** Seconds after which calls pass again. */
  secondsToNextWindow(): number {
    const now = this.deps.clock.now().getTime();
    return Math.ceil((this.windowMs - (now % this.windowMs)) / 1000);
  }

  private currentWindow(): number {
    return Math.floor(this.deps.clock.now().getTime() / this.windowMs);
  }

  private countLocally(window: number, key: string): number {
    if (this.local.window !== window) this.local = { window, counts: new Map() };
    const count = (this.local.counts.get(key) ?? 0) + 1;
    this.local.counts.set(key, count);
    return count;
  }
}

/** Hides the arguments, bounds the key, and takes all spellings of a mail address for one. */
function digestOf({ contextIdentity, fieldIdentity }: Identity): string {
  const text = JSON.stringify([contextIdentity, oneSpelling(fieldIdentity)]);
  return createHash('sha256').update(text).digest('base64url');
}

// The users subgraph reads domains by IDNA, which knows full stops, invisible characters and Punycode that Unicode's
// normalisation leaves as they are: each would be a count of its own for the same account.
function oneSpelling(text: string): string {
  const folded = text.normalize('NFKC').toLowerCase().replaceAll(/\s/g, '');
  const domainStart = folded.lastIndexOf('@') + 1;
  if (domainStart === 0) return folded;
  const domain = folded.slice(domainStart);
  return folded.slice(0, domainStart) + (domainToASCII(domain) || domain);
}
