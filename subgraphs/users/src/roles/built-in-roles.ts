import { type Permission, PERMISSIONS } from '@shopgraph/kit';
import type { Role } from './role';

/** The role of everybody who registers. */
export const CUSTOMER = 'CUSTOMER';

/** The roles that every shop has. */
export const BUILT_IN_ROLES: readonly Role[] = [
  builtIn(CUSTOMER, 'Customer', []),
  builtIn('SUPPORT', 'Support', ['user:read', 'order:read', 'order:cancel', 'product:read', 'inventory:read']),
  builtIn('CATALOG_MANAGER', 'Catalogue manager', ['product:read', 'product:write', 'inventory:read']),
  builtIn('WAREHOUSE', 'Warehouse', ['product:read', 'inventory:read', 'inventory:adjust', 'order:read']),
  builtIn('ADMIN', 'Administrator', Object.keys(PERMISSIONS) as Permission[]),
];

const rolesById = new Map(BUILT_IN_ROLES.map((role) => [role.id, role]));

/** The built-in role with this id; undefined when there is none. */
export function builtInRole(id: string): Role | undefined {
  return rolesById.get(id);
}

function builtIn(id: string, name: string, permissions: readonly Permission[]): Role {
  return { id, name, permissions, builtIn: true, version: 1 };
}
