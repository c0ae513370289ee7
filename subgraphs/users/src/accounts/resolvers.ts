import { Cost, payloadOf, Tag } from '@shopgraph/kit';
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { findVisibleUser, type UsersContext } from '../context';
import { permissionsIn, type Role } from '../roles/role';
import { granterOf } from '../roles/role-granter';
import { RoleType } from '../roles/types';
import { findVisibleRoles } from '../roles/visible-roles';
import { AuthPayload, authPayloadOf } from '../sessions/payloads';
import { SessionType, toGraphSession } from '../sessions/types';
import { weakPasswordError, roleError, invalidTokenError } from '../user-errors';
import { readEmail, RegisterInput, TokenArgs, UserArgs, UserSetRolesArgs } from './inputs';
import { RegisterPayload, UserPayload, UserType } from './types';
import type { User } from './user';

@Resolver(() => UserType)
export class UserResolver {
  @Query(() => UserType, { nullable: true, description: 'Who makes this request; null when they are not signed in.' })
  async me(@Ctx() context: UsersContext): Promise<User | null> {
    const { viewer } = context;
    return viewer.kind === 'user' ? findVisibleUser(viewer.id, context) : null;
  }

  @Tag('internal')
  @Query(() => UserType, { nullable: true, description: 'One user, for staff.' })
  user(@Args(() => UserArgs) { id }: UserArgs, @Ctx() context: UsersContext): Promise<User | null> {
    return findVisibleUser(id, context);
  }

  @FieldResolver(() => [RoleType])
  roles(@Root() user: User, @Ctx() context: UsersContext): Promise<Role[]> {
    return findVisibleRoles(user, context);
  }

  @FieldResolver(() => [String])
  async permissions(@Root() user: User, @Ctx() context: UsersContext): Promise<string[]> {
    return permissionsIn(await findVisibleRoles(user, context));
  }

  @FieldResolver(() => [SessionType])
  async sessions(@Root() { id }: User, @Ctx() { loaders, viewer }: UsersContext): Promise<SessionType[]> {
    const found = await loaders.sessionsByUserId.load(id);
    return (found?.sessions ?? []).map((session) => toGraphSession(session, viewer));
  }
}

@Resolver()
export class AccountResolver {
  @Cost(20)
  @Mutation(() => RegisterPayload, {
    description: 'Asks for an account. The answer is the same whether the address has one; the mail tells its owner.',
  })
  async register(
    @Arg('input', () => RegisterInput, { description: 'Who wants an account.' })
    { email, password, name }: RegisterInput,
    @Ctx() context: UsersContext,
  ): Promise<RegisterPayload> {
    const result = await context.registration.register({ email: readEmail(email), password, name }, context);
    const { accepted, userErrors } = payloadOf('accepted', result, () => weakPasswordError(['input', 'password']));
    return { accepted: accepted ?? false, userErrors };
  }

  @Mutation(() => AuthPayload, {
    description: 'Confirms an address with the token from the mail, which works once, and signs its owner in.',
  })
  async verifyEmail(@Args(() => TokenArgs) { token }: TokenArgs, @Ctx() context: UsersContext) {
    return authPayloadOf(await context.registration.verifyEmail(token, context), invalidTokenError, context);
  }

  @Tag('internal')
  @Mutation(() => UserPayload, {
    description:
      'Gives a user these roles instead of theirs. Who may do less than before is signed out everywhere. ' +
      'Nobody changes their own roles, or gives or takes one that permits what they do not hold.',
  })
  async userSetRoles(@Args(() => UserSetRolesArgs) { id, roleIds }: UserSetRolesArgs, @Ctx() context: UsersContext) {
    const result = await context.administration.setRoles(id, roleIds, granterOf(context.viewer), context);
    return payloadOf('user', result, roleError);
  }
}

/** How references from other subgraphs become entities. */
export const usersEntities = {
  User: ({ id = '' }: Record<string, string>, context: UsersContext) => findVisibleUser(id, context),
};
