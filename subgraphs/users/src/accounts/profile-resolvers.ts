import { payloadOf } from '@shopgraph/kit';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { UsersContext } from '../context';
import { signedInUser } from '../sessions/signed-in-user';
import { profileError } from '../user-errors';
import { ProfileUpdateInput } from './profile-inputs';
import { UserPayload } from './types';

@Resolver()
export class ProfileResolver {
  @Mutation(() => UserPayload, { description: 'Changes what whoever makes this request says of themself.' })
  async profileUpdate(
    @Arg('input', () => ProfileUpdateInput, { description: 'The changes.' })
    { name, expectedVersion = null }: ProfileUpdateInput,
    @Ctx() context: UsersContext,
  ) {
    const { id } = signedInUser(context.viewer);
    return payloadOf('user', await context.profileService.update(id, { name, expectedVersion }, context), profileError);
  }
}
