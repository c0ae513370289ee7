import type { ServiceEndpointDefinition } from '@apollo/gateway';
import type { Clock, SigningKeys } from '@shopgraph/kit';
import type { Logger } from 'pino';
import type { Dispatcher } from 'undici';
import type { ResilientSubgraphs } from './resilience/resilient-subgraphs';
import { type CallOutcome, SubgraphClient } from './subgraph-client';
import { HttpTransport } from './subgraph-transport';

interface SubgraphClientsOptions {
  readonly dispatcher: Dispatcher;
  /** Null for subgraphs that do not ask who calls. */
  readonly signingKeys: SigningKeys | null;
  /** Addresses, by subgraph, that differ from those in the supergraph; of all replicas. */
  readonly urls: ReadonlyMap<string, readonly string[]>;
  /** Milliseconds that a query may take, and what differs from it, by subgraph. */
  readonly timeoutMs: number;
  readonly timeouts: ReadonlyMap<string, number>;
  readonly resilience: ResilientSubgraphs;
  /** Told where the replicas of each subgraph are. */
  readonly onAddresses?: (subgraph: string, urls: readonly string[]) => void;
  readonly onCall: (outcome: CallOutcome) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Makes the client of each subgraph that a supergraph names. */
export function subgraphClients(options: SubgraphClientsOptions) {
  const { dispatcher, signingKeys, urls, timeouts, resilience, onAddresses, onCall, clock, logger } = options;
  return ({ name, url }: ServiceEndpointDefinition): SubgraphClient => {
    const addresses = urls.get(name) ?? (url === undefined ? [] : [url]);
    if (addresses.length === 0) throw new Error(`the supergraph has no address for ${name}`);
    onAddresses?.(name, addresses);
    const timeoutMs = timeouts.get(name) ?? options.timeoutMs;
    return new SubgraphClient({
      subgraph: name,
      transports: resilience.transportsFor(name, {
        urls: addresses,
        timeoutMs,
        transportTo: (to) => new HttpTransport({ url: to, dispatcher, signingKeys, clock }),
      }),
      timeoutMs,
      onCall,
      logger,
    });
  };
}
