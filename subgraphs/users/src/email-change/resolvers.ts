import { GenericUserError, payloadOf, type UserError } from '@shopgraph/kit';
import { Args, Ctx, Mutation, Resolver } from 'type-graphql';
import { readEmail, TokenArgs } from '../accounts/inputs';
import { AcknowledgePayload, UserPayload } from '../accounts/types';
import type { UsersContext } from '../context';
import { confirmationError } from '../passwords/user-errors';
import { signedInUser } from '../sessions/signed-in-user';
import { invalidTokenError } from '../user-errors';
import type { EmailChangeProblem } from './email-change-service';
import { RequestEmailChangeArgs } from './inputs';

@Resolver()
export class EmailChangeResolver {
  @Mutation(() => AcknowledgePayload, {
    description:
      'Has a token mailed to the address that the account of whoever is signed in is to have, and a notice to the ' +
      'present one. The answer is the same whether the new address has an account; the mail tells its owner.',
  })
  async requestEmailChange(
    @Args(() => RequestEmailChangeArgs) { newEmail, password }: RequestEmailChangeArgs,
    @Ctx() context: UsersContext,
  ): Promise<AcknowledgePayload> {
    const command = { viewer: signedInUser(context.viewer), newEmail: readEmail(newEmail), password };
    const result = await context.emailChange.request(command, context);
    const { accepted, userErrors } = payloadOf('accepted', result, emailChangeError);
    return { accepted: accepted ?? false, userErrors };
  }

  @Mutation(() => UserPayload, {
    description:
      'Gives the account of whoever is signed in its new address with the token from the mail, which works once, ' +
      'within 24 hours. All their other sessions end.',
  })
  async confirmEmailChange(@Args(() => TokenArgs) { token }: TokenArgs, @Ctx() context: UsersContext) {
    const result = await context.emailChange.confirm(token, signedInUser(context.viewer), context);
    return payloadOf('user', result, invalidTokenError);
  }
}

/** How clients read why no mail was sent to a new address. */
function emailChangeError(problem: EmailChangeProblem): UserError {
  if (problem.kind !== 'same-address') return confirmationError(problem, 'password');
  return new GenericUserError('BAD_USER_INPUT', ['newEmail'], 'This is the address of your account already.');
}
