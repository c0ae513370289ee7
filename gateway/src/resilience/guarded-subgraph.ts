import { circuitOf, type Clock } from '@shopgraph/kit';
import {
  BrokenCircuitError,
  bulkhead,
  type BulkheadPolicy,
  type CircuitBreakerPolicy,
  CircuitState,
  handleType,
} from 'cockatiel';
import type { Logger } from 'pino';
import type { HttpAnswer } from '../answer-reader';
import { Fault, isFault, isFaultyAnswer } from './fault';
import { waitFor } from './patience';
import type { Replica } from './replica';
import type { Replicas } from './replicas';
import { leftOf, type Sending } from './sending';
import type { ResilienceSettings } from './settings';

interface GuardedSubgraphOptions {
  readonly subgraph: string;
  readonly replicas: Replicas;
  readonly settings: ResilienceSettings;
  /** Milliseconds that a query may take. */
  readonly timeoutMs: number;
  readonly onReject: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * One subgraph behind its circuit and its bulkhead. The circuit comes first: when it is open nothing waits for a
 * turn, and while one call tries whether the subgraph is back, all others fail at once.
 */
export class GuardedSubgraph {
  private readonly circuit: CircuitBreakerPolicy;
  private readonly bulkhead: BulkheadPolicy;

  constructor(private readonly options: GuardedSubgraphOptions) {
    const { subgraph, settings, onReject, logger } = options;
    const faults = handleType(Fault).orWhenResult((answer) => isFaultyAnswer(answer as HttpAnswer));
    this.circuit = circuitOf(settings, faults, (state) =>
      logger.warn({ subgraph, state: CircuitState[state] }, 'circuit changed'),
    );
    this.bulkhead = bulkhead(settings.concurrentCalls, settings.waitingCalls);
    this.bulkhead.onReject(onReject);
  }

  get state(): CircuitState {
    return this.circuit.state;
  }

  get replicas(): Replicas {
    return this.options.replicas;
  }

  /**
   * One attempt, at a replica that is not among `tried`, if there is another; it is added to them.
   * @throws BrokenCircuitError or BulkheadRejectedError when it is not made; otherwise as the transport does.
   */
  async attempt(sending: Sending, tried: Set<Replica>): Promise<HttpAnswer> {
    sending.call.signal.throwIfAborted();
    if (this.state === CircuitState.HalfOpen) throw new BrokenCircuitError();
    try {
      return await this.circuit.execute(() => this.admit(sending, tried));
    } catch (error) {
      throw error instanceof Fault ? error.cause : error;
    }
  }

  private isClosed(): boolean {
    return this.circuit.state === CircuitState.Closed;
  }

  private async admit(sending: Sending, tried: Set<Replica>): Promise<HttpAnswer> {
    const isProbe = !this.isClosed();
    try {
      return await this.inTurn(sending, async () => {
        if (!isProbe && !this.isClosed()) throw new BrokenCircuitError();
        return this.ask(sending, tried);
      });
    } catch (error) {
      // A probe that ends without an answer, for whatever reason, has not shown that the subgraph is back.
      throw isProbe && !(error instanceof Fault) ? new Fault(error) : error;
    }
  }

  private async inTurn(sending: Sending, ask: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
    if (this.bulkhead.executionSlots > 0) return this.bulkhead.execute(ask);
    const place = new AbortController();
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const answer = this.bulkhead.execute(() => {
      begin();
      return ask();
    }, place.signal);
    const isItsTurn = Promise.race([begun, answer]);
    await waitFor(isItsTurn, sending, { clock: this.options.clock, onLeave: () => place.abort() });
    return answer;
  }

  private async ask(sending: Sending, tried: Set<Replica>): Promise<HttpAnswer> {
    const { replicas, timeoutMs, clock } = this.options;
    const { body, call, client } = sending;
    const replica = replicas.choose(tried);
    tried.add(replica);
    const start = performance.now();
    replica.underWay += 1;
    try {
      const answer = await replica.transport.send(body, call, leftOf(sending, clock), client);
      if (isFaultyAnswer(answer)) replicas.failed(replica);
      else replicas.succeeded(replica);
      return answer;
    } catch (error) {
      const { signal } = call;
      if (!isFault(error, { signal, elapsedMs: performance.now() - start, timeoutMs })) throw error;
      replicas.failed(replica);
      throw new Fault(signal.aborted ? signal.reason : error);
    } finally {
      replica.underWay -= 1;
    }
  }
}
