import { isDuplicateKey } from '@shopgraph/kit';

const MAX_ATTEMPTS = 10;

/**
 * Does `work` again when a unique index refuses it: somebody has taken a value since `work` found it free, and
 * the next attempt will see that. `work` is one transaction, so nothing is left of an attempt that failed.
 */
export async function retryWhenTaken<Value>(work: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isDuplicateKey(error) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}
