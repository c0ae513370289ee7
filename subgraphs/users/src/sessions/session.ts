import type { Call } from '@shopgraph/kit';

/** How long after its use a refresh token is answered again: two tabs of one browser may use it at once. */
const HONEST_REPETITION_MS = 10_000;

/** Where a session was last started or refreshed from; null where that is not known. */
export interface SessionPlace {
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** One sign-in on one device: the family of the refresh tokens that descend from it. */
export interface Session extends SessionPlace {
  readonly id: string;
  readonly userId: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  /** Put off by every refresh. */
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
}

/** A refresh token, which is good for one use. */
export interface RefreshToken {
  /** Hash of the token. */
  readonly id: string;
  readonly sessionId: string;
  readonly expiresAt: Date;
  /** Null until it is used. */
  readonly spent: { readonly at: Date; readonly salt: string } | null;
}

export type RefreshDecision =
  | { readonly kind: 'rotate' }
  | { readonly kind: 'repeat'; readonly salt: string }
  | { readonly kind: 'stolen' }
  | { readonly kind: 'invalid' };

/** Where a call comes from, as its session remembers it. */
export function placeOf({ client }: Pick<Call, 'client'>): SessionPlace {
  return { ip: client?.ip ?? null, userAgent: client?.userAgent ?? null };
}

/** Whether a session can still be refreshed. */
export function isSessionLive({ endedAt, expiresAt }: Session, now: Date): boolean {
  return endedAt === null && now < expiresAt;
}

/**
 * Decides what the use of a refresh token means. One that was spent a while ago is in two hands, one
 * of them a thief's, as RFC 9700 section 4.14.2 has it; moments ago, it is the same client once more.
 */
export function decideRefresh(token: RefreshToken, session: Session | null, now: Date): RefreshDecision {
  if (!session || !isSessionLive(session, now)) return { kind: 'invalid' };
  if (token.spent) {
    const { at, salt } = token.spent;
    return now.getTime() - at.getTime() < HONEST_REPETITION_MS ? { kind: 'repeat', salt } : { kind: 'stolen' };
  }
  return now < token.expiresAt ? { kind: 'rotate' } : { kind: 'invalid' };
}
