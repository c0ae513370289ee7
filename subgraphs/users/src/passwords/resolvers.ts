import { Cost } from '@shopgraph/kit';
import { Args, Ctx, Mutation, Resolver } from 'type-graphql';
import { readEmail } from '../accounts/inputs';
import { AcknowledgePayload } from '../accounts/types';
import type { UsersContext } from '../context';
import { AuthPayload, authPayloadOf } from '../sessions/payloads';
import { signedInUser } from '../sessions/signed-in-user';
import { ChangePasswordArgs, RequestPasswordResetArgs, ResetPasswordArgs } from './inputs';
import { passwordChangeError, passwordResetError } from './user-errors';

@Resolver()
export class PasswordResolver {
  @Mutation(() => AcknowledgePayload, {
    description:
      'Has a token mailed with which the owner of an address chooses a new password, within 30 minutes and once; an ' +
      'older one is void then. The answer is the same whether there is such an account.',
  })
  async requestPasswordReset(
    @Args(() => RequestPasswordResetArgs) { email }: RequestPasswordResetArgs,
    @Ctx() context: UsersContext,
  ): Promise<AcknowledgePayload> {
    await context.passwordReset.request(readEmail(email), context);
    return { accepted: true, userErrors: [] };
  }

  @Cost(20)
  @Mutation(() => AuthPayload, {
    description:
      'Sets a new password with the token from the mail, which works once, and signs in. All sessions end before, and ' +
      'the address counts as confirmed.',
  })
  async resetPassword(
    @Args(() => ResetPasswordArgs) { token, password }: ResetPasswordArgs,
    @Ctx() context: UsersContext,
  ) {
    return authPayloadOf(await context.passwordReset.reset(token, password, context), passwordResetError, context);
  }

  @Cost(20)
  @Mutation(() => AuthPayload, {
    description:
      'Changes the password of whoever is signed in. All sessions end, this one too, and a new one begins: use the ' +
      'tokens of the answer from then on.',
  })
  async changePassword(
    @Args(() => ChangePasswordArgs) { current, next }: ChangePasswordArgs,
    @Ctx() context: UsersContext,
  ) {
    const command = { viewer: signedInUser(context.viewer), current, next };
    return authPayloadOf(await context.passwordChange.change(command, context), passwordChangeError, context);
  }
}
