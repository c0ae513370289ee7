import {
  BrokenCircuitError,
  bulkhead,
  BulkheadRejectedError,
  circuitBreaker,
  type CircuitBreakerPolicy,
  type CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  type IPolicy,
  type Policy,
  retry,
  wrap,
} from 'cockatiel';

/** How calls to one dependency are held back and repeated. */
export interface Resilience {
  /** Calls under way at the most. */
  readonly concurrentCalls: number;
  /** Calls that may wait for one of those to end; further ones are rejected. */
  readonly waitingCalls: number;
  /** Failures in a row that open the circuit: then nothing is called any more. */
  readonly failuresToOpen: number;
  /** How long it stays open before one call may try again, in milliseconds. */
  readonly openMs: number;
  /** Attempts after the first, where a call may be repeated. */
  readonly retries: number;
  /** Before the first repetition, about, in milliseconds; grows with each further one. */
  readonly retryDelayMs: number;
}

export const DEFAULT_RESILIENCE: Resilience = {
  concurrentCalls: 64,
  waitingCalls: 256,
  failuresToOpen: 10,
  openMs: 2_000,
  retries: 2,
  retryDelayMs: 50,
};

const MAX_RETRY_DELAY_MS = 1_000;

interface Policies {
  /** Tries once. */
  readonly once: IPolicy;
  /** Repeats what failed by a fault. */
  readonly repeated: IPolicy;
}

/** The policies for one dependency. `isFault` tells the failures that a repetition may mend, and that count for the circuit. */
export function resiliencePolicies(
  settings: Resilience,
  isFault: (error: unknown) => boolean,
  onCircuitChange: (state: CircuitState) => void,
): Policies {
  const faults = handleWhen(isFault);
  const breaker = circuitOf(settings, faults, onCircuitChange);
  const backoff = new ExponentialBackoff({ initialDelay: settings.retryDelayMs, maxDelay: MAX_RETRY_DELAY_MS });
  const once = wrap(bulkhead(settings.concurrentCalls, settings.waitingCalls), breaker);
  return { once, repeated: wrap(retry(faults, { maxAttempts: settings.retries, backoff }), once) };
}

/** A circuit that opens after failures in a row, of those that `faults` names, and then lets one call try now and again. */
export function circuitOf(
  { failuresToOpen, openMs }: Pick<Resilience, 'failuresToOpen' | 'openMs'>,
  faults: Policy,
  onChange: (state: CircuitState) => void,
): CircuitBreakerPolicy {
  const circuit = circuitBreaker(faults, {
    halfOpenAfter: openMs,
    breaker: new ConsecutiveBreaker(failuresToOpen),
  });
  circuit.onStateChange(onChange);
  return circuit;
}

/** Whether a call was not made at all, because the circuit is open or too many others are under way. */
export function isHeldBack(error: unknown): boolean {
  return error instanceof BrokenCircuitError || error instanceof BulkheadRejectedError;
}
