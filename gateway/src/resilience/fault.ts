import { DomainError, isHeldBack } from '@shopgraph/kit';
import type { HttpAnswer } from '../answer-reader';

/** A failure that counts against the subgraph. */
export class Fault extends Error {
  constructor(override readonly cause: unknown) {
    super('the subgraph has failed', { cause });
  }
}

interface FailedAttempt {
  /** Of whoever waits for the answer. */
  readonly signal: AbortSignal;
  readonly elapsedMs: number;
  /** Milliseconds that a subgraph has for a query. */
  readonly timeoutMs: number;
}

/**
 * Whether an attempt without an answer speaks against the subgraph. It does not when the client has gone, or when
 * others have left it less than half of the time that it is to have.
 */
export function isFault(error: unknown, { signal, elapsedMs, timeoutMs }: FailedAttempt): boolean {
  if (isTimeout(signal.aborted ? signal.reason : error)) return elapsedMs >= timeoutMs / 2;
  return isConnectionFault(error, signal);
}

/** Whether an answer speaks against the subgraph; one that refuses the request does not. */
export function isFaultyAnswer({ status }: HttpAnswer): boolean {
  return status >= 500;
}

/** The status of those that have not worked on the request: 502, 503, 504 (RFC 9110, section 15.6). */
export function isUnansweredStatus({ status }: HttpAnswer): boolean {
  return status >= 502 && status <= 504;
}

/** Whether there was no connection, or it broke. Who was too slow would be so again. */
export function isConnectionFault(error: unknown, signal: AbortSignal): boolean {
  return !signal.aborted && !(error instanceof DomainError) && !isHeldBack(error);
}

function isTimeout(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'TIMEOUT';
}
