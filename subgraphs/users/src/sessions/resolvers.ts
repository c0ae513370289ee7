import { Cost, DomainError, payloadOf } from '@shopgraph/kit';
import { Arg, Args, Ctx, Mutation, Resolver } from 'type-graphql';
import { LoginInput, readEmail, RefreshTokenArgs, SessionArgs } from '../accounts/inputs';
import type { UsersContext } from '../context';
import { loginError, invalidTokenError, unknownSessionError } from '../user-errors';
import { AuthPayload, authPayloadOf, LogoutPayload, SessionPayload } from './payloads';
import type { RefreshCookie } from './refresh-cookie';
import { signedInUser } from './signed-in-user';
import { toGraphSession } from './types';

@Resolver()
export class SessionResolver {
  @Cost(20)
  @Mutation(() => AuthPayload, { description: 'Signs in with a password.' })
  async login(
    @Arg('input', () => LoginInput, { description: 'Who wants to sign in.' }) { email, password }: LoginInput,
    @Ctx() context: UsersContext,
  ) {
    return authPayloadOf(await context.loginService.login(readEmail(email), password, context), loginError, context);
  }

  @Mutation(() => AuthPayload, {
    description:
      'Trades a refresh token for the next one and a new access token. Using one a second time ends its session, ' +
      'except within ten seconds.',
  })
  async refreshToken(@Args(() => RefreshTokenArgs) { token }: RefreshTokenArgs, @Ctx() context: UsersContext) {
    const { refreshCookie, sessionService } = context;
    const used = token ?? tokenIn(refreshCookie);
    const result = await sessionService.refresh(used, context);
    // What the cookie holds is worth nothing any more.
    if (!result.ok && used !== token) refreshCookie?.clear();
    return authPayloadOf(result, invalidTokenError, context);
  }

  @Mutation(() => LogoutPayload, { description: 'Ends the session that makes this request.' })
  async logout(@Ctx() context: UsersContext): Promise<LogoutPayload> {
    const { id, sessionId } = signedInUser(context.viewer);
    await context.sessionService.end(sessionId, ({ userId }) => userId === id, context);
    context.refreshCookie?.clear();
    return { loggedOut: true, userErrors: [] };
  }

  @Mutation(() => LogoutPayload, { description: 'Ends all sessions of whoever makes this request.' })
  async logoutAll(@Ctx() context: UsersContext): Promise<LogoutPayload> {
    await context.sessionService.endAll(signedInUser(context.viewer).id, context);
    context.refreshCookie?.clear();
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
    const ended = session && toGraphSession(session, context.viewer);
    if (ended?.current) context.refreshCookie?.clear();
    return { session: ended, userErrors };
  }
}

/**
 * What the refresh cookie holds; empty, which is no token, when it holds none.
 * @throws DomainError BAD_USER_INPUT when the client has no refresh cookie to fall back on.
 */
function tokenIn(refreshCookie: RefreshCookie | null): string {
  if (refreshCookie) return refreshCookie.token ?? '';
  const problem = { path: ['token'], message: 'token is needed, unless it is kept in the refresh cookie' };
  throw new DomainError('BAD_USER_INPUT', { fields: [problem] });
}
