import type { Clock } from '@shopgraph/kit';
import type { GatewayContext } from '../context';
import type { ExecutorRequest } from '../executor/executor';
import type { SubgraphCaller } from '../executor/subgraph-call';
import { CachedCall, type CachedCallDependencies } from './cached-call';
import type { CacheStore } from './cache-store';
import { Questions, type SupergraphVersion } from './questions';
import { ScopeMemory } from './scope-memory';
import { SingleFlight } from './single-flight';

interface EntityCacheOptions {
  /** Null to keep nothing, and only tell what answers depend on. */
  readonly store: CacheStore | null;
  readonly maxAgeSeconds: number;
  readonly onLookup: CachedCallDependencies['onLookup'];
  readonly onStore: CachedCallDependencies['onStore'];
  readonly clock: Clock;
}

/**
 * Keeps what subgraphs answer to queries: each entity by itself, and the root fields of a query together. Only what a
 * subgraph says may be kept, for whom and as long as it says so, and without errors. Of a call for many entities those
 * that are kept are left out. Mutations pass.
 */
export class EntityCache {
  private readonly memory = new ScopeMemory();
  private readonly flights = new SingleFlight();

  constructor(private readonly options: EntityCacheOptions) {}

  /** Puts the cache before the calls that one version of a supergraph makes. */
  around(ask: SubgraphCaller<ExecutorRequest>, version: SupergraphVersion): SubgraphCaller<ExecutorRequest> {
    const { memory, flights, options } = this;
    const questions = new Questions(version);
    return async (call, request) => {
      // An event is about what has just changed: what is kept may not know it yet.
      if (isAboutEvent(request)) return ask({ ...call, isFresh: true }, request);
      if (call.isMutation) return ask(call, request);
      const question = questions.of(call);
      return new CachedCall({ ...options, memory, flights, ask }, question, call, request).answer();
    };
  }
}

function isAboutEvent({ context }: ExecutorRequest): boolean {
  const { subscription } = context as Partial<GatewayContext>;
  return subscription !== undefined;
}
