import { type User, type UserVerified, verifyUser } from '../accounts/user';

/** A user who has chosen another password. */
export function withPassword(user: User, passwordHash: string): User {
  return { ...user, passwordHash, version: user.version + 1 };
}

/** Whether somebody may choose a new password without knowing the present one: not where the account is closed. */
export function mayReset({ status }: User): boolean {
  return status === 'ACTIVE' || status === 'UNVERIFIED';
}

/**
 * A user who has chosen a new password with the token from a mail: the address is theirs then, which opens an
 * account that has waited for just that. Null when the account is closed.
 */
export function resetPassword(user: User, passwordHash: string): { user: User; events: UserVerified[] } | null {
  if (!mayReset(user)) return null;
  const verified = verifyUser(user, { name: user.name, passwordHash });
  if (verified) return { user: verified.user, events: [verified.event] };
  return { user: { ...withPassword(user, passwordHash), emailVerified: true }, events: [] };
}
