import type { Permission, Result } from '@shopgraph/kit';
import type { User } from '../accounts/user';
import type { ConfirmationProblem } from '../passwords/password-confirmation';
import { holdsAll } from '../roles/role';
import type { RoleGranter } from '../roles/role-granter';

/** Nobody has such an address: RFC 2606 section 2. */
const PLACEHOLDER_DOMAIN = 'anonymised.invalid';
const PLACEHOLDER_NAME = 'Anonymised';

export type AnonymisationProblem =
  | { readonly kind: 'unknown-user' }
  | ConfirmationProblem
  | { readonly kind: 'beyond-own-permissions' }
  | { readonly kind: 'last-administrator' };

interface AnonymisationFacts {
  /** Everything that the user's roles permit. */
  readonly permissions: readonly Permission[];
  /** Whether nobody else who can sign in administers the shop. */
  readonly isLastAdministrator: boolean;
  /** A hash of what nobody knows. */
  readonly passwordHash: string;
}

/**
 * Decides on erasing a person. Everybody may erase themself, staff nobody who may do more than they do; the last
 * administrator stays, because nobody could make another.
 */
export function anonymise(
  user: User,
  { permissions, isLastAdministrator, passwordHash }: AnonymisationFacts,
  eraser: RoleGranter,
): Result<User, AnonymisationProblem> {
  if (user.id !== eraser.id && !holdsAll(eraser.permissions, permissions)) {
    return { ok: false, problems: [{ kind: 'beyond-own-permissions' }] };
  }
  if (isLastAdministrator) return { ok: false, problems: [{ kind: 'last-administrator' }] };
  return { ok: true, value: withoutPerson(user, passwordHash) };
}

/** Field by field: what is added to users later has to be thought of here. */
function withoutPerson({ id, createdAt, version }: User, passwordHash: string): User {
  return {
    id,
    email: `${id}@${PLACEHOLDER_DOMAIN}`,
    name: PLACEHOLDER_NAME,
    passwordHash,
    status: 'ANONYMISED',
    emailVerified: false,
    roleIds: [],
    createdAt,
    version: version + 1,
  };
}
