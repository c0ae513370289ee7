import type { DomainEvent, Result } from '@shopgraph/kit';
import { CUSTOMER } from '../roles/built-in-roles';
import { holdsAll, permissionsIn, type Role } from '../roles/role';
import type { RoleGranter } from '../roles/role-granter';

export const USER_STATUSES = ['UNVERIFIED', 'ACTIVE', 'DEACTIVATED', 'ANONYMISED'] as const;
export type UserStatus = (typeof USER_STATUSES)[number];

/** Somebody with an account. */
export interface User {
  readonly id: string;
  /** In the spelling of `normaliseEmail`; unique. */
  readonly email: string;
  readonly name: string;
  /** bcrypt, of what `PasswordHasher` makes of the password. */
  readonly passwordHash: string;
  readonly status: UserStatus;
  readonly emailVerified: boolean;
  readonly roleIds: readonly string[];
  readonly createdAt: Date;
  readonly version: number;
}

export type UserRegistered = DomainEvent<'users.user-registered', { userId: string }>;
export type UserVerified = DomainEvent<'users.user-verified', { userId: string }>;

/** What somebody who registers chooses; it belongs to the account once the address is theirs. */
export interface Credentials {
  readonly name: string;
  readonly passwordHash: string;
}

export interface Registration extends Credentials {
  /** The id if it becomes a new user. */
  readonly id: string;
  readonly email: string;
  readonly at: Date;
}

export type RegistrationDecision =
  | { readonly kind: 'new-user'; readonly user: User; readonly event: UserRegistered }
  | { readonly kind: 'again'; readonly user: User }
  | { readonly kind: 'has-account'; readonly user: User };

/** Decides what a registration means when `known`, if anybody, has its address. */
export function decideRegistration(known: User | null, registration: Registration): RegistrationDecision {
  const { id, email, name, passwordHash, at } = registration;
  if (!known) {
    const user: User = {
      id,
      email,
      name,
      passwordHash,
      status: 'UNVERIFIED',
      emailVerified: false,
      roleIds: [CUSTOMER],
      createdAt: at,
      version: 1,
    };
    return { kind: 'new-user', user, event: eventOf('users.user-registered', user) };
  }
  if (known.status !== 'UNVERIFIED') return { kind: 'has-account', user: known };
  return { kind: 'again', user: { ...known, name, passwordHash, version: known.version + 1 } };
}

/**
 * Makes an unverified account usable, with the name and password of the registration whose mail was
 * answered: whoever registered somebody else's address before, or since, does not get in with theirs.
 * Null when the account is not waiting for it.
 */
export function verifyUser(
  user: User,
  { name, passwordHash }: Credentials,
): { user: User; event: UserVerified } | null {
  if (user.status !== 'UNVERIFIED') return null;
  const verified: User = {
    ...user,
    name,
    passwordHash,
    status: 'ACTIVE',
    emailVerified: true,
    version: user.version + 1,
  };
  return { user: verified, event: eventOf('users.user-verified', verified) };
}

export type RoleProblem =
  | { readonly kind: 'unknown-user' }
  | { readonly kind: 'unknown-role'; readonly index: number }
  | { readonly kind: 'own-roles' }
  | { readonly kind: 'beyond-own-permissions' };

export interface RoleChange {
  readonly user: User;
  /** Whether the user may do less than before in any respect. */
  readonly takesPermissions: boolean;
}

/**
 * Decides on a user's new roles. Nobody changes their own, and nobody gives or takes a role that permits what they
 * do not hold: so no chain of grants leads beyond what its first link could do, and an administrator remains.
 * @param roles Those that the user has and those that they are to have, as far as they exist.
 */
export function setRoles(
  user: User,
  roleIds: readonly string[],
  roles: readonly Role[],
  granter: RoleGranter,
): Result<RoleChange, RoleProblem> {
  const rolesById = new Map(roles.map((role) => [role.id, role]));
  const unknown = roleIds.flatMap((id, index) => (rolesById.has(id) ? [] : [{ kind: 'unknown-role', index } as const]));
  if (unknown.length > 0) return { ok: false, problems: unknown };
  if (user.id === granter.id) return { ok: false, problems: [{ kind: 'own-roles' }] };

  const rolesIn = (ids: readonly string[]) => ids.flatMap((id) => rolesById.get(id) ?? []);
  const given = rolesIn(roleIds.filter((id) => !user.roleIds.includes(id)));
  const taken = rolesIn(user.roleIds.filter((id) => !roleIds.includes(id)));
  if (!holdsAll(granter.permissions, permissionsIn([...given, ...taken]))) {
    return { ok: false, problems: [{ kind: 'beyond-own-permissions' }] };
  }
  const changed = { ...user, roleIds: [...new Set(roleIds)], version: user.version + 1 };
  const takesPermissions = !holdsAll(permissionsIn(rolesIn(roleIds)), permissionsIn(rolesIn(user.roleIds)));
  return { ok: true, value: { user: changed, takesPermissions } };
}

/** An event of a user as they have become. */
export function eventOf<Type extends string>(type: Type, { id, version }: User): DomainEvent<Type, { userId: string }> {
  return { type, aggregateId: id, sequence: version, data: { userId: id } };
}
