import {
  type Call,
  type Clock,
  type IdGenerator,
  inTransaction,
  isDuplicateKey,
  type MongoConnection,
  serviceCall,
} from '@shopgraph/kit';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { AuditTrail } from '../audit/audit-trail';
import type { SecretBox } from '../secret-box';
import { isRotationDue, KEYS_REREAD_MS, nextKeyTerms, publishedKeysAt, signingKeyAt } from './signing-key';
import type { SigningKeyStore, StoredKey } from './signing-key-store';

export const SIGNATURE_ALGORITHM = 'ES256';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly store: SigningKeyStore;
  readonly box: SecretBox;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  /** Seconds that a token lives, and so needs the key that signed it. */
  readonly accessTokenSeconds: number;
}

/** What signs an access token. */
export interface Signer {
  readonly keyId: string;
  readonly key: CryptoKey;
}

/** The key pairs that access tokens are signed with: made here, kept in the database, shared by all replicas. */
export class KeyRing {
  private read: { readonly keys: readonly StoredKey[]; readonly at: number } | null = null;
  private readonly signers = new Map<string, Promise<Signer>>();

  constructor(private readonly deps: Dependencies) {}

  /**
   * The key to sign with now; makes the very first one.
   * @throws Error when the database holds keys that KEY_ENCRYPTION_SECRET does not open.
   */
  async signer(): Promise<Signer> {
    const known = await this.keys();
    const keys = known.length > 0 ? known : await this.makeFirst();
    // The very first one signs at once, even when another replica made it by a clock that is ahead of ours.
    const current = signingKeyAt(keys, this.deps.clock.now()) ?? keys[0];
    if (!current) throw new Error('There is no signing key');
    let signer = this.signers.get(current.id);
    if (!signer) {
      signer = this.unseal(current);
      this.signers.set(current.id, signer);
      signer.catch(() => this.signers.delete(current.id));
    }
    return signer;
  }

  /** The public keys that verifiers need, as a JSON Web Key Set lists them (RFC 7517). */
  async publicKeys(): Promise<JWK[]> {
    const { clock, accessTokenSeconds } = this.deps;
    const published = publishedKeysAt(await this.keys(), clock.now(), accessTokenSeconds);
    return published.map(({ id, publicKey }) => ({
      ...(JSON.parse(publicKey) as JWK),
      kid: id,
      alg: SIGNATURE_ALGORITHM,
      use: 'sig',
    }));
  }

  /**
   * Replaces the key: the new one is published now and signs once every verifier can know it; the old
   * one is published until the last token that it signed has expired.
   */
  async rotateSigningKey(call: Call): Promise<void> {
    this.read = null;
    await this.make(await this.keys(), call);
  }

  /** Rotates when the newest key is `days` old. */
  async rotateWhenDue(days: number): Promise<void> {
    // Another replica may have rotated a moment ago.
    this.read = null;
    if (isRotationDue(await this.keys(), this.deps.clock.now(), days))
      await this.rotateSigningKey(serviceCall('users'));
  }

  private async keys(): Promise<readonly StoredKey[]> {
    const now = this.deps.clock.now().getTime();
    if (!this.read || now - this.read.at >= KEYS_REREAD_MS) this.read = { keys: await this.deps.store.all(), at: now };
    return this.read.keys;
  }

  private async makeFirst(): Promise<readonly StoredKey[]> {
    await this.make([], serviceCall('users'));
    return this.keys();
  }

  /** Adds the key after `known`. When another replica was faster, its key will do. */
  private async make(known: readonly StoredKey[], call: Call): Promise<void> {
    const { connection, store, audit, clock, accessTokenSeconds } = this.deps;
    const key = await this.generate(known);
    const [oldestNeeded] = publishedKeysAt([...known, key], clock.now(), accessTokenSeconds);
    try {
      await inTransaction(connection, async (tx) => {
        await store.add(key, tx);
        await store.removeBefore(oldestNeeded?.sequence ?? key.sequence, tx);
        await audit.record({ action: 'signing-key.rotated', subject: key.id }, call, tx);
      });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    } finally {
      this.read = null;
    }
  }

  private async generate(known: readonly StoredKey[]): Promise<StoredKey> {
    const { box, clock, ids } = this.deps;
    const id = ids.next('key');
    const pair = await generateKeyPair(SIGNATURE_ALGORITHM, { extractable: true });
    const sealedPrivateKey = box.seal(JSON.stringify(await exportJWK(pair.privateKey)), contextOf(id));
    const publicKey = JSON.stringify(await exportJWK(pair.publicKey));
    return { id, ...nextKeyTerms(known, clock.now()), publicKey, sealedPrivateKey };
  }

  private async unseal({ id, sealedPrivateKey }: StoredKey): Promise<Signer> {
    const jwk = JSON.parse(this.deps.box.open(sealedPrivateKey, contextOf(id))) as JWK;
    return { keyId: id, key: (await importJWK(jwk, SIGNATURE_ALGORITHM)) as CryptoKey };
  }
}

function contextOf(keyId: string): string {
  return `signing key ${keyId}`;
}
