import type { Client, Clock } from '@shopgraph/kit';
import type { HttpAnswer } from '../answer-reader';
import type { GatewayContext } from '../context';
import type { SubgraphTransport } from '../subgraph-transport';
import type { Flight } from './flight';
import type { Flights } from './flights';
import { waitFor } from './patience';
import { leftOf, sendingOf } from './sending';

interface SingleFlightOptions {
  readonly subgraph: string;
  readonly transport: SubgraphTransport;
  readonly flights: Flights;
  /** Told of every call that is answered by that of another request. */
  readonly onShare: () => void;
  readonly clock: Clock;
}

/**
 * Sends a query once for all who ask the same on behalf of the same viewer at the same time. Request id and trace
 * are those of whoever asked first. Everybody waits as long as their own request does; a client that goes takes
 * the call along only if it was the last one.
 */
export class SingleFlightTransport implements SubgraphTransport {
  constructor(private readonly options: SingleFlightOptions) {}

  async send(body: string, call: GatewayContext, timeoutMs: number, client: Client | null): Promise<HttpAnswer> {
    call.signal.throwIfAborted();
    const { subgraph, transport, flights, onShare, clock } = this.options;
    const { endsAt } = sendingOf(body, call, timeoutMs, client, clock);
    const key = [subgraph, JSON.stringify([call.viewer, client]), body].join('\n');
    let flight = flights.find(key);
    if (flight && this.isWorthJoining(flight, endsAt)) onShare();
    else flight = flights.begin(key, endsAt, (signal) => transport.send(body, { ...call, signal }, timeoutMs, client));
    const joined = flight;
    joined.board();
    return waitFor(joined.answer, { call, endsAt }, { clock, onLeave: (reason) => joined.leave(reason) });
  }

  // Whoever has time must not fail because somebody else had little.
  private isWorthJoining(flight: Flight, endsAt: number): boolean {
    const { clock } = this.options;
    return leftOf(flight, clock) >= leftOf({ endsAt }, clock) / 2;
  }
}
