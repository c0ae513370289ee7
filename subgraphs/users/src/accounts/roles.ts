import { type Permission, PERMISSIONS } from '@shopgraph/kit';

/** What a user may do beyond what everybody may. */
export interface Role {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
}

/** The role of everybody who registers. */
export const CUSTOMER = 'CUSTOMER';

const ROLES: readonly Role[] = [
  { id: CUSTOMER, name: 'Customer', permissions: [] },
  {
    id: 'SUPPORT',
    name: 'Support',
    permissions: ['user:read', 'order:read', 'order:cancel', 'product:read', 'inventory:read'],
  },
  {
    id: 'CATALOG_MANAGER',
    name: 'Catalogue manager',
    permissions: ['product:read', 'product:write', 'inventory:read'],
  },
  {
    id: 'WAREHOUSE',
    name: 'Warehouse',
    permissions: ['product:read', 'inventory:read', 'inventory:adjust', 'order:read'],
  },
  { id: 'ADMIN', name: 'Administrator', permissions: Object.keys(PERMISSIONS) as Permission[] },
];

const rolesById = new Map(ROLES.map((role) => [role.id, role]));

/** The role with this id; undefined when there is none. */
export function roleById(id: string): Role | undefined {
  return rolesById.get(id);
}

/** The roles with these ids, in their order; ids of roles that no longer exist are left out. */
export function rolesOf(roleIds: readonly string[]): Role[] {
  return roleIds.flatMap((id) => rolesById.get(id) ?? []);
}

/** Everything that these roles permit, sorted, each once. */
export function permissionsOf(roleIds: readonly string[]): Permission[] {
  return [...new Set(rolesOf(roleIds).flatMap(({ permissions }) => permissions))].sort();
}

/** Whether somebody who holds `held` holds all of `needed`: nobody gives, takes or manages beyond what they hold. */
export function holdsAll(held: readonly string[], needed: readonly string[]): boolean {
  return needed.every((permission) => held.includes(permission));
}
