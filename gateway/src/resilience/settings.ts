import type { Resilience } from '@shopgraph/kit';
import type { ResilienceConfig } from '../config-subgraphs';

/** How calls to one subgraph are held back, repeated, spread over its replicas and shared. */
export interface ResilienceSettings extends Resilience {
  /** Repetitions per call, over many calls, from 0 to 1. */
  readonly retryRatio: number;
  /** Failures in a row that eject a replica. */
  readonly failuresToEject: number;
  /** Milliseconds for which it is ejected the first time; so much longer with each further one. */
  readonly ejectionMs: number;
  /** Whether queries that are alike share one call. */
  readonly sharesQueries: boolean;
}

/** The settings as the environment has them. */
export function resilienceSettings(config: ResilienceConfig): ResilienceSettings {
  return {
    concurrentCalls: config.SUBGRAPH_CONCURRENT_CALLS,
    waitingCalls: config.SUBGRAPH_WAITING_CALLS,
    failuresToOpen: config.SUBGRAPH_CIRCUIT_FAILURES,
    openMs: config.SUBGRAPH_CIRCUIT_OPEN_MS,
    retries: config.SUBGRAPH_RETRIES,
    retryDelayMs: config.SUBGRAPH_RETRY_DELAY_MS,
    retryRatio: config.SUBGRAPH_RETRY_BUDGET_PERCENT / 100,
    failuresToEject: config.SUBGRAPH_EJECTION_FAILURES,
    ejectionMs: config.SUBGRAPH_EJECTION_MS,
    sharesQueries: config.SUBGRAPH_SINGLE_FLIGHT === 'on',
  };
}
