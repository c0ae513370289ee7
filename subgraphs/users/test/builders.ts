import { type Permission, typeIds } from '@shopgraph/kit';
import type { User } from '../src/accounts/user';
import { builtInRole } from '../src/roles/built-in-roles';
import { permissionsIn, type Role } from '../src/roles/role';
import type { RefreshToken, Session } from '../src/sessions/session';

export const NOW = new Date('2026-01-01T00:00:00Z');

/** What built-in roles permit. */
export function permissionsOf(roleIds: readonly string[]): Permission[] {
  return permissionsIn(roleIds.flatMap((id) => builtInRole(id) ?? []));
}

/** A custom role. */
export function aRole(overrides: Partial<Role> = {}): Role {
  return { id: 'STOCK_LEAD', name: 'Stock lead', permissions: [], builtIn: false, version: 1, ...overrides };
}

/** A time that many milliseconds after `NOW`. */
export function after(milliseconds: number): Date {
  return new Date(NOW.getTime() + milliseconds);
}

/** A verified customer. */
export function aUserAccount(overrides: Partial<User> = {}): User {
  return {
    id: typeIds.next('user'),
    email: 'ada@example.com',
    name: 'Ada',
    passwordHash: '$2b$04$stored',
    status: 'ACTIVE',
    emailVerified: true,
    roleIds: ['CUSTOMER'],
    createdAt: NOW,
    version: 2,
    ...overrides,
  };
}

/** A session that started at `NOW` and lives for a day. */
export function aSession(overrides: Partial<Session> = {}): Session {
  const id = typeIds.next('sess');
  return {
    id,
    userId: 'user_1',
    createdAt: NOW,
    lastUsedAt: NOW,
    expiresAt: after(86_400_000),
    endedAt: null,
    ip: null,
    userAgent: null,
    ...overrides,
  };
}

/** An unused refresh token that is good for a day. */
export function aRefreshToken(overrides: Partial<RefreshToken> = {}): RefreshToken {
  return { id: 'hash', sessionId: 'sess_1', expiresAt: after(86_400_000), spent: null, ...overrides };
}
