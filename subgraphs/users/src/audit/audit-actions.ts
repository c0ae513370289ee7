/** Everything that is audited, and what it means: names in the log, and in upper case (`USER_REGISTERED`) in the graph. */
export const AUDIT_ACTIONS = {
  'user.registered': 'An account was made.',
  'user.email-verified': 'Somebody showed that the address of their account is theirs.',
  'user.roles-set': 'A user was given other roles.',
  'user.status-set': 'An account was closed by staff, or opened again.',
  'role.set': 'A role was made, or what it permits was changed.',
  'role.deleted': 'A role that nobody had was deleted.',
  'user.profile-updated': 'Somebody changed their name.',
  'address.created': 'Somebody added an address to their address book.',
  'address.updated': 'Somebody changed an address of theirs.',
  'address.deleted': 'Somebody deleted an address of theirs.',
  'login.failed': 'A password was wrong, or of an account that may not be used.',
  'login.delayed': 'Wrong passwords have become so many that the next attempt has to wait.',
  'user.export-requested': 'Somebody asked for everything that is held of a user.',
  'user.export-read': 'Somebody else than the user read everything that is held of them.',
  'user.anonymised': 'Everything personal about a user was erased, for good.',
  'session.started': 'Somebody signed in.',
  'session.ended': 'A session was ended, by its user or by staff.',
  'session.refresh-token-reused': 'A refresh token was used a second time, so its session was ended.',
  'audit-log.read': 'Somebody looked into the audit log.',
  'audit-log.trimmed': 'Entries older than the log is kept were deleted from its old end.',
  'api-key.created': 'Somebody made an API key.',
  'api-key.rotated': 'An API key was given another secret.',
  'api-key.revoked': 'An API key was ended.',
  'signing-key.rotated': 'Access tokens are signed with a new key.',
} as const satisfies Record<string, string>;

export type AuditAction = keyof typeof AUDIT_ACTIONS;
