import type { Permission, Result } from '@shopgraph/kit';
import { holdsAll } from '../roles/role';

/** What is kept of one secret of a key. */
export interface KeptSecret {
  /** Of `hashApiKeySecret`. */
  readonly hash: string;
  /** The secret itself in a `SecretBox`, where requests may be signed with it; otherwise null. */
  readonly sealed: string | null;
  /** When it stops working, where another one has taken its place. */
  readonly expiresAt: Date | null;
}

/** What whoever makes a key chooses. */
export interface ApiKeyChoices {
  readonly name: string;
  /** At least one, none of them twice. */
  readonly scopes: readonly Permission[];
  /** Addresses and CIDR blocks from which it works; empty for everywhere. */
  readonly allowedIps: readonly string[];
  readonly allowSignature: boolean;
  /** Whether it works in signed requests only; implies `allowSignature`. */
  readonly requireSignature: boolean;
  readonly expiresAt: Date | null;
}

/** What a program proves itself by, on behalf of the user who made it. */
export interface ApiKey extends ApiKeyChoices {
  readonly id: string;
  readonly ownerId: string;
  /** What people recognise the newest secret by. */
  readonly hint: string;
  /** The newest first; two at the most, none once it is revoked. */
  readonly secrets: readonly KeptSecret[];
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly lastUsedIp: string | null;
  readonly version: number;
}

/** Who makes and changes keys, and what they may do themselves. */
export interface KeyManager {
  readonly id: string;
  readonly permissions: readonly string[];
}

/** A secret that was just made, as it is kept and shown. */
export type NewSecret = Pick<KeptSecret, 'hash' | 'sealed'> & { readonly hint: string };

export type ApiKeyProblem =
  | { readonly kind: 'unknown-key' }
  | { readonly kind: 'beyond-own-permissions' }
  | { readonly kind: 'expiry-in-past' }
  | { readonly kind: 'no-longer-valid' };

interface Making {
  readonly id: string;
  readonly secret: NewSecret;
  readonly now: Date;
}

/** Decides on a new key: nobody gives a program what they do not hold. */
export function makeApiKey(
  choices: ApiKeyChoices,
  owner: KeyManager,
  { id, secret, now }: Making,
): Result<ApiKey, ApiKeyProblem> {
  if (!holdsAll(owner.permissions, choices.scopes)) return refused('beyond-own-permissions');
  if (choices.expiresAt !== null && choices.expiresAt <= now) return refused('expiry-in-past');
  const { hint, ...kept } = secret;
  const key: ApiKey = {
    ...choices,
    id,
    ownerId: owner.id,
    hint,
    secrets: [{ ...kept, expiresAt: null }],
    createdAt: now,
    revokedAt: null,
    lastUsedAt: null,
    lastUsedIp: null,
    version: 1,
  };
  return { ok: true, value: key };
}

/**
 * Gives a key another secret. The one before works for `overlapSeconds` more, one before that no longer: two work at
 * the most.
 */
export function rotateApiKey(
  key: ApiKey,
  { hint, ...kept }: NewSecret,
  overlapSeconds: number,
  now: Date,
): Result<ApiKey, ApiKeyProblem> {
  if (!isValid(key, now)) return refused('no-longer-valid');
  const end = new Date(now.getTime() + overlapSeconds * 1_000);
  const previous = key.secrets
    .filter(({ expiresAt }) => expiresAt === null && overlapSeconds > 0)
    .map((secret) => ({ ...secret, expiresAt: end }));
  const secrets = [{ ...kept, expiresAt: null }, ...previous];
  return { ok: true, value: { ...key, hint, secrets, version: key.version + 1 } };
}

/** Ends a key for good and forgets its secrets; one that was revoked stays as it is. */
export function revokeApiKey(key: ApiKey, now: Date): ApiKey {
  return key.revokedAt === null ? { ...key, secrets: [], revokedAt: now, version: key.version + 1 } : key;
}

/** Whether somebody sees and changes a key: their own, and those that may do nothing which they may not. */
export function mayManage({ id, permissions }: KeyManager, key: ApiKey): boolean {
  return key.ownerId === id || holdsAll(permissions, key.scopes);
}

/** The secrets that work at this moment; none where the key has ended. */
export function workingSecrets(key: ApiKey, now: Date): readonly KeptSecret[] {
  return isValid(key, now) ? key.secrets.filter(({ expiresAt }) => expiresAt === null || now < expiresAt) : [];
}

/** What a program may do: what the key is for, as far as its owner may do it at this moment. */
export function permissionsOfKey({ scopes }: ApiKey, ownerPermissions: readonly string[]): Permission[] {
  return scopes.filter((scope) => ownerPermissions.includes(scope));
}

function isValid({ revokedAt, expiresAt }: ApiKey, now: Date): boolean {
  return revokedAt === null && (expiresAt === null || now < expiresAt);
}

function refused(kind: ApiKeyProblem['kind']): Result<never, ApiKeyProblem> {
  return { ok: false, problems: [{ kind }] };
}
