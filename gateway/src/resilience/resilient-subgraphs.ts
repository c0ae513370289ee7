import type { Clock, HealthChecks } from '@shopgraph/kit';
import { CircuitState } from 'cockatiel';
import type { Logger } from 'pino';
import type { SubgraphTransport } from '../subgraph-transport';
import { Flights } from './flights';
import { GuardedSubgraph } from './guarded-subgraph';
import { MutatingTransport } from './mutating-transport';
import { Replica } from './replica';
import { Replicas } from './replicas';
import type { ResilienceCounters } from './resilience-metrics';
import { RetryingTransport } from './retrying-transport';
import type { ResilienceSettings } from './settings';
import { SingleFlightTransport } from './single-flight';

interface ResilientSubgraphsOptions {
  readonly settings: ResilienceSettings;
  readonly counters: ResilienceCounters;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Addresses {
  /** One for each replica. */
  readonly urls: readonly string[];
  /** Milliseconds that a query may take. */
  readonly timeoutMs: number;
  readonly transportTo: (url: string) => SubgraphTransport;
}

/** How one subgraph is called. */
export interface SubgraphTransports {
  readonly queries: SubgraphTransport;
  /** For queries that must not be answered by a call that began before them. */
  readonly freshQueries: SubgraphTransport;
  readonly mutations: SubgraphTransport;
}

interface Known extends SubgraphTransports {
  readonly urls: string;
  readonly guarded: GuardedSubgraph;
}

/** What is known at the moment of how a subgraph fares. */
export interface SubgraphState {
  readonly subgraph: string;
  readonly circuit: CircuitState;
  readonly ejectedReplicas: number;
}

/** All subgraphs, and what is known of them, which outlives a change of the supergraph. */
export class ResilientSubgraphs {
  private readonly known = new Map<string, Known>();
  private readonly flights = new Flights();

  constructor(private readonly options: ResilientSubgraphsOptions) {}

  /** The ways to a subgraph: the same ones as before, unless it has other addresses now. */
  transportsFor(subgraph: string, addresses: Addresses): SubgraphTransports {
    const urls = addresses.urls.join('|');
    const before = this.known.get(subgraph);
    if (before?.urls === urls) return before;
    const made = { urls, ...this.make(subgraph, addresses) };
    this.known.set(subgraph, made);
    return made;
  }

  /** Forgets all others. */
  keepOnly(subgraphs: ReadonlySet<string>): void {
    for (const name of this.known.keys()) if (!subgraphs.has(name)) this.known.delete(name);
  }

  get states(): SubgraphState[] {
    return [...this.known].map(([subgraph, { guarded }]) => ({
      subgraph,
      circuit: guarded.state,
      ejectedReplicas: guarded.replicas.ejected.length,
    }));
  }

  /** One for each subgraph: it does not work while its circuit is not closed. */
  get checks(): HealthChecks {
    const checks = this.states.map(({ subgraph, circuit }) => {
      const check = async () => {
        if (circuit !== CircuitState.Closed) throw new Error(`the circuit is ${CircuitState[circuit]}`);
      };
      return [`subgraph:${subgraph}`, check] as const;
    });
    return Object.fromEntries(checks);
  }

  private make(subgraph: string, { urls, timeoutMs, transportTo }: Addresses): Omit<Known, 'urls'> {
    const { settings, counters, clock, logger } = this.options;
    const { flights } = this;
    const onReject = () => counters.rejected(subgraph);
    const onRetry = () => counters.retried(subgraph);
    const onShare = () => counters.shared(subgraph);
    const replicas = new Replicas({
      subgraph,
      replicas: urls.map((url) => new Replica(url, transportTo(url))),
      ...settings,
      clock,
      logger,
    });
    const guarded = new GuardedSubgraph({ subgraph, replicas, settings, timeoutMs, onReject, clock, logger });
    const retrying = new RetryingTransport({ subgraph, guarded, settings, onRetry, clock, logger });
    const shared = new SingleFlightTransport({ subgraph, transport: retrying, flights, onShare, clock });
    return {
      guarded,
      queries: settings.sharesQueries ? shared : retrying,
      freshQueries: retrying,
      mutations: new MutatingTransport({ guarded, flights, clock }),
    };
  }
}
