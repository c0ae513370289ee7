import type { Permission, Result } from '@shopgraph/kit';
import { builtInRole } from './built-in-roles';
import { holdsAll, type Role } from './role';
import type { RoleGranter } from './role-granter';

/** A role as it is to be. */
export interface RoleCommand {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
  /** The version that it must have, 0 for none yet; null for whichever. */
  readonly expectedVersion: number | null;
}

/** Who changes a role, and the roles that they have themselves. */
export interface RoleEditor extends RoleGranter {
  readonly roleIds: readonly string[];
}

export type RoleChangeProblem =
  | { readonly kind: 'built-in' }
  | { readonly kind: 'own-role' }
  | { readonly kind: 'beyond-own-permissions' }
  | { readonly kind: 'version-changed'; readonly version: number };

export type RoleDeletionProblem =
  | Exclude<RoleChangeProblem, { kind: 'version-changed' }>
  | { readonly kind: 'unknown-role' }
  | { readonly kind: 'in-use' };

/**
 * Decides on a new role, or on what `known` becomes. Nobody changes a role that they have, and nobody puts into one
 * or takes out of one, or leaves in one that they change, what they do not hold: so nobody raises themself, and
 * nobody touches those who may do more. Answers `known` itself where nothing changes.
 */
export function changeRole(
  known: Role | null,
  { id, name, permissions, expectedVersion }: RoleCommand,
  editor: RoleEditor,
): Result<Role, RoleChangeProblem> {
  const problem = problemOf(id, [...permissions, ...(known?.permissions ?? [])], editor);
  if (problem) return { ok: false, problems: [problem] };
  const version = known?.version ?? 0;
  if (expectedVersion !== null && expectedVersion !== version) {
    return { ok: false, problems: [{ kind: 'version-changed', version }] };
  }
  const changed = { id, name, permissions: [...new Set(permissions)].sort(), builtIn: false, version: version + 1 };
  return { ok: true, value: known && isSame(known, changed) ? known : changed };
}

/** Decides whether a role may be deleted; `isInUse` says whether anybody has it. */
export function deleteRole(
  id: string,
  known: Role | null,
  editor: RoleEditor,
  isInUse: boolean,
): Result<Role, RoleDeletionProblem> {
  const problem = problemOf(id, known?.permissions ?? [], editor);
  if (problem) return { ok: false, problems: [problem] };
  if (!known) return { ok: false, problems: [{ kind: 'unknown-role' }] };
  return isInUse ? { ok: false, problems: [{ kind: 'in-use' }] } : { ok: true, value: known };
}

function isSame(known: Role, { name, permissions }: Role): boolean {
  return known.name === name && known.permissions.join() === permissions.join();
}

function problemOf(id: string, permissions: readonly Permission[], editor: RoleEditor) {
  if (builtInRole(id)) return { kind: 'built-in' } as const;
  if (editor.roleIds.includes(id)) return { kind: 'own-role' } as const;
  return holdsAll(editor.permissions, permissions) ? null : ({ kind: 'beyond-own-permissions' } as const);
}
