import type { Clock } from '@shopgraph/kit';
import type { AuditTrail } from '../audit/audit-trail';
import type { Holding } from '../privacy/holdings';
import type { ApiKeyStore } from './api-key-store';

/** The keys of programs that act for them; those end with the account. */
export function apiKeysHolding(keys: ApiKeyStore, audit: AuditTrail, clock: Clock): Holding {
  return {
    name: 'apiKeys',
    async exportOf(userId) {
      const found = await keys.allOf(userId);
      return found.map(({ secrets: _secrets, hint: _hint, version: _version, ...key }) => key);
    },
    async erase(userId, tx) {
      // Entries of what their programs did hold where it was done from.
      for (const id of await keys.eraseAllOf(userId, clock.now(), tx)) await audit.erasePersonalData(id, tx);
    },
  };
}
