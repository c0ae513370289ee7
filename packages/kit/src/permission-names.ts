/** Everything that a role can permit, and what it means; tokens carry these names. */
export const PERMISSIONS = {
  'user:read': 'See every user.',
  'user:manage': 'Change the status and the roles of users.',
  'product:read': 'See drafts and archived products.',
  'product:write': 'Create, change, publish and price products.',
  'inventory:read': 'See stock levels, movements and locations.',
  'inventory:adjust': 'Change stock and locations.',
  'order:read': "See everybody's orders.",
  'order:cancel': "Cancel everybody's orders.",
} as const satisfies Record<string, string>;

export type Permission = keyof typeof PERMISSIONS;
