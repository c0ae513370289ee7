import { UserError } from '@shopgraph/kit';
import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({
  implements: UserError,
  description:
    'Passwords were wrong too often, for this account or from this address: until the time is over none is compared, not even the right one.',
})
export class LoginAttemptDelayedError extends UserError {
  @Field(() => Int, { description: 'Seconds after which the next attempt is taken.' })
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super('LOGIN_ATTEMPT_DELAYED');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
