import {
  bulkhead,
  circuitBreaker,
  type CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  type IPolicy,
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
  const breaker = circuitBreaker(faults, {
    halfOpenAfter: settings.openMs,
    breaker: new ConsecutiveBreaker(settings.failuresToOpen),
  });
  breaker.onStateChange(onCircuitChange);
  const backoff = new ExponentialBackoff({ initialDelay: settings.retryDelayMs, maxDelay: MAX_RETRY_DELAY_MS });
  const once = wrap(bulkhead(settings.concurrentCalls, settings.waitingCalls), breaker);
  return { once, repeated: wrap(retry(faults, { maxAttempts: settings.retries, backoff }), once) };
}
