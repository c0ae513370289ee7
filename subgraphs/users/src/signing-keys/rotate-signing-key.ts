import { type Clock, type IdGenerator, type MongoConnection, serviceCall, systemClock, typeIds } from '@shopgraph/kit';
import { createAuditLog } from '../audit/create-audit-log';
import { SecretBox } from '../secret-box';
import { KeyRing } from './key-ring';
import { type StoredKey, SigningKeyStore } from './signing-key-store';

export interface RotationOptions {
  /** The KEY_ENCRYPTION_SECRET of the shop. */
  readonly secrets: readonly string[] | undefined;
  /** Seconds that an access token of the shop lives. */
  readonly accessTokenSeconds: number;
  readonly clock?: Clock;
  readonly ids?: IdGenerator;
}

/** The key that follows. */
export type Rotation = Pick<StoredKey, 'id' | 'signsFrom'>;

/**
 * Rotates the key of access tokens in the database of users, beside a shop that runs: every replica finds the new
 * one within a minute, and signs with it from `signsFrom` on, when every gateway has it; tokens that the old one
 * has signed stay good until they expire. Audited as done by `service:users`.
 * @throws Error when the database has no key yet, or one that the secret does not open: a key that was sealed with
 *   another secret than the shop's would leave it without a signature.
 */
export async function rotateSigningKey(connection: MongoConnection, options: RotationOptions): Promise<Rotation> {
  const { secrets, accessTokenSeconds, clock = systemClock, ids = typeIds } = options;
  const store = new SigningKeyStore(connection);
  if ((await store.all()).length === 0) throw new Error('this database has no signing key yet: is it that of users?');
  const { trail: audit } = createAuditLog({ connection, secrets, clock, ids });
  const keyRing = new KeyRing({
    connection,
    store,
    box: new SecretBox(secrets),
    audit,
    clock,
    ids,
    accessTokenSeconds,
  });
  await keyRing.signer();
  await keyRing.rotateSigningKey(serviceCall('users'));
  const newest = (await store.all()).at(-1);
  if (!newest) throw new Error('the new signing key is gone');
  return { id: newest.id, signsFrom: newest.signsFrom };
}
