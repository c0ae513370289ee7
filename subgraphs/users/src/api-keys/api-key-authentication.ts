import { type Clock, isSameDigest, isWithin, ok, type Permission, refuse, type Result } from '@shopgraph/kit';
import type { UserStore } from '../accounts/user-store';
import type { Roles } from '../roles/roles';
import type { SecretBox } from '../secret-box';
import { type ApiKey, type KeptSecret, permissionsOfKey, workingSecrets } from './api-key';
import type { ApiKeyStore } from './api-key-store';
import type { LastUses } from './last-uses';
import type { Nonces } from './nonces';
import { isRecent, isSignedWith, type SignedRequest } from './request-signature';
import { sealedIn } from './sealed-secret';

interface Dependencies {
  readonly keys: ApiKeyStore;
  readonly users: UserStore;
  readonly roles: Roles;
  readonly box: SecretBox;
  readonly nonces: Nonces;
  readonly lastUses: LastUses;
  readonly clock: Clock;
}

/** Who uses a key, from where. */
interface Use {
  readonly keyId: string;
  readonly ip: string;
}

/** The program that a key stands for. */
export interface ApiKeyIdentity {
  readonly id: string;
  readonly ownerId: string;
  readonly permissions: readonly Permission[];
  /** When what proved it stops working; null where nothing is known to end it. */
  readonly validUntil: Date | null;
}

export type AuthenticationProblem = {
  /** `unknown-key`: also one that has ended, has another secret, or whose owner is not active. */
  readonly kind:
    | 'unknown-key'
    | 'ip-not-allowed'
    | 'signature-required'
    | 'signature-invalid'
    | 'signature-expired'
    | 'signature-replayed';
};

type Outcome = Result<ApiKeyIdentity, AuthenticationProblem>;

/** Tells which program a request comes from. */
export class ApiKeyAuthentication {
  constructor(private readonly deps: Dependencies) {}

  /** By a secret that was sent along, of which the hash is enough. */
  async bySecret(secretHash: string, use: Use): Promise<Outcome> {
    const key = await this.deps.keys.byId(use.keyId);
    const secret = key && workingSecrets(key, this.deps.clock.now()).find(({ hash }) => isSameDigest(hash, secretHash));
    const ownerPermissions = secret ? await this.ownerPermissions(key) : null;
    if (!secret || !ownerPermissions) return refuse({ kind: 'unknown-key' });
    if (!isAllowedFrom(use.ip, key)) return refuse({ kind: 'ip-not-allowed' });
    if (key.requireSignature) return refuse({ kind: 'signature-required' });

    this.deps.lastUses.note(key, use.ip);
    return ok(identityOf(key, ownerPermissions, secret.expiresAt));
  }

  /** By a signature over the request, made with a secret that stays where it is. Good for one request. */
  async bySignature(request: SignedRequest, use: Use): Promise<Outcome> {
    const { keys, nonces, lastUses, clock } = this.deps;
    const now = clock.now();
    const key = await keys.byId(use.keyId);
    const isSigned = key !== null && isSignedWith(this.opened(key, workingSecrets(key, now)), request);
    const ownerPermissions = isSigned ? await this.ownerPermissions(key) : null;
    if (!key || !ownerPermissions) return refuse({ kind: 'signature-invalid' });
    if (!isAllowedFrom(use.ip, key)) return refuse({ kind: 'ip-not-allowed' });
    if (!isRecent(request, now)) return refuse({ kind: 'signature-expired' });
    // Last, so that only requests which are right in everything else use one up.
    if (!(await nonces.remember(key.id, request.nonce))) return refuse({ kind: 'signature-replayed' });

    lastUses.note(key, use.ip);
    return ok(identityOf(key, ownerPermissions, null));
  }

  /** What the owner may do at this moment; null where they are not active. */
  private async ownerPermissions({ ownerId }: ApiKey): Promise<readonly string[] | null> {
    const { users, roles } = this.deps;
    const owner = await users.byId(ownerId);
    return owner?.status === 'ACTIVE' ? roles.permissionsOf(owner.roleIds) : null;
  }

  private opened({ id }: ApiKey, secrets: readonly KeptSecret[]): string[] {
    const { open } = sealedIn(this.deps.box, id);
    return secrets.flatMap(({ sealed }) => (sealed === null ? [] : open(sealed)));
  }
}

function isAllowedFrom(ip: string, { allowedIps }: ApiKey): boolean {
  return allowedIps.length === 0 || isWithin(ip, allowedIps);
}

function identityOf(key: ApiKey, ownerPermissions: readonly string[], secretEnds: Date | null): ApiKeyIdentity {
  const ends = [key.expiresAt, secretEnds].flatMap((end) => end ?? []).map((end) => end.getTime());
  return {
    id: key.id,
    ownerId: key.ownerId,
    permissions: permissionsOfKey(key, ownerPermissions),
    validUntil: ends.length > 0 ? new Date(Math.min(...ends)) : null,
  };
}
