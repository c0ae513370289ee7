/** Everything that a role or an API key can permit, and what it means; tokens carry these names. */
export const PERMISSIONS = {
  'user:read': 'See every user.',
  'user:manage': 'Change the status and the roles of users, and end their sessions.',
  'user:privacy': 'Export and erase everything that is held of a user.',
  'role:manage': 'Make and change roles.',
  'api-key:manage': 'Make, rotate and revoke API keys.',
  'audit:read': 'Read the audit log.',
  'product:read': 'See drafts and archived products.',
  'product:write': 'Create, change, publish and price products.',
  'inventory:read': 'See stock levels, movements and locations.',
  'inventory:adjust': 'Change stock and locations.',
  'order:read': "See everybody's orders.",
  'order:cancel': "Cancel everybody's orders.",
} as const satisfies Record<string, string>;

/** The name of a permission, as roles and API keys hold it: `user:manage`. */
export type Permission = keyof typeof PERMISSIONS;

/** Whether `name` stands in the table. */
export function isPermission(name: string): name is Permission {
  return Object.hasOwn(PERMISSIONS, name);
}
