import type { Client, Clock } from '@shopgraph/kit';
import type { HttpAnswer } from '../answer-reader';
import type { GatewayContext } from '../context';
import type { SubgraphTransport } from '../subgraph-transport';
import type { Flights } from './flights';
import type { GuardedSubgraph } from './guarded-subgraph';
import { sendingOf } from './sending';

interface MutatingTransportOptions {
  readonly guarded: GuardedSubgraph;
  readonly flights: Flights;
  readonly clock: Clock;
}

/**
 * Sends mutations, each once: nobody knows what has become of one that failed. What is asked after it is not
 * answered by a query that began before it.
 */
export class MutatingTransport implements SubgraphTransport {
  constructor(private readonly options: MutatingTransportOptions) {}

  async send(body: string, call: GatewayContext, timeoutMs: number, client: Client | null): Promise<HttpAnswer> {
    const { guarded, flights, clock } = this.options;
    try {
      return await guarded.attempt(sendingOf(body, call, timeoutMs, client, clock), new Set());
    } finally {
      flights.closeAll();
    }
  }
}
