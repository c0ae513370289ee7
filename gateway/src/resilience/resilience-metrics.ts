import { CircuitState } from 'cockatiel';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { SubgraphState } from './resilient-subgraphs';

const CIRCUIT_STATES = {
  closed: CircuitState.Closed,
  'half-open': CircuitState.HalfOpen,
  open: CircuitState.Open,
};

/** Counts what became of calls before they were made, by the name of the subgraph. */
export interface ResilienceCounters {
  /** A query was repeated. */
  readonly retried: (subgraph: string) => void;
  /** A call was refused because too many are under way. */
  readonly rejected: (subgraph: string) => void;
  /** A query got the answer to that of another request. */
  readonly shared: (subgraph: string) => void;
}

/** For a gateway that nobody watches. */
export const noCounters: ResilienceCounters = {
  retried: () => undefined,
  rejected: () => undefined,
  shared: () => undefined,
};

/** Counters in `registry`. */
export function resilienceCounters(registry: Registry): ResilienceCounters {
  const counterOf = (name: string, help: string) => {
    const counter = new Counter({ name, help, labelNames: ['subgraph'], registers: [registry] });
    return (subgraph: string) => counter.inc({ subgraph });
  };
  return {
    retried: counterOf('gateway_subgraph_retries_total', 'Queries to a subgraph that were repeated, by repetition.'),
    rejected: counterOf(
      'gateway_subgraph_rejected_total',
      'Calls to a subgraph that were refused because too many were under way (bulkhead).',
    ),
    shared: counterOf(
      'gateway_subgraph_shared_total',
      'Queries to a subgraph that were answered by the call of another request (single flight).',
    ),
  };
}

/** Gauges in `registry` of how each subgraph fares whenever they are read. */
export function measureSubgraphStates(registry: Registry, states: () => readonly SubgraphState[]): void {
  const registers = [registry];
  new Gauge({
    name: 'gateway_subgraph_circuit_state',
    help: '1 for the state that the circuit of a subgraph is in, 0 for the others.',
    labelNames: ['subgraph', 'state'],
    registers,
    collect() {
      this.reset();
      for (const { subgraph, circuit } of states()) {
        for (const [state, value] of Object.entries(CIRCUIT_STATES)) {
          this.set({ subgraph, state }, circuit === value ? 1 : 0);
        }
      }
    },
  });
  new Gauge({
    name: 'gateway_subgraph_ejected_replicas',
    help: 'Replicas of a subgraph that are not called at the moment because they failed.',
    labelNames: ['subgraph'],
    registers,
    collect() {
      this.reset();
      for (const { subgraph, ejectedReplicas } of states()) this.set({ subgraph }, ejectedReplicas);
    },
  });
}
