import type { CacheEntry } from '../../src/caching/cache-entry';
import { NearCache, type ReadEntries } from '../../src/caching/near-cache';

const NOW = Date.parse('2026-01-01T00:00:00Z');

function anEntry(changed: Partial<CacheEntry> = {}): CacheEntry {
  return {
    ...{ asOf: 5, storedAt: NOW, maxAge: 60, tookMs: 1, scope: 'PUBLIC', tags: ['t'], etag: null, text: '{}' },
    ...changed,
  };
}

describe('copies of entries', () => {
  let near: NearCache;
  beforeEach(() => {
    near = new NearCache(100_000);
    near.trust(Infinity);
  });

  const keep = (key: string, entry: CacheEntry, stamps: Record<string, number> = {}, read: Partial<ReadEntries> = {}) =>
    near.keep({
      ...{ reading: near.beginReading(), asOf: 7, entries: [[key, entry]], stampOf: (tag) => stamps[tag] ?? 0 },
      ...read,
    });

  it('are found under their key', () => {
    const entry = anEntry();
    keep('a', entry);
    expect(near.find('a', NOW)).toBe(entry);
    expect(near.find('b', NOW)).toBeNull();
    expect(near.asOf).toBe(7);
  });

  it('count until their time is up', () => {
    keep('a', anEntry());
    expect(near.find('a', NOW + 59_999)).not.toBeNull();
    expect(near.find('a', NOW + 60_000)).toBeNull();
  });

  it('end when a tag of theirs is invalidated, and no others', () => {
    keep('a', anEntry({ tags: ['t', 'u'] }));
    keep('b', anEntry({ tags: ['t'] }));
    near.invalidate(['u'], 8);
    expect(near.find('a', NOW)).toBeNull();
    expect(near.find('b', NOW)).not.toBeNull();
    expect(near.asOf).toBe(8);
  });

  it('count when their answer is as new as the invalidation', () => {
    near.invalidate(['t'], 8);
    keep('a', anEntry({ asOf: 7 }));
    expect(near.find('a', NOW)).toBeNull();
    keep('a', anEntry({ asOf: 8 }));
    expect(near.find('a', NOW)).not.toBeNull();
  });

  it('do not count when an invalidation was heard of while an older stamp was on its way', () => {
    const reading = near.beginReading();
    near.invalidate(['t'], 8);
    keep('a', anEntry(), { t: 3 }, { reading });
    expect(near.find('a', NOW)).toBeNull();
  });

  it('end, and their tags with them, when something may have been missed', () => {
    keep('a', anEntry());
    near.forget();
    near.trust(Infinity);
    expect(near.find('a', NOW)).toBeNull();
    // It tells the stamp of the same tag, which must not bring the other one back.
    keep('b', anEntry());
    expect(near.find('a', NOW)).toBeNull();
    expect(near.find('b', NOW)).not.toBeNull();
  });

  it('are not taken when something may have been missed while they were read', () => {
    const reading = near.beginReading();
    near.forget();
    near.trust(Infinity);
    keep('a', anEntry(), {}, { reading });
    expect(near.find('a', NOW)).toBeNull();
  });

  it('count only as long as nothing can have been missed', () => {
    keep('a', anEntry());
    near.trust(performance.now() - 1);
    expect(near.find('a', NOW)).toBeNull();
    near.trust(performance.now() + 60_000);
    expect(near.find('a', NOW)).not.toBeNull();
  });

  it('take no more room than they may', () => {
    for (let index = 0; index < 100; index += 1) keep(`k${index}`, anEntry({ text: 'x'.repeat(2_000) }));
    const found = Array.from({ length: 100 }, (_, index) => near.find(`k${index}`, NOW)).filter(Boolean);
    expect(found.length).toBeGreaterThan(10);
    expect(found.length).toBeLessThan(25);
    keep('huge', anEntry({ text: 'x'.repeat(200_000) }));
    expect(near.find('huge', NOW)).toBeNull();
  });
});
