import { type Connection, connectionOf, PageSized, Tag } from '@shopgraph/kit';
import { Args, Ctx, Query, Resolver } from 'type-graphql';
import type { UsersContext } from '../context';
import { maySeeRole } from '../roles/visible-roles';
import { UserType } from './types';
import type { User } from './user';
import { UsersArgs } from './user-list-inputs';

const UserConnection = connectionOf(UserType, 'User');

const NOBODY: Connection<User> = {
  edges: [],
  pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
};

@Resolver()
export class UserListResolver {
  @PageSized()
  @Tag('internal')
  @Query(() => UserConnection, { description: 'The users, for staff.' })
  async users(
    @Args(() => UsersArgs) { filter, sort, ...page }: UsersArgs,
    @Ctx() context: UsersContext,
  ): Promise<Connection<User>> {
    const { search = null, status = null, roleId = null, createdFrom = null, createdTo = null } = filter ?? {};
    if (roleId !== null && !(await isVisibleRole(roleId, context))) return NOBODY;
    const query = { search, status, roleId, createdFrom, createdTo, sort, page };
    const list = await context.userDirectory.list(query);
    for (const { node } of list.edges) context.loaders.userById.prime(node.id, node);
    return list;
  }
}

/** Who has a role is as little shown as the role itself, see `findVisibleRoles`. */
async function isVisibleRole(roleId: string, { viewer, loaders }: UsersContext): Promise<boolean> {
  const role = await loaders.roleById.load(roleId);
  return role !== null && maySeeRole(viewer, role);
}
