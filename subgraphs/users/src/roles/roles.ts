import type { Permission, Transaction } from '@shopgraph/kit';
import { builtInRole } from './built-in-roles';
import { permissionsIn, type Role } from './role';
import type { RoleStore } from './role-store';

/** Looks roles up: those that every shop has, and those of this one. */
export class Roles {
  constructor(private readonly store: RoleStore) {}

  /**
   * The roles with these ids, in their order; ids of roles that no longer exist are left out. Asks the database
   * only when one is not built in, and then once.
   */
  async rolesOf(roleIds: readonly string[], tx?: Transaction): Promise<Role[]> {
    const customIds = roleIds.filter((id) => !builtInRole(id));
    const custom = customIds.length > 0 ? await this.store.byIds(customIds, tx) : [];
    const customById = new Map(custom.map((role) => [role.id, role]));
    return roleIds.flatMap((id) => builtInRole(id) ?? customById.get(id) ?? []);
  }

  /** Part of the transaction that gives somebody these roles: none of them can be deleted at the same time. */
  async noteGrant(roleIds: readonly string[], tx: Transaction): Promise<void> {
    const customIds = roleIds.filter((id) => !builtInRole(id));
    if (customIds.length > 0) await this.store.noteGrant(customIds, tx);
  }

  /** Everything that the roles with these ids permit, sorted, each once; asks the database as `rolesOf` does. */
  async permissionsOf(roleIds: readonly string[], tx?: Transaction): Promise<Permission[]> {
    return permissionsIn(await this.rolesOf(roleIds, tx));
  }
}
