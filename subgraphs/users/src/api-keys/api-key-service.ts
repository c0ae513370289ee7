import {
  type ApiKeyMode,
  type Call,
  type Clock,
  type Connection,
  createApiKeySecret,
  hashApiKeySecret,
  hintOfApiKeySecret,
  type IdGenerator,
  inTransaction,
  type MongoConnection,
  ok,
  type PageArgs,
  refuse,
  type Result,
} from '@shopgraph/kit';
import type { AuditTrail } from '../audit/audit-trail';
import type { SecretBox } from '../secret-box';
import {
  type ApiKey,
  type ApiKeyChoices,
  type ApiKeyProblem,
  type KeyManager,
  makeApiKey,
  mayManage,
  type NewSecret,
  revokeApiKey,
  rotateApiKey,
} from './api-key';
import type { ApiKeyStore } from './api-key-store';
import type { ChangedApiKeys } from './changed-api-keys';
import { sealedIn } from './sealed-secret';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly keys: ApiKeyStore;
  readonly changed: ChangedApiKeys;
  readonly box: SecretBox;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly mode: ApiKeyMode;
}

/** A key, and the secret that is shown this once. */
export interface IssuedKey {
  readonly apiKey: ApiKey;
  readonly secret: string;
}

/** Makes, rotates and revokes the keys of programs. */
export class ApiKeyService {
  constructor(private readonly deps: Dependencies) {}

  /** The keys that somebody may manage, the newest first. */
  page(manager: KeyManager, page: PageArgs): Promise<Connection<ApiKey>> {
    return this.deps.keys.pageFor(manager, page);
  }

  /** Makes a key that acts for `owner`. */
  async create(choices: ApiKeyChoices, owner: KeyManager, call: Call): Promise<Result<IssuedKey, ApiKeyProblem>> {
    const { connection, keys, audit, clock, ids } = this.deps;
    const id = ids.next('apikey');
    const { secret, kept } = this.newSecret(id, choices);
    const decision = makeApiKey(choices, owner, { id, secret: kept, now: clock.now() });
    if (!decision.ok) return decision;

    await inTransaction(connection, async (tx) => {
      await keys.add(decision.value, tx);
      const { scopes, requireSignature } = choices;
      await audit.record({ action: 'api-key.created', subject: id, details: { scopes, requireSignature } }, call, tx);
    });
    return ok({ apiKey: decision.value, secret });
  }

  /** Gives a key a new secret; the one before works for `overlapSeconds` more. */
  async rotate(
    id: string,
    overlapSeconds: number,
    manager: KeyManager,
    call: Call,
  ): Promise<Result<IssuedKey, ApiKeyProblem>> {
    const { connection, keys, changed, audit, clock } = this.deps;
    const result = await inTransaction<Result<IssuedKey, ApiKeyProblem>>(connection, async (tx) => {
      const key = await keys.byId(id, tx);
      if (!key || !mayManage(manager, key)) return refuse({ kind: 'unknown-key' });
      const { secret, kept } = this.newSecret(id, key);
      const decision = rotateApiKey(key, kept, overlapSeconds, clock.now());
      if (!decision.ok) return decision;

      await keys.update(decision.value, tx);
      await audit.record({ action: 'api-key.rotated', subject: id, details: { overlapSeconds } }, call, tx);
      return ok({ apiKey: decision.value, secret });
    });
    if (result.ok) await changed.add([id]);
    return result;
  }

  /** Ends a key at once; ending it again changes nothing. */
  async revoke(id: string, manager: KeyManager, call: Call): Promise<Result<ApiKey, ApiKeyProblem>> {
    const { connection, keys, changed, audit, clock } = this.deps;
    const result = await inTransaction<Result<ApiKey, ApiKeyProblem>>(connection, async (tx) => {
      const key = await keys.byId(id, tx);
      if (!key || !mayManage(manager, key)) return refuse({ kind: 'unknown-key' });
      const revoked = revokeApiKey(key, clock.now());
      if (revoked === key) return ok(key);

      await keys.update(revoked, tx);
      await audit.record({ action: 'api-key.revoked', subject: id }, call, tx);
      return ok(revoked);
    });
    // Also when it had ended: the first time, Redis may have been away.
    if (result.ok) await changed.add([id]);
    return result;
  }

  private newSecret(id: string, { allowSignature }: Pick<ApiKeyChoices, 'allowSignature'>) {
    const secret = createApiKeySecret(id, this.deps.mode);
    const sealed = allowSignature ? sealedIn(this.deps.box, id).seal(secret) : null;
    const kept: NewSecret = { hash: hashApiKeySecret(secret), sealed, hint: hintOfApiKeySecret(secret) };
    return { secret, kept };
  }
}
