import { IsPlainLine, payloadOf, Tag, TrimmedString } from '@shopgraph/kit';
import { Args, ArgsType, Ctx, Field, Mutation, Resolver } from 'type-graphql';
import type { UsersContext } from '../context';
import { granterOf } from '../roles/role-granter';
import { statusError } from '../user-errors';
import { UserArgs } from './inputs';
import { UserPayload, UserStatusEnum } from './types';
import type { UserStatus } from './user';

@ArgsType()
class UserSetStatusArgs extends UserArgs {
  @Field(() => UserStatusEnum, { description: 'The status that the user is to have.' })
  status!: UserStatus;

  @Field(() => String, { nullable: true, description: 'Why, for the audit log; nothing personal.' })
  @TrimmedString(1, 500)
  @IsPlainLine()
  reason?: string | null;
}

@Resolver()
export class UserStatusResolver {
  @Tag('internal')
  @Mutation(() => UserPayload, {
    description:
      'Closes an account (`DEACTIVATED`), which signs its user out everywhere at once, or opens it again, as `ACTIVE`, ' +
      'or as `UNVERIFIED` where the address was never confirmed; setting the status that it has changes nothing. ' +
      'Nobody changes their own, or that of somebody who may do more than they.',
  })
  async userSetStatus(
    @Args(() => UserSetStatusArgs) { id, status, reason = null }: UserSetStatusArgs,
    @Ctx() context: UsersContext,
  ) {
    const command = { userId: id, status, reason };
    return payloadOf('user', await context.userStatus.set(command, granterOf(context.viewer), context), statusError);
  }
}
