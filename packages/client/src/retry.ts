import { ShopgraphError } from './errors';
import type { Answer } from './transport';

/** How often and how fast a call that may be repeated is. */
export interface RetryPolicy {
  /** Repetitions at the most, after the first attempt. */
  readonly retries: number;
  /** The longest wait before the first repetition, in milliseconds; doubles with each. */
  readonly delayMs: number;
}

const MAX_DELAY_MS = 5_000;
/** A shop that wants a longer pause gets it from the caller, who can tell people about it. */
const MAX_RETRY_AFTER_MS = 5_000;
const GATEWAY_STATUSES = [502, 503, 504];

/** Repeats `attempt` while a repetition may help; the last answer or error stands. */
export async function withRetries(
  { retries, delayMs }: RetryPolicy,
  signal: AbortSignal | undefined,
  attempt: () => Promise<Answer>,
): Promise<Answer> {
  for (let repetition = 0; ; repetition += 1) {
    const outcome = await attempt().catch((error: unknown) => ({ error }));
    const pauseMs = repetition < retries ? pauseBeforeRetry(outcome, delayMs * 2 ** repetition) : null;
    if (pauseMs !== null) await sleep(pauseMs, signal);
    else if ('error' in outcome) throw outcome.error;
    else return outcome;
  }
}

/** Milliseconds to wait; null where a repetition would not help. */
function pauseBeforeRetry(outcome: Answer | { error: unknown }, longestMs: number): number | null {
  if ('error' in outcome) return outcome.error instanceof ShopgraphError ? fullJitter(longestMs) : null;
  const { status, retryAfterMs } = outcome;
  if (retryAfterMs !== null && (status === 429 || status === 503)) {
    return retryAfterMs <= MAX_RETRY_AFTER_MS ? retryAfterMs : null;
  }
  return GATEWAY_STATUSES.includes(status) ? fullJitter(longestMs) : null;
}

/**
 * Anything up to the longest wait, so that clients who failed together do not come back together
 * (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/).
 */
export function fullJitter(longestMs: number): number {
  return Math.random() * Math.min(MAX_DELAY_MS, longestMs);
}

/** Waits. @throws The reason of `signal`. */
export async function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end);
  });
  signal?.throwIfAborted();
}
