import { Counter, Histogram, type Registry } from 'prom-client';
import type { Tier } from './budgets';

const COSTS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 100_000];

/** Why an operation is refused for its cost: its caller's budget, the most that one may cost, its slicing arguments. */
export type RefusalReason = 'budget' | 'maximum' | 'slicing';

/** What demand control counts. */
export interface DemandMetrics {
  readonly estimated: (tier: Tier, cost: number) => void;
  /** @param isEnforced Whether it was refused, or would have been. */
  readonly refused: (tier: Tier, reason: RefusalReason, isEnforced: boolean) => void;
}

/** Metrics in `registry`; none of their labels comes from clients. */
export function createDemandMetrics(registry: Registry): DemandMetrics {
  const registers = [registry];
  const costs = new Histogram({
    name: 'gateway_operation_cost',
    help: 'Costs of operations as estimated before they are executed, by the kind of caller.',
    labelNames: ['tier'],
    buckets: COSTS,
    registers,
  });
  const refusals = new Counter({
    name: 'gateway_operation_cost_refusals_total',
    help: 'Operations that were refused for their cost, or would have been where costs are only measured.',
    labelNames: ['tier', 'reason', 'result'],
    registers,
  });
  return {
    estimated: (tier, cost) => costs.observe({ tier }, cost),
    refused: (tier, reason, isEnforced) => refusals.inc({ tier, reason, result: isEnforced ? 'refused' : 'measured' }),
  };
}
