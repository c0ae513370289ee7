import { createHash } from 'node:crypto';
import { type Clock, DomainError } from '@shopgraph/kit';
import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';

/** Seconds by which the clocks of the issuer and the gateway may differ. */
const CLOCK_TOLERANCE_SECONDS = 5;
/** For so long a token counts as verified: a key that was withdrawn is missed so much later. */
const MEMORY_MS = 60_000;
/** A few megabytes. */
const MAX_REMEMBERED = 10_000;

const claimsSchema = z.object({
  sub: z.string(),
  sid: z.string(),
  permissions: z.array(z.string()).default([]),
  exp: z.number(),
});

export type AccessClaims = z.output<typeof claimsSchema>;

interface VerifierOptions {
  readonly issuer: string;
  readonly audience: string;
  /** Finds the key that a token names. */
  readonly keys: JWTVerifyGetKey;
  readonly clock: Clock;
  /** How many tokens are remembered. */
  readonly capacity?: number;
}

interface Verified {
  readonly claims: AccessClaims;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * Verifies access tokens. Checking a signature costs more than the rest of a small request, so a token that was
 * verified is known again for a minute, until it expires. What was refused is not remembered: strangers could fill
 * the memory with it.
 */
export class TokenVerifier {
  private readonly verified: LRUCache<string, Verified>;

  constructor(private readonly options: VerifierOptions) {
    this.verified = new LRUCache({ max: options.capacity ?? MAX_REMEMBERED });
  }

  /**
   * What a token says, when it is genuine and has not expired.
   * @throws DomainError UNAUTHENTICATED, always the same, for one that is malformed, expired or foreign; UNAVAILABLE
   *   when the keys of tokens cannot be had.
   */
  async verify(token: string): Promise<AccessClaims> {
    const now = this.options.clock.now();
    // Memory and keys of maps are copied, dumped and logged; a digest opens nothing.
    const digest = createHash('sha256').update(token).digest('base64');
    const known = this.verified.get(digest);
    if (known && now.getTime() - known.at < MEMORY_MS && !isExpired(known.claims, now)) return known.claims;
    const claims = await this.check(token, now);
    this.verified.set(digest, { claims, at: now.getTime() });
    return claims;
  }

  private async check(token: string, currentDate: Date): Promise<AccessClaims> {
    const { keys, issuer, audience } = this.options;
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ['ES256', 'EdDSA'],
        typ: 'at+jwt',
        issuer,
        audience,
        requiredClaims: ['exp'],
        currentDate,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      return claimsSchema.parse(payload);
    } catch (cause) {
      const isBadToken = cause instanceof z.ZodError || isFaultOfToken(cause);
      throw isBadToken ? new DomainError('UNAUTHENTICATED', { cause }) : new DomainError('UNAVAILABLE', { cause });
    }
  }
}

/** As jose has it, in whole seconds. */
function isExpired({ exp }: AccessClaims, now: Date): boolean {
  return exp <= Math.floor(now.getTime() / 1_000) - CLOCK_TOLERANCE_SECONDS;
}

function isFaultOfToken(error: unknown): boolean {
  const isFaultOfPublisher =
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    // Plain ones tell of the HTTP answer.
    (error instanceof errors.JOSEError && error.code === errors.JOSEError.code);
  return error instanceof errors.JOSEError && !isFaultOfPublisher;
}
