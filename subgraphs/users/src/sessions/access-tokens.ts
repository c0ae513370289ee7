import type { Clock, Transaction } from '@shopgraph/kit';
import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { User } from '../accounts/user';
import type { Roles } from '../roles/roles';
import { type KeyRing, SIGNATURE_ALGORITHM } from '../signing-keys/key-ring';

interface Options {
  readonly keyRing: KeyRing;
  readonly roles: Roles;
  readonly clock: Clock;
  /** Who says so: `iss`. */
  readonly issuer: string;
  /** Whom it is for: `aud`. */
  readonly audience: string;
  /** How long a token is good for, in seconds. */
  readonly lifeSeconds: number;
}

/** Issues access tokens, as RFC 9068 describes them. */
export class AccessTokens {
  constructor(private readonly options: Options) {}

  /** How long a token is good for, in seconds. */
  get lifeSeconds(): number {
    return this.options.lifeSeconds;
  }

  /** A token that carries what the user may do at this moment. */
  async issue({ id, roleIds }: User, sessionId: string, tx: Transaction): Promise<string> {
    const { keyRing, roles, clock, issuer, audience, lifeSeconds } = this.options;
    const { keyId, key } = await keyRing.signer();
    const issuedAt = Math.floor(clock.now().getTime() / 1_000);
    const permissions = await roles.permissionsOf(roleIds, tx);
    return new SignJWT({ sid: sessionId, roles: roleIds, permissions })
      .setProtectedHeader({ alg: SIGNATURE_ALGORITHM, kid: keyId, typ: 'at+jwt' })
      .setSubject(id)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifeSeconds)
      .setJti(randomUUID())
      .sign(key);
  }
}
