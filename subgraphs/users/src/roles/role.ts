import type { Permission } from '@shopgraph/kit';

/** What a user may do beyond what everybody may. */
export interface Role {
  /** Like a constant: `STOCK_LEAD`. */
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
  /** Whether it is part of the program; such roles never change. */
  readonly builtIn: boolean;
  readonly version: number;
}

/** Everything that these roles permit, sorted, each once. */
export function permissionsIn(roles: readonly Role[]): Permission[] {
  return [...new Set(roles.flatMap(({ permissions }) => permissions))].sort();
}

/** Whether somebody who holds `held` holds all of `needed`: nobody gives, takes or manages beyond what they hold. */
export function holdsAll(held: readonly string[], needed: readonly string[]): boolean {
  return needed.every((permission) => held.includes(permission));
}
