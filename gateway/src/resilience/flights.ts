import type { HttpAnswer } from '../answer-reader';
import { Flight } from './flight';

/** The queries that are under way to any subgraph, by everything that their answer depends on. */
export class Flights {
  private readonly flights = new Map<string, Flight>();

  /** The flight that others may still join. */
  find(key: string): Flight | undefined {
    return this.flights.get(key);
  }

  /** Begins one that others may join until it has landed. @param endsAt Milliseconds since 1970. */
  begin(key: string, endsAt: number, send: (signal: AbortSignal) => Promise<HttpAnswer>): Flight {
    const close = () => {
      if (this.flights.get(key) === flight) this.flights.delete(key);
    };
    const flight = new Flight(endsAt, send, close);
    this.flights.set(key, flight);
    flight.answer.then(close, close);
    return flight;
  }

  /** Lets nobody join those that are under way: they may have read what has just been changed. */
  closeAll(): void {
    this.flights.clear();
  }
}
