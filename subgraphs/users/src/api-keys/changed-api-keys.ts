import type { Clock, RedisWithFallback, Transaction } from '@shopgraph/kit';
import { RevocationNotes } from '../revocation-notes';
import type { ApiKeyStore } from './api-key-store';

/**
 * How long the gateway bypasses what it remembers of a key: longer than it remembers anything (10 s), and an answer
 * that was under way when the key was changed may take (3 s).
 */
const BYPASS_SECONDS = 30;

interface Options {
  readonly redis: Pick<RedisWithFallback, 'run'>;
  readonly clock: Clock;
  readonly keys: ApiKeyStore;
}

/** Tells the gateway of which keys it must ask again, because they or their owners changed. */
export class ChangedApiKeys extends RevocationNotes {
  private readonly keys: ApiKeyStore;

  constructor({ redis, clock, keys }: Options) {
    super({ redis, clock, prefix: 'apikey:revoked:', seconds: BYPASS_SECONDS });
    this.keys = keys;
  }

  /** The keys to announce when these users may do something else than before. */
  idsOf(userIds: readonly string[], tx: Transaction): Promise<string[]> {
    return this.keys.idsInUseOf(userIds, tx);
  }
}
