import type { Clock, Redis, RedisWithFallback } from '@shopgraph/kit';
import { LRUCache } from 'lru-cache';

/** How much may be spent: at once, and over time. */
export interface Budget {
  /** Cost that may be spent at once. */
  readonly size: number;
  /** Cost that comes back every second. */
  readonly restoreRate: number;
}

/** What became of an attempt to spend. */
export interface Spending {
  readonly isAdmitted: boolean;
  /** What can be spent now. */
  readonly remaining: number;
}

interface LeakyBucketDependencies {
  /** Where several gateways spend together; null for one that is alone. */
  readonly redis: RedisWithFallback | null;
  readonly clock: Clock;
}

/** What is spent, and when that was. */
interface Level {
  readonly spent: number;
  readonly at: number;
}

/** Buckets in memory: about 20 MiB. */
const MAX_IN_MEMORY = 100_000;
const EMPTY = 0;
/** How long a bucket is kept that is full again: the clocks of gateways and of Redis need not agree. */
const GRACE_MS = 60_000;

/**
 * Takes the cost out of the bucket if it fits, all at once: parallel requests never spend more than there is. A clock
 * that is behind restores nothing. Six decimals are a millionth of what the cheapest operation costs.
 */
const SPEND = `
local size, rate, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local now, grace = tonumber(ARGV[4]), tonumber(ARGV[5])
local spent, at = 0, now
local kept = redis.call('GET', KEYS[1])
if kept then
  local before, since = string.match(kept, '^(%S+) (%S+)$')
  at = math.max(now, tonumber(since))
  spent = math.max(0, tonumber(before) - (at - tonumber(since)) / 1000 * rate)
end
local admitted = spent + cost <= size
if admitted then
  spent = spent + cost
  local lifetime = math.ceil(spent / rate * 1000 + at - now) + grace
  redis.call('SET', KEYS[1], string.format('%.6f %.0f', spent, at), 'PX', string.format('%.0f', lifetime))
end
return { admitted and 1 or 0, string.format('%.6f', spent) }`;

/** Budgets of one kind of caller that leak back over time. While Redis is away each gateway counts alone. */
export class LeakyBuckets {
  private readonly local = new LRUCache<string, Level>({ max: MAX_IN_MEMORY });

  constructor(
    readonly budget: Budget,
    private readonly deps: LeakyBucketDependencies,
  ) {}

  /** Spends `cost` from the bucket of that name, or nothing where that is more than is left. */
  async spend(name: string, cost: number): Promise<Spending> {
    const { redis, clock } = this.deps;
    const now = clock.now().getTime();
    const locally = () => this.spendLocally(name, cost, now);
    return redis ? redis.run((connection) => this.spendShared(connection, name, cost, now), locally) : locally();
  }

  /** Seconds, rounded up, until `cost` can be spent where `remaining` is left. */
  secondsUntil(cost: number, remaining: number): number {
    return Math.max(0, Math.ceil((cost - remaining) / this.budget.restoreRate));
  }

  private async spendShared(redis: Redis, name: string, cost: number, now: number): Promise<Spending> {
    const { size, restoreRate } = this.budget;
    const answer = (await redis.eval(SPEND, 1, name, size, restoreRate, cost, now, GRACE_MS)) as [number, string];
    return { isAdmitted: answer[0] === 1, remaining: size - Number(answer[1]) };
  }

  private spendLocally(name: string, cost: number, now: number): Spending {
    const { size, restoreRate } = this.budget;
    const before = this.local.get(name) ?? { spent: EMPTY, at: now };
    const at = Math.max(now, before.at);
    const spent = Math.max(EMPTY, before.spent - ((at - before.at) / 1000) * restoreRate);
    if (spent + cost > size) return { isAdmitted: false, remaining: size - spent };
    this.local.set(name, { spent: spent + cost, at });
    return { isAdmitted: true, remaining: size - spent - cost };
  }
}
