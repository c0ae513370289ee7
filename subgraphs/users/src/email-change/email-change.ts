import type { DomainEvent } from '@shopgraph/kit';
import { eventOf, type User } from '../accounts/user';

export type UserEmailChanged = DomainEvent<'users.email-changed', { userId: string }>;

/** A user whose address is another one, which they have shown to be theirs. */
export function changeEmail(user: User, newEmail: string): { user: User; event: UserEmailChanged } {
  const changed = { ...user, email: newEmail, emailVerified: true, version: user.version + 1 };
  return { user: changed, event: eventOf('users.email-changed', changed) };
}
