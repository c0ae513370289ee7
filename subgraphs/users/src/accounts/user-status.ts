import { type DomainEvent, ok, refuse, type Result } from '@shopgraph/kit';
import { holdsAll } from '../roles/role';
import type { RoleGranter } from '../roles/role-granter';
import { eventOf, type User, type UserStatus } from './user';

export type UserDeactivated = DomainEvent<'users.user-deactivated', { userId: string }>;
export type UserReactivated = DomainEvent<'users.user-reactivated', { userId: string }>;

export type StatusProblem =
  | { readonly kind: 'unknown-user' }
  | { readonly kind: 'own-status' }
  | { readonly kind: 'beyond-own-permissions' }
  | { readonly kind: 'last-administrator' }
  | { readonly kind: 'invalid-transition'; readonly from: UserStatus };

export interface StatusChange {
  readonly user: User;
  /** Null when the status was this one already. */
  readonly event: UserDeactivated | UserReactivated | null;
}

/**
 * Decides on a user's new status. Staff close accounts and open them again, as what they were before; everything
 * else happens by itself, or for good. Nobody changes their own status, so that an administrator remains, or that
 * of somebody who may do more than they.
 * @param permissions Everything that the user's roles permit.
 */
export function setStatus(
  user: User,
  permissions: readonly string[],
  status: UserStatus,
  manager: RoleGranter,
): Result<StatusChange, StatusProblem> {
  if (user.id === manager.id) return refuse({ kind: 'own-status' });
  if (!holdsAll(manager.permissions, permissions)) return refuse({ kind: 'beyond-own-permissions' });
  if (user.status === status) return ok({ user, event: null });

  const changed: User = { ...user, status, version: user.version + 1 };
  if (status === 'DEACTIVATED' && user.status !== 'ANONYMISED') {
    return ok({ user: changed, event: eventOf('users.user-deactivated', changed) });
  }
  if (user.status === 'DEACTIVATED' && status === (user.emailVerified ? 'ACTIVE' : 'UNVERIFIED')) {
    return ok({ user: changed, event: eventOf('users.user-reactivated', changed) });
  }
  return refuse({ kind: 'invalid-transition', from: user.status });
}
