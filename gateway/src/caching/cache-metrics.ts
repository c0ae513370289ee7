import { Counter, type Registry } from 'prom-client';

/** What the caches count. A response is no subgraph's, and has none for its label. */
export interface CacheMetrics {
  readonly lookedUp: (cache: CacheName, subgraph: string, hits: number, misses: number) => void;
  /** Of lists of keys, how many needed no way to Redis. */
  readonly lookedUpNear: (hits: number, misses: number) => void;
  readonly stored: (cache: CacheName, subgraph: string, count: number) => void;
  /** @param event The type of the event that said so. */
  readonly invalidated: (event: string) => void;
}

type CacheName = 'entity' | 'response';

/** Counters of caches in `registry`; none of their labels comes from clients. */
export function createCacheMetrics(registry: Registry): CacheMetrics {
  const registers = [registry];
  const lookups = new Counter({
    name: 'gateway_cache_lookups_total',
    help: 'Look-ups of entities, root data and whole responses, by what came of them.',
    labelNames: ['cache', 'subgraph', 'result'],
    registers,
  });
  const nearLookups = new Counter({
    name: 'gateway_cache_near_lookups_total',
    help: 'Look-ups in the copies of this process, by what came of them; every miss is looked for in Redis.',
    labelNames: ['result'],
    registers,
  });
  const stores = new Counter({
    name: 'gateway_cache_stores_total',
    help: 'Entities, root data and whole responses that were put into a cache.',
    labelNames: ['cache', 'subgraph'],
    registers,
  });
  const invalidations = new Counter({
    name: 'gateway_cache_invalidations_total',
    help: 'Events by which what was cached before became outdated.',
    labelNames: ['event'],
    registers,
  });
  return {
    lookedUp(cache, subgraph, hits, misses) {
      if (hits > 0) lookups.inc({ cache, subgraph, result: 'hit' }, hits);
      if (misses > 0) lookups.inc({ cache, subgraph, result: 'miss' }, misses);
    },
    lookedUpNear(hits, misses) {
      if (hits > 0) nearLookups.inc({ result: 'hit' }, hits);
      if (misses > 0) nearLookups.inc({ result: 'miss' }, misses);
    },
    stored(cache, subgraph, count) {
      if (count > 0) stores.inc({ cache, subgraph }, count);
    },
    invalidated: (event) => invalidations.inc({ event }),
  };
}
