import type { ApiKeyMode, Clock, IdGenerator, MongoConnection, RedisWithFallback } from '@shopgraph/kit';
import type { Logger } from 'pino';
import type { UserStore } from '../accounts/user-store';
import type { AuditTrail } from '../audit/audit-trail';
import type { Roles } from '../roles/roles';
import type { SecretBox } from '../secret-box';
import { ApiKeyAuthentication } from './api-key-authentication';
import { ApiKeyService } from './api-key-service';
import { ApiKeyStore } from './api-key-store';
import { ChangedApiKeys } from './changed-api-keys';
import { LastUses } from './last-uses';
import { Nonces } from './nonces';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly redis: RedisWithFallback;
  readonly users: UserStore;
  readonly roles: Roles;
  readonly box: SecretBox;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  /** What new secrets begin with; both kinds work everywhere. */
  readonly mode: ApiKeyMode;
  readonly logger: Logger;
}

/** Makes the store of API keys and the use cases over it. */
export function createApiKeyServices({ connection, redis, users, roles, box, clock, logger, ...rest }: Dependencies) {
  const keys = new ApiKeyStore(connection);
  const changedApiKeys = new ChangedApiKeys({ redis, clock, keys });
  const nonces = new Nonces(redis, clock);
  const lastUses = new LastUses({ keys, clock, logger });
  return {
    apiKeyStore: keys,
    changedApiKeys,
    lastUses,
    apiKeyService: new ApiKeyService({ connection, keys, changed: changedApiKeys, box, clock, ...rest }),
    apiKeyAuthentication: new ApiKeyAuthentication({ keys, users, roles, box, nonces, lastUses, clock }),
  };
}
