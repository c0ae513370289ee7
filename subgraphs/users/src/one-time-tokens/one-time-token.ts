/** A secret that was mailed to a user for one purpose and is good for one use, until a newer one takes its place. */
export interface OneTimeToken {
  /** Id of the user. */
  readonly id: string;
  /** Hash of the token, which only the mail holds. */
  readonly tokenHash: string;
  /** What its use needs beside the user, such as the address that an account is to have; null when nothing. */
  readonly about: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

interface Terms {
  readonly userId: string;
  readonly tokenHash: string;
  readonly about?: string;
  readonly validMinutes: number;
}

/** A token that can be used from now on. */
export function oneTimeToken({ userId, tokenHash, about, validMinutes }: Terms, now: Date): OneTimeToken {
  const expiresAt = new Date(now.getTime() + validMinutes * 60_000);
  return { id: userId, tokenHash, about: about ?? null, createdAt: now, expiresAt };
}

/** Whether it may still be used. */
export function isTokenValid({ expiresAt }: OneTimeToken, now: Date): boolean {
  return now < expiresAt;
}
