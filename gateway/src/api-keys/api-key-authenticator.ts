import {
  type Clock,
  DomainError,
  hashApiKeySecret,
  parseApiKeySecret,
  type RedisWithFallback,
  type Viewer,
} from '@shopgraph/kit';
import { LRUCache } from 'lru-cache';
import type { ApiKeyIdentity, HashedSecret, KeyAuthority, SignedRequest } from './key-authority';
import type { RefusedAddresses } from './refused-addresses';

/** How long a key goes on unasked. The users subgraph announces changes for longer: see `changedKeyNote`. */
const REMEMBERED_MS = 10_000;
/** More than any shop has programs, times the addresses that they have. */
const REMEMBERED_KEYS = 10_000;

interface Options {
  readonly authority: KeyAuthority;
  /** Null where nothing is limited. */
  readonly refused: RefusedAddresses | null;
  readonly redis: RedisWithFallback;
  readonly clock: Clock;
}

interface Remembered {
  readonly identity: ApiKeyIdentity;
  readonly until: Date;
}

/** The request that brings a credential. */
export interface Bearer {
  /** Names it in logs. */
  readonly id: string;
  readonly ip: string;
}

/** Turns API keys into viewers. */
export class ApiKeyAuthenticator {
  /** By secret and address. Refusals are not remembered: whoever guesses would push out the keys that work. */
  private readonly known = new LRUCache<string, Remembered>({ max: REMEMBERED_KEYS });
  private readonly asking = new Map<string, Promise<ApiKeyIdentity>>();
  /** What has worked before, and so is asked about whatever else its address has tried. Nobody is let in for it. */
  private readonly proven = new LRUCache<string, true>({ max: REMEMBERED_KEYS });

  constructor(private readonly options: Options) {}

  /**
   * The program that sends a secret. Mistyped ones are refused without asking anybody.
   * @throws DomainError UNAUTHENTICATED, always the same, for a key that is unknown or has ended; IP_NOT_ALLOWED;
   *   SIGNATURE_REQUIRED; RATE_LIMITED; UNAVAILABLE when nobody can tell.
   */
  async bySecret(secret: string, { id, ip }: Bearer): Promise<Viewer> {
    const parsed = parseApiKeySecret(secret);
    if (!parsed) throw new DomainError('UNAUTHENTICATED');
    const use: HashedSecret = { keyId: parsed.keyId, secretHash: hashApiKeySecret(secret), ip };
    const name = `${use.secretHash} ${ip}`;
    // What was remembered, or asked, before the change may no longer be so.
    if (await this.isChanged(parsed.keyId)) return viewerOf(await this.ask(name, use, id));
    const known = this.known.get(name);
    if (known && this.options.clock.now() < known.until) return viewerOf(known.identity);

    const asking = this.asking.get(name) ?? this.ask(name, use, id).finally(() => this.asking.delete(name));
    this.asking.set(name, asking);
    return viewerOf(await asking);
  }

  /**
   * The program that has signed a request. Every request is asked about: no signature is good twice.
   * @throws DomainError SIGNATURE_INVALID, SIGNATURE_EXPIRED, SIGNATURE_REPLAYED, and as `bySecret` does.
   */
  async bySignature(request: SignedRequest, id: string): Promise<Viewer> {
    const { authority } = this.options;
    const name = `${request.keyId} ${request.ip}`;
    return viewerOf(await this.counted(name, request.ip, () => authority.bySignature(request, id)));
  }

  private async ask(name: string, use: HashedSecret, requestId: string): Promise<ApiKeyIdentity> {
    const { authority, clock } = this.options;
    const identity = await this.counted(name, use.ip, () => authority.bySecret(use, requestId));
    const latest = clock.now().getTime() + REMEMBERED_MS;
    this.known.set(name, { identity, until: new Date(Math.min(latest, identity.validUntil?.getTime() ?? latest)) });
    return identity;
  }

  /** Asks, unless too much that never worked was refused from the address; counts when it is refused. */
  private async counted(name: string, ip: string, ask: () => Promise<ApiKeyIdentity>): Promise<ApiKeyIdentity> {
    const { refused } = this.options;
    if (!this.proven.has(name)) await refused?.assertMayAsk(ip);
    try {
      const identity = await ask();
      this.proven.set(name, true);
      return identity;
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'UNAVAILABLE')) await refused?.note(ip);
      throw error;
    }
  }

  /** While Redis is away a key that has ended goes on for as long as it is remembered. */
  private isChanged(keyId: string): Promise<boolean> {
    return this.options.redis.run(
      async (redis) => (await redis.exists(changedKeyNote(keyId))) === 1,
      () => false,
    );
  }
}

/** Where the users subgraph notes for half a minute that a key, or its owner, has changed. */
export function changedKeyNote(keyId: string): string {
  return `apikey:revoked:${keyId}`;
}

function viewerOf({ id, ownerId, permissions }: ApiKeyIdentity): Viewer {
  return { kind: 'api-key', id, ownerId, permissions };
}
