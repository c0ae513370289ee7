import { payloadOf, type Result, UserError } from '@shopgraph/kit';
import { Field, Int, ObjectType } from 'type-graphql';
import { UserType } from '../accounts/types';
import type { UsersContext } from '../context';
import type { SignedIn } from './session-service';
import { SessionType } from './types';

@ObjectType({ description: 'What became of an attempt to sign in, or to stay signed in.' })
export class AuthPayload {
  @Field(() => String, {
    nullable: true,
    description: 'Goes into the header `Authorization: Bearer …`; null when refused.',
  })
  accessToken!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Good for one `refreshToken`, which gives the next one; null when refused, and for clients that keep it in ' +
      'the refresh cookie (`x-refresh-token-transport: cookie`), where it goes instead.',
  })
  refreshToken!: string | null;

  @Field(() => Int, { nullable: true, description: 'Seconds until the access token expires; null when refused.' })
  expiresIn!: number | null;

  @Field(() => UserType, { nullable: true, description: 'Who is signed in; null when refused.' })
  user!: UserType | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}

@ObjectType({ description: 'What became of signing out.' })
export class LogoutPayload {
  @Field(() => Boolean, { description: 'Whether the session has ended.' })
  loggedOut!: boolean;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}

@ObjectType({ description: 'What became of ending a session.' })
export class SessionPayload {
  @Field(() => SessionType, { nullable: true, description: 'The session that has ended; null when refused.' })
  session!: SessionType | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}

/** What clients get when somebody is signed in, or is not. Those with a refresh cookie get the refresh token there. */
export function authPayloadOf<Problem>(
  result: Result<SignedIn, Problem>,
  toUserError: (problem: Problem) => UserError,
  { refreshCookie }: Pick<UsersContext, 'refreshCookie'>,
) {
  const { signedIn, userErrors } = payloadOf('signedIn', result, toUserError);
  const refused = { accessToken: null, refreshToken: null, expiresIn: null, user: null, userErrors };
  if (!signedIn) return refused;
  const { accessToken, refreshToken, refreshTokenSeconds, expiresIn, user } = signedIn;
  refreshCookie?.keep(refreshToken, refreshTokenSeconds);
  return { accessToken, refreshToken: refreshCookie ? null : refreshToken, expiresIn, user, userErrors };
}
