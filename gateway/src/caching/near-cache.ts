import { LRUCache } from 'lru-cache';
import { type CacheEntry, isUpToDate, remainingOf } from './cache-entry';

/** An entry holds more than its text and its key: tags, and what the cache itself needs. */
const BYTES_BESIDE_TEXT = 500;
/** Stamps that are known at the most: they are short, and each look asks for several. */
const STAMPS = 100_000;

/** Entries that were read from Redis, with the stamps of their tags. */
export interface ReadEntries {
  /** What `beginReading` said before they were read. */
  readonly reading: Reading;
  /** The time of invalidations when they were read. */
  readonly asOf: number;
  readonly entries: readonly (readonly [key: string, entry: CacheEntry])[];
  readonly stampOf: (tag: string) => number;
}

/** A stretch of time in which no invalidation was missed. */
export type Reading = symbol;

/**
 * Copies, in this process, of entries in Redis: looking at them costs no way there. They count by the same rule, while
 * no tag has a later stamp than their answer; the stamps are kept up to date by the feed of invalidations. Stamps only
 * rise, so it does not matter whether one was read or heard of first. Whenever something may have been missed all is
 * forgotten, and what was being read meanwhile is not taken.
 */
export class NearCache {
  private readonly entries: LRUCache<string, CacheEntry>;
  private readonly stamps = new Map<string, number>();
  private latest = 0;
  private stretch: Reading = Symbol();
  private trustedUntil = 0;

  /** @param maxBytes What entries may take, about. */
  constructor(maxBytes: number) {
    this.entries = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ text }, key) => (text.length + key.length) * 2 + BYTES_BESIDE_TEXT,
    });
  }

  /** The latest time of invalidations that is known: what is asked for now is at least as new. */
  get asOf(): number {
    return this.latest;
  }

  /** The entry of a key, if it counts; null when that has to be asked of Redis. */
  find(key: string, nowMs: number): CacheEntry | null {
    if (performance.now() > this.trustedUntil) return null;
    const entry = this.entries.get(key);
    return entry && remainingOf(entry, nowMs) > 0 && isUpToDate(entry, this.stampOf) ? entry : null;
  }

  /** To be called before something is read that is to be kept. */
  beginReading(): Reading {
    return this.stretch;
  }

  keep({ reading, asOf, entries, stampOf }: ReadEntries): void {
    if (reading !== this.stretch) return;
    this.latest = Math.max(this.latest, asOf);
    for (const [key, entry] of entries) {
      for (const tag of entry.tags) this.raise(tag, stampOf(tag));
      this.entries.set(key, entry);
    }
  }

  /** Somebody has invalidated tags. */
  invalidate(tags: readonly string[], stamp: number): void {
    this.latest = Math.max(this.latest, stamp);
    for (const tag of tags) this.raise(tag, stamp);
  }

  /** Nothing was missed until now; entries count for so many milliseconds more. */
  trust(untilMs: number): void {
    this.trustedUntil = untilMs;
  }

  /** Something may have been missed, or will be. */
  forget(): void {
    this.trustedUntil = 0;
    this.latest = 0;
    this.drop();
  }

  private drop(): void {
    this.stretch = Symbol();
    this.entries.clear();
    this.stamps.clear();
  }

  /** One that is not known may be any. */
  private readonly stampOf = (tag: string): number => this.stamps.get(tag) ?? Infinity;

  private raise(tag: string, stamp: number): void {
    const known = this.stamps.get(tag);
    // Without its stamps no entry counts; those that count are soon here again.
    if (known === undefined && this.stamps.size >= STAMPS) this.drop();
    this.stamps.set(tag, Math.max(known ?? 0, stamp));
  }
}
