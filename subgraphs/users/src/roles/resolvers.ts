import { payloadOf, Tag } from '@shopgraph/kit';
import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { UsersContext } from '../context';
import { RoleArgs, RoleUpsertInput } from './inputs';
import type { Role } from './role';
import { granterOf } from './role-granter';
import { RoleDeletePayload, RolePayload, RoleType } from './types';
import { roleChangeError } from './user-errors';

@Resolver(() => RoleType)
export class RoleResolver {
  @Tag('internal')
  @Query(() => [RoleType], {
    description:
      'The roles that you can give: those which permit nothing beyond what you hold yourself. ' +
      'The built-in ones come first, then the others by their ids.',
  })
  roles(@Ctx() { viewer, roleAdministration }: UsersContext): Promise<Role[]> {
    return roleAdministration.visibleTo(viewer);
  }

  @Tag('internal')
  @Mutation(() => RolePayload, {
    description:
      'Makes a role, or changes it. Who has it may do more once they refresh their token, which takes no longer ' +
      'than an access token lives; who may do less than before is signed out everywhere. Nobody changes a built-in ' +
      'role, one that they have, or one that permits, before or after, what they do not hold.',
  })
  async roleUpsert(
    @Arg('input', () => RoleUpsertInput, { description: 'The role.' })
    { expectedVersion = null, ...input }: RoleUpsertInput,
    @Ctx() context: UsersContext,
  ) {
    const granter = granterOf(context.viewer);
    const result = await context.roleAdministration.upsert({ ...input, expectedVersion }, granter, context);
    return payloadOf('role', result, (problem) => roleChangeError(problem, ['input']));
  }

  @Tag('internal')
  @Mutation(() => RoleDeletePayload, {
    description: 'Deletes a role that nobody has. What holds for changing one holds for deleting it.',
  })
  async roleDelete(@Args(() => RoleArgs) { id }: RoleArgs, @Ctx() context: UsersContext) {
    const result = await context.roleAdministration.delete(id, granterOf(context.viewer), context);
    const { role, userErrors } = payloadOf('role', result, (problem) => roleChangeError(problem, []));
    return { deletedId: role?.id ?? null, userErrors };
  }
}
