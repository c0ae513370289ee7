import type { ServiceEndpointDefinition } from '@apollo/gateway';
import type { Clock, SigningKeys } from '@shopgraph/kit';
import type { Logger } from 'pino';
import type { Dispatcher } from 'undici';
import { type CallOutcome, SubgraphClient } from './subgraph-client';
import { HttpTransport } from './subgraph-transport';

interface SubgraphClientsOptions {
  readonly dispatcher: Dispatcher;
  /** Null for subgraphs that do not ask who calls. */
  readonly signingKeys: SigningKeys | null;
  /** Addresses, by subgraph, that differ from those in the supergraph. */
  readonly urls: ReadonlyMap<string, string>;
  /** Milliseconds that a query may take, and what differs from it, by subgraph. */
  readonly timeoutMs: number;
  readonly timeouts: ReadonlyMap<string, number>;
  /** Told where each subgraph is. */
  readonly onAddress?: (subgraph: string, url: string) => void;
  readonly onCall: (outcome: CallOutcome) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Makes the client of each subgraph that a supergraph names. */
export function subgraphClients(options: SubgraphClientsOptions) {
  const { dispatcher, signingKeys, urls, timeouts, onAddress, onCall, clock, logger } = options;
  return ({ name, url }: ServiceEndpointDefinition): SubgraphClient => {
    const address = urls.get(name) ?? url;
    if (address === undefined) throw new Error(`the supergraph has no address for ${name}`);
    onAddress?.(name, address);
    return new SubgraphClient({
      subgraph: name,
      transport: new HttpTransport({ url: address, dispatcher, signingKeys, clock }),
      timeoutMs: timeouts.get(name) ?? options.timeoutMs,
      onCall,
      logger,
    });
  };
}
