import type { CacheEntry } from './cache-entry';
import { type CacheKeys, keyList } from './cache-keys';

interface Flight {
  readonly asOf: number;
  /** Null when nothing came of it that may be kept. */
  readonly entry: Promise<CacheEntry | null>;
}

/** Lets one ask of those who miss the same at the same time. */
export class SingleFlight {
  private readonly flights = new Map<string, Flight>();

  /**
   * What somebody else is about to get, null when it turns out not to be for the caller; null at once when nobody
   * asks, or asked before the last invalidation.
   */
  join(keys: CacheKeys, asOf: number): Promise<CacheEntry | null> | null {
    const own = this.flightTo(keys.PRIVATE, asOf);
    if (own) return own.entry;
    const shared = this.flightTo(keys.PUBLIC, asOf);
    return shared ? shared.entry.then((entry) => (entry?.scope === 'PUBLIC' ? entry : null)) : null;
  }

  /**
   * Announces that the caller asks; it must call what is returned with what came of it, whatever happens, and when that
   * can be found elsewhere.
   */
  lead(keys: CacheKeys, asOf: number): (entry: CacheEntry | null, isKept?: Promise<unknown>) => void {
    let settle: (entry: CacheEntry | null) => void = () => undefined;
    const flight: Flight = { asOf, entry: new Promise((resolve) => (settle = resolve)) };
    const list = keyList(keys);
    for (const key of list) this.flights.set(key, flight);
    const end = () => {
      for (const key of list) if (this.flights.get(key) === flight) this.flights.delete(key);
    };
    return (entry, isKept) => {
      settle(entry);
      // Somebody may have looked before it was kept, and only hear of it now that the answer is there: they come first.
      if (entry && isKept) void isKept.then(() => setImmediate(end));
      else end();
    };
  }

  private flightTo(key: string | null, asOf: number): Flight | null {
    const flight = key === null ? undefined : this.flights.get(key);
    return flight?.asOf === asOf ? flight : null;
  }
}

/** What a flight brings, null when it takes longer than `timeoutMs`. */
export async function within<Value>(flight: Promise<Value>, timeoutMs: number): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, Math.max(0, timeoutMs), null)));
  return Promise.race([flight, late]).finally(() => clearTimeout(timer));
}
