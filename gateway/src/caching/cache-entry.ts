/** What is kept of an answer. */
export interface CacheEntry {
  /** The time of invalidations when the answer was asked for: what is invalidated later is not in it. */
  readonly asOf: number;
  /** Milliseconds since 1970 when it was answered. */
  readonly storedAt: number;
  /** Seconds for which it may be kept since then. */
  readonly maxAge: number;
  /** Milliseconds that answering it took. */
  readonly tookMs: number;
  readonly scope: Scope;
  /** What it depends on. */
  readonly tags: readonly string[];
  /** Names the answer to clients; null for what is a part of answers only. */
  readonly etag: string | null;
  /** The answer as JSON. */
  readonly text: string;
}

/** Whether an answer is the same for everybody who is permitted the same, or one viewer's. */
export type Scope = 'PUBLIC' | 'PRIVATE';

/** Ends with the length of the answer: half of one is none. */
type Head = [number, number, number, number, Scope, string[], string | null, number];

/** One line that says what is known of the answer, and the answer as it is: reading does not parse it. */
export function writeEntry(entry: CacheEntry): string {
  const { asOf, storedAt, maxAge, tookMs, scope, tags, etag, text } = entry;
  return `${JSON.stringify([asOf, storedAt, maxAge, tookMs, scope, tags, etag, text.length])}\n${text}`;
}

/** Null for what is no entry. */
export function readEntry(written: string): CacheEntry | null {
  const end = written.indexOf('\n');
  if (end < 0) return null;
  try {
    const [asOf, storedAt, maxAge, tookMs, scope, tags, etag, length] = JSON.parse(written.slice(0, end)) as Head;
    const text = written.slice(end + 1);
    if (text.length !== length || !(asOf >= 0 && storedAt >= 0 && maxAge >= 0)) return null;
    return { asOf, storedAt, maxAge, tookMs, scope, tags, etag, text };
  } catch {
    return null;
  }
}

/** Seconds since the answer was given, in whole ones. */
export function ageOf({ storedAt }: CacheEntry, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - storedAt) / 1000));
}

/** Seconds for which the answer may still be kept; none or less when it is too old. */
export function remainingOf(entry: CacheEntry, nowMs: number): number {
  return entry.maxAge - ageOf(entry, nowMs);
}

/** Whether no tag has a later stamp than the answer, so that nothing that it depends on has changed since. */
export function isUpToDate({ asOf, tags }: CacheEntry, stampOf: (tag: string) => number): boolean {
  return tags.every((tag) => stampOf(tag) <= asOf);
}

/**
 * Whether to answer anew before the time is up: likelier the nearer the end is and the longer answering takes, so that
 * of many gateways one does, and the others need not when it comes
 * (https://cseweb.ucsd.edu/~avattani/papers/cache_stampede.pdf, XFetch with beta 1).
 * @param random Above 0, up to 1.
 */
export function isDueEarly({ storedAt, maxAge, tookMs }: CacheEntry, nowMs: number, random: number): boolean {
  return nowMs - tookMs * Math.log(random) >= storedAt + maxAge * 1000;
}
