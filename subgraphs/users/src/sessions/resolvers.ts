import { payloadOf } from '@shopgraph/kit';
import { Arg, Args, Ctx, Mutation, Resolver } from 'type-graphql';
import { LoginInput, readEmail, SessionArgs, TokenArgs } from '../accounts/inputs';
import type { UsersContext } from '../context';
import { loginError, invalidTokenError, unknownSessionError } from '../user-errors';
import { AuthPayload, authPayloadOf, LogoutPayload, SessionPayload } from './payloads';
import { signedInUser } from './signed-in-user';
import { toGraphSession } from './types';

@Resolver()
export class SessionResolver {
  @Mutation(() => AuthPayload, { description: 'Signs in with a password.' })
  async login(
    @Arg('input', () => LoginInput, { description: 'Who wants to sign in.' }) { email, password }: LoginInput,
    @Ctx() context: UsersContext,
  ) {
    return authPayloadOf(await context.loginService.login(readEmail(email), password, context), loginError);
  }

  @Mutation(() => AuthPayload, {
    description:
      'Trades a refresh token for the next one and a new access token. Using one a second time ends its session, ' +
      'except within ten seconds.',
  })
  async refreshToken(@Args(() => TokenArgs) { token }: TokenArgs, @Ctx() context: UsersContext) {
    return authPayloadOf(await context.sessionService.refresh(token, context), invalidTokenError);
  }

  @Mutation(() => LogoutPayload, { description: 'Ends the session that makes this request.' })
  async logout(@Ctx() context: UsersContext): Promise<LogoutPayload> {
    const { id, sessionId } = signedInUser(context.viewer);
    await context.sessionService.end(sessionId, id, context);
    return { loggedOut: true, userErrors: [] };
  }

  @Mutation(() => LogoutPayload, { description: 'Ends all sessions of whoever makes this request.' })
  async logoutAll(@Ctx() context: UsersContext): Promise<LogoutPayload> {
    await context.sessionService.endAll(signedInUser(context.viewer).id, context);
    return { loggedOut: true, userErrors: [] };
  }

  @Mutation(() => SessionPayload, {
    description:
      'Ends a session of whoever makes this request, on whatever device, at once; for staff who manage users also ' +
      'of others, unless those may do more than they. Ending one that has ended already changes nothing.',
  })
  async revokeSession(@Args(() => SessionArgs) { id }: SessionArgs, @Ctx() context: UsersContext) {
    const { session, userErrors } = payloadOf(
      'session',
      await context.sessionRevocation.revoke(id, context),
      unknownSessionError,
    );
    return { session: session && toGraphSession(session, context.viewer), userErrors };
  }
}
