import { type Clock, type Redis, RedisWithFallback } from '@shopgraph/kit';
import type { Logger } from 'pino';
import { BatchedReads, type ReadMany } from './batched-reads';
import { type CacheEntry, isUpToDate, readEntry, remainingOf, writeEntry } from './cache-entry';
import { entryKey } from './cache-keys';
import { invalidationChannel } from './invalidation-feed';
import type { NearCache } from './near-cache';

/** How long Redis is left alone after it has failed, or was too slow. */
const PAUSE_MS = 1_000;

const CLOCK = 'cache:clock';

/**
 * Lets the time of invalidations go on, and stamps the tags with it: in one step, because of two invalidations the later
 * one must have the higher stamp. Where it was lost it begins at the present, which is later than any stamp before.
 * Without tags it only begins. Gateways with copies of entries hear of it.
 */
const INVALIDATE = `
local known = tonumber(redis.call('GET', KEYS[1]) or '')
if known and #KEYS == 1 then return string.format('%.0f', known) end
local time = math.max((known or 0) + 1, tonumber(ARGV[1]))
local stamp = string.format('%.0f', time)
redis.call('SET', KEYS[1], stamp)
for index = 2, #KEYS do redis.call('SET', KEYS[index], stamp, 'EX', ARGV[2]) end
if #KEYS > 1 then redis.call('PUBLISH', ARGV[3], '[' .. stamp .. ',' .. ARGV[4] .. ']') end
return stamp`;

interface CacheStoreOptions {
  readonly redis: Redis;
  /** Null where every look goes to Redis. */
  readonly near: NearCache | null;
  /** Milliseconds that a look into the cache may take. */
  readonly timeoutMs: number;
  /** Seconds for which anything is kept at the most. */
  readonly maxAgeSeconds: number;
  /** Bytes of JSON, about, of which an answer may be that is kept. */
  readonly maxValueBytes: number;
  /** Told how many lists of keys the near cache had an entry for, and for how many Redis was asked. */
  readonly onNearLookup: (hits: number, misses: number) => void;
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
   * @param likelyTags Those that the entries probably have: they are read at the same time.
   */
  async find(wanted: readonly (readonly string[])[], likelyTags: () => Iterable<string>): Promise<Found | null> {
    if (performance.now() < this.pausedUntil) return null;
    const { near, onNearLookup, clock } = this.options;
    const now = clock.now().getTime();
    // Whether one of a further key is the first that counts is not known here.
    const copies = wanted.map(([first]) => (first === undefined ? null : (near?.find(first, now) ?? null)));
    const asked = wanted.map((keys, index) => (copies[index] ? [] : keys));
    const missing = asked.filter((keys) => keys.length > 0).length;
    if (near) onNearLookup(copies.filter((copy) => copy !== null).length, missing);
    if (near && missing === 0) return { asOf: near.asOf, entries: copies };
    return this.redis.run<Found | null>(
      async () => {
        const { asOf, entries } = await this.read(asked, new Set(likelyTags()));
        return { asOf, entries: entries.map((entry, index) => copies[index] ?? entry) };
      },
      () => this.pause(),
    );
  }

  private async read(wanted: readonly (readonly string[])[], likely: ReadonlySet<string>): Promise<Found> {
    const reading = this.options.near?.beginReading();
    const keys = new Map(wanted.flat().map((key) => [key, entryKey(key)]));
    const values = await this.reads.read([CLOCK, ...keys.values(), ...[...likely].map(tagKey)]);
    const asOf = Number(values(CLOCK) ?? NaN);
    // Nothing was ever invalidated, or Redis has lost it: no entry can be told from an outdated one.
    if (!Number.isSafeInteger(asOf)) {
      return { asOf: await this.withinTime(this.stamp([])), entries: wanted.map(() => null) };
    }
    const candidates = this.candidates(wanted, (key) => values(keys.get(key) ?? ''));
    const others = new Set(candidates.flat().flatMap(([, { tags }]) => tags.filter((tag) => !likely.has(tag))));
    const more = others.size > 0 ? await this.reads.read([...others].map(tagKey)) : null;
    const stampOf = (tag: string) => Number((likely.has(tag) ? values : more)?.(tagKey(tag)) ?? 0);
    const counting = candidates.map((entries) => entries.find(([, entry]) => isUpToDate(entry, stampOf)));
    const entries = counting.filter((entry) => entry !== undefined);
    if (reading) this.options.near?.keep({ reading, asOf, entries, stampOf });
    return { asOf, entries: counting.map((found) => found?.[1] ?? null) };
  }

  /** What is there for each list of keys, and is not too old. */
  private candidates(wanted: readonly (readonly string[])[], valueOf: ReadMany): (readonly [string, CacheEntry])[][] {
    const now = this.options.clock.now().getTime();
    return wanted.map((keys) =>
      keys.flatMap((key) => {
        const written = valueOf(key);
        const entry = written === null ? null : readEntry(written);
        return entry && remainingOf(entry, now) > 0 ? [[key, entry] as const] : [];
      }),
    );
  }

  /** Keeps entries by their keys as long as they may be kept, unless they are too large. */
  write(entries: readonly (readonly [key: string, entry: CacheEntry])[]): Written {
    const { redis, clock, maxValueBytes } = this.options;
    const now = clock.now().getTime();
    const kept = entries.filter(([, entry]) => entry.text.length <= maxValueBytes && remainingOf(entry, now) > 0);
    if (kept.length === 0 || performance.now() < this.pausedUntil) return NOTHING;
    const pipeline = redis.pipeline();
    for (const [key, entry] of kept) pipeline.set(entryKey(key), writeEntry(entry), 'EX', remainingOf(entry, now));
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
    const stamp = await this.stamp(tags);
    // The others hear of it.
    this.options.near?.invalidate(tags, stamp);
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
    const seconds = maxAgeSeconds * 2;
    const told = [invalidationChannel(redis), JSON.stringify(tags)];
    return Number(await redis.eval(INVALIDATE, keys.length, ...keys, clock.now().getTime(), seconds, ...told));
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
