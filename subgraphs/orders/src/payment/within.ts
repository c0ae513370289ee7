import { DomainError } from '@shopgraph/kit';

/**
 * What `promise` resolves to, if it does within `milliseconds`. What it does goes on all the same.
 * @throws DomainError TIMEOUT otherwise.
 */
export async function within<Value>(milliseconds: number, promise: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DomainError('TIMEOUT')), milliseconds);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
