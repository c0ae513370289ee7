import { DomainError, ERRORS, isErrorCode } from '@shopgraph/kit';
import type { GraphQLFormattedError } from 'graphql';
import { SubscriptionRefused } from './subscriptions';

/** What a client is told of an error that has ended a subscription, or has kept it from beginning. */
export function shownErrors(error: unknown): readonly GraphQLFormattedError[] {
  if (error instanceof SubscriptionRefused) return error.errors;
  const { message, extensions } = error instanceof DomainError ? error : new DomainError('INTERNAL');
  return [{ message, extensions: { ...extensions } }];
}

/** The HTTP status of a subscription that has not begun. */
export function statusOf([error]: readonly GraphQLFormattedError[]): number {
  const code = error?.extensions?.code;
  const { httpStatus } = ERRORS[isErrorCode(code) ? code : 'INTERNAL'];
  // An unknown hash is answered by 200 where there is one answer; a stream has not begun.
  return httpStatus === 200 ? 400 : httpStatus;
}
