import { type Clock, DomainError } from '@shopgraph/kit';
import { leftOf, type Sending } from './sending';

interface PatienceOptions {
  readonly clock: Clock;
  /** Told why nobody waits any more: DomainError TIMEOUT, or the client's reason. */
  readonly onLeave: (reason: unknown) => void;
}

/**
 * What `promise` brings, unless the call's time is over or its client has gone before.
 * @throws DomainError TIMEOUT, or the reason of the client's signal; then `onLeave` was told so.
 */
export function waitFor<Value>(
  promise: Promise<Value>,
  sending: Pick<Sending, 'call' | 'endsAt'>,
  { clock, onLeave }: PatienceOptions,
): Promise<Value> {
  const { signal } = sending.call;
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    const leave = (reason: Error) => {
      stop();
      onLeave(reason);
      reject(reason);
    };
    const abort = () => leave(signal.reason as Error);
    const timer = setTimeout(() => leave(new DomainError('TIMEOUT')), leftOf(sending, clock));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
    promise.then(resolve, reject).finally(stop);
  });
}
