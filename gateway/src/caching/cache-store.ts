import { type Clock, type Redis, RedisWithFallback } from '@shopgraph/kit';
import type { Logger } from 'pino';
import { BatchedReads, type ReadMany } from './batched-reads';
import { type CacheEntry, readEntry, remainingOf, writeEntry } from './cache-entry';

/** How long Redis is left alone after it has failed, or was too slow. */
const PAUSE_MS = 1_000;

const CLOCK = 'cache:clock';

/**
 * Lets the time of invalidations go on, and stamps the tags with it: in one step, because of two invalidations the later
 * one must have the higher stamp. Where it was lost it begins at the present, which is later than any stamp before.
 * Without tags it only begins.
 */
const INVALIDATE = `
local known = tonumber(redis.call('GET', KEYS[1]) or '')
if known and #KEYS == 1 then return string.format('%.0f', known) end
local time = math.max((known or 0) + 1, tonumber(ARGV[1]))
local stamp = string.format('%.0f', time)
redis.call('SET', KEYS[1], stamp)
for index = 2, #KEYS do redis.call('SET', KEYS[index], stamp, 'EX', ARGV[2]) end
return stamp`;

interface CacheStoreOptions {
  readonly redis: Redis;
  /** Milliseconds that a look into the cache may take. */
  readonly timeoutMs: number;
  /** Seconds for which anything is kept at the most. */
  readonly maxAgeSeconds: number;
  /** Bytes of JSON, about, of which an answer may be that is kept. */
  readonly maxValueBytes: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What was found at one time of invalidations, in the order of what was asked for. */
export interface Found {
  readonly asOf: number;
  readonly entries: readonly (CacheEntry | null)[];
}

/** What is being written. */
export interface Written {
  readonly count: number;
  /** Resolves when whoever looks for it finds it, or never will. */
  readonly done: Promise<unknown>;
}

const NOTHING: Written = { count: 0, done: Promise.resolve() };

/**
 * Entries in Redis that die by time and by tag. Every invalidation stamps its tags with a time of its own kind, which
 * only rises; an entry knows the time at which its answer was asked for, and counts only while none of its tags has a
 * later stamp. So what an invalidation overtakes on its way from the subgraph is dead when it is stored.
 */
export class CacheStore {
  private readonly reads: BatchedReads;
  private readonly redis: RedisWithFallback;
  private pausedUntil = 0;

  constructor(private readonly options: CacheStoreOptions) {
    this.redis = new RedisWithFallback(options.redis, options.logger);
    this.reads = new BatchedReads((keys) => this.withinTime(options.redis.mget(keys)));
  }

  /**
   * The first entry that counts of each list of keys. Null when Redis does not answer: then nothing may be stored.
   * @param tags That are likely to be those of the entries: they are read at the same time.
   */
  async find(wanted: readonly (readonly string[])[], tags: Iterable<string>): Promise<Found | null> {
    if (performance.now() < this.pausedUntil) return null;
    return this.redis.run<Found | null>(
      async () => {
        const known = new Set(tags);
        const values = await this.reads.read([CLOCK, ...wanted.flat(), ...[...known].map(tagKey)]);
        const asOf = Number(values(CLOCK) ?? NaN);
        // Nothing was ever invalidated, or Redis has lost it: no entry can be told from an outdated one.
        if (!Number.isSafeInteger(asOf))
          return { asOf: await this.withinTime(this.stamp([])), entries: wanted.map(() => null) };
        const entries = await this.counting(wanted, values, known);
        return { asOf, entries };
      },
      () => this.pause(),
    );
  }

  private async counting(
    wanted: readonly (readonly string[])[],
    values: ReadMany,
    known: ReadonlySet<string>,
  ): Promise<(CacheEntry | null)[]> {
    const now = this.options.clock.now().getTime();
    const candidates = wanted.map((keys) =>
      keys.flatMap((key) => {
        const written = values(key);
        const entry = written === null ? null : readEntry(written);
        return entry && remainingOf(entry, now) > 0 ? [entry] : [];
      }),
    );
    const others = new Set(candidates.flat().flatMap((entry) => entry.tags.filter((tag) => !known.has(tag))));
    const more = others.size > 0 ? await this.reads.read([...others].map(tagKey)) : null;
    const stampOf = (tag: string) => Number((known.has(tag) ? values : more)?.(tagKey(tag)) ?? 0);
    return candidates.map(
      (entries) => entries.find(({ asOf, tags }) => tags.every((tag) => stampOf(tag) <= asOf)) ?? null,
    );
  }

  /** Keeps entries by their keys as long as they may be kept, unless they are too large. */
  write(entries: readonly (readonly [key: string, entry: CacheEntry])[]): Written {
    const { redis, clock, maxValueBytes } = this.options;
    const now = clock.now().getTime();
    const kept = entries.filter(([, entry]) => entry.text.length <= maxValueBytes && remainingOf(entry, now) > 0);
    if (kept.length === 0 || performance.now() < this.pausedUntil) return NOTHING;
    const pipeline = redis.pipeline();
    for (const [key, entry] of kept) pipeline.set(key, writeEntry(entry), 'EX', remainingOf(entry, now));
    const done = this.redis.run<unknown>(
      async () => {
        const [error] = (await pipeline.exec())?.find(([failure]) => failure !== null) ?? [];
        if (error) throw error;
      },
      () => this.pause(),
    );
    return { count: kept.length, done };
  }

  /** From now on no entry counts that has one of the tags and was asked for before. @throws Error when Redis fails. */
  async invalidate(tags: readonly string[]): Promise<void> {
    await this.stamp(tags);
  }

  /** Finds and keeps nothing until it is told to resume: for as long as nobody says what has changed. */
  suspend(): void {
    this.pausedUntil = Infinity;
  }

  resume(): void {
    this.pausedUntil = 0;
  }

  private async stamp(tags: readonly string[]): Promise<number> {
    const { redis, clock, maxAgeSeconds } = this.options;
    const keys = [CLOCK, ...tags.map(tagKey)];
    // Twice, for what is on its way: no entry outlives the stamps of its tags.
    return Number(await redis.eval(INVALIDATE, keys.length, ...keys, clock.now().getTime(), maxAgeSeconds * 2));
  }

  private pause(): null {
    this.pausedUntil = performance.now() + PAUSE_MS;
    return null;
  }

  private withinTime<Value>(answer: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        // What has come while the process was busy is read after timers, and before this.
        setImmediate(() => reject(new Error('redis is too slow for a cache')));
      }, this.options.timeoutMs);
      answer.then(resolve, reject).finally(() => clearTimeout(late));
    });
  }
}

function tagKey(tag: string): string {
  return `cache:tag:${tag}`;
}
