import type { Viewer } from '@shopgraph/kit';
import type { User } from '../accounts/user';
import type { UsersContext } from '../context';
import { holdsAll, type Role } from './role';

/**
 * The roles of a user that the viewer may know of: their own are all, those of others the ones that permit nothing
 * beyond what the viewer holds. Who has just signed in was nobody when the request came, and sees their own.
 */
export async function findVisibleRoles(user: User, { viewer, loaders }: UsersContext): Promise<Role[]> {
  const roles = await Promise.all(user.roleIds.map((id) => loaders.roleById.load(id)));
  const seesAll = viewer.kind === 'anonymous' || viewer.kind === 'service' || isThemself(viewer, user);
  return roles.filter((role) => role !== null).filter((role) => seesAll || maySeeRole(viewer, role));
}

/** Whether a role is shown to somebody who does not have it: only if they hold all that it permits. */
export function maySeeRole(viewer: Viewer, { permissions }: Role): boolean {
  return 'permissions' in viewer && holdsAll(viewer.permissions, permissions);
}

function isThemself(viewer: Viewer, { id }: User): boolean {
  return viewer.kind === 'user' && viewer.id === id;
}
