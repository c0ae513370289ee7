import type { Credentials } from './user';

/** How long the link in a registration's mail works. */
const VALID_HOURS = 24;

/** One registration that waits for its mail to be answered. */
export interface Verification extends Credentials {
  /** Hash of the token that only the mail holds. */
  readonly id: string;
  readonly userId: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** A verification that starts now. */
export function startVerification(
  tokenHash: string,
  userId: string,
  { name, passwordHash }: Credentials,
  now: Date,
): Verification {
  const expiresAt = new Date(now.getTime() + VALID_HOURS * 3_600_000);
  return { id: tokenHash, userId, name, passwordHash, createdAt: now, expiresAt };
}

/** Whether its token may still be used. */
export function isVerificationValid({ expiresAt }: Verification, now: Date): boolean {
  return now < expiresAt;
}
