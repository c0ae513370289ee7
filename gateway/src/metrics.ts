import { Counter, Histogram, type Registry } from 'prom-client';
import type { CallOutcome } from './subgraph-client';
import type { WarmUpOutcome } from './warm-up/warm-up';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What the gateway counts beside HTTP requests and operations. */
export interface GatewayMetrics {
  readonly subgraphCalled: (outcome: CallOutcome) => void;
  readonly planLookedUp: (isHit: boolean) => void;
  readonly planned: (seconds: number) => void;
  readonly warmed: (outcome: WarmUpOutcome) => void;
  /** @param limit What was exceeded: a kind of viewer or a field. */
  readonly rateLimited: (limit: string) => void;
}

/** Metrics in `registry`; none of their labels comes from clients. */
export function createGatewayMetrics(registry: Registry): GatewayMetrics {
  const registers = [registry];
  const calls = new Histogram({
    name: 'gateway_subgraph_call_duration_seconds',
    help: 'Time that calls to a subgraph took, by what came of them.',
    labelNames: ['subgraph', 'result'],
    buckets: SECONDS,
    registers,
  });
  const callErrors = new Counter({
    name: 'gateway_subgraph_call_errors_total',
    help: 'Calls to a subgraph that failed as a whole, by the error that clients got.',
    labelNames: ['subgraph', 'code'],
    registers,
  });
  const plans = new Counter({
    name: 'gateway_query_plan_lookups_total',
    help: 'Look-ups in the cache of query plans; every miss is planned.',
    labelNames: ['result'],
    registers,
  });
  const planning = new Histogram({
    name: 'gateway_query_planning_duration_seconds',
    help: 'Time that planning and compiling an operation took.',
    buckets: SECONDS,
    registers,
  });
  const warmed = new Counter({
    name: 'gateway_warmed_operations_total',
    help: 'Operations that a version of the graph was to have ready when it was taken over, by what came of them.',
    labelNames: ['result'],
    registers,
  });
  const refusals = new Counter({
    name: 'gateway_rate_limited_total',
    help: 'Requests and calls of fields that were refused because there were too many.',
    labelNames: ['limit'],
    registers,
  });
  return {
    subgraphCalled({ subgraph, result, seconds }) {
      calls.observe({ subgraph, result: result === 'ok' ? 'ok' : 'failed' }, seconds);
      if (result !== 'ok') callErrors.inc({ subgraph, code: result });
    },
    planLookedUp: (isHit) => plans.inc({ result: isHit ? 'hit' : 'miss' }),
    planned: (seconds) => planning.observe(seconds),
    warmed: (result) => warmed.inc({ result }),
    rateLimited: (limit) => refusals.inc({ limit }),
  };
}
