import type { Background, Clock, EventBus, Redis } from '@shopgraph/kit';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Gateway } from '../access/guarded-gateway';
import type { CachesConfig } from '../config-caches';
import type { ExecutorRequest } from '../executor/executor';
import type { SubgraphCaller } from '../executor/subgraph-call';
import { createCacheMetrics } from './cache-metrics';
import { CacheStore } from './cache-store';
import { EntityCache } from './entity-cache';
import { invalidateByEvents } from './invalidation';
import { followInvalidations } from './invalidation-feed';
import { NearCache } from './near-cache';
import type { SupergraphVersion } from './questions';
import { ResponseCache } from './response-cache';
import { shopChanges } from './shop-changes';

interface CachesOptions {
  readonly config: CachesConfig;
  /** Stays open, as the bus does. */
  readonly redis: Redis;
  /** Null where nobody says what has changed: then what is cached only dies by time. */
  readonly bus: EventBus | null;
  readonly metrics: Registry;
  /** Whether a request wants more than the answer. */
  readonly wantsMore: (request: ExecutorRequest) => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The caches of a gateway, as its configuration wants them. */
export interface Caches {
  readonly aroundCalls: (
    ask: SubgraphCaller<ExecutorRequest>,
    version: SupergraphVersion,
  ) => SubgraphCaller<ExecutorRequest>;
  readonly aroundGateway: (gateway: Gateway) => Gateway;
  readonly background: readonly Background[];
}

/** No caches: everything passes. */
export const noCaches: Caches = { aroundCalls: (ask) => ask, aroundGateway: (gateway) => gateway, background: [] };

/** Puts the caches together that are switched on. */
export function createCaches({ config, redis, bus, metrics, wantsMore, clock, logger }: CachesOptions): Caches {
  const keepsEntities = config.ENTITY_CACHE === 'on';
  const keepsResponses = config.RESPONSE_CACHE === 'on';
  if (!keepsEntities && !keepsResponses) return noCaches;
  const { lookedUp, lookedUpNear, stored, invalidated } = createCacheMetrics(metrics);
  const maxAgeSeconds = config.CACHE_MAX_AGE_SECONDS;
  const maxValueBytes = config.CACHE_MAX_VALUE_KIB * 1024;
  const timeoutMs = config.CACHE_TIMEOUT_MS;
  const near = config.CACHE_NEAR_MIB === 0 ? null : new NearCache(config.CACHE_NEAR_MIB * 1024 * 1024);
  const store = new CacheStore({
    ...{ redis, near, timeoutMs, maxAgeSeconds, maxValueBytes },
    ...{ onNearLookup: lookedUpNear, clock, logger },
  });
  const entities = new EntityCache({
    store: keepsEntities ? store : null,
    maxAgeSeconds,
    onLookup: (subgraph, hits, misses) => lookedUp('entity', subgraph, hits, misses),
    onStore: (subgraph, count) => stored('entity', subgraph, count),
    clock,
  });
  const responses = new ResponseCache({
    store,
    maxAgeSeconds,
    wantsMore,
    onLookup: (isHit) => lookedUp('response', '', isHit ? 1 : 0, isHit ? 0 : 1),
    onStore: (count) => stored('response', '', count),
    clock,
  });
  return {
    aroundCalls: (ask, version) => entities.around(ask, version),
    aroundGateway: (gateway) => (keepsResponses ? responses.around(gateway) : gateway),
    background: [
      ...(near ? [followInvalidations({ redis, near, logger })] : []),
      ...(bus ? [invalidateByEvents({ bus, store, changes: shopChanges, onInvalidation: invalidated, logger })] : []),
    ],
  };
}
