import { GenericUserError, type UserError } from '@shopgraph/kit';
import { LoginAttemptDelayedError } from '../login-throttle/types';
import type { AnonymisationProblem } from './anonymisation';
import type { ExportProblem } from './privacy-exports';

/** How clients read why nothing is exported. */
export function exportError(problem: ExportProblem): UserError {
  switch (problem.kind) {
    case 'unknown-user':
      return new GenericUserError('NOT_FOUND', ['id']);
    case 'anonymised':
      return new GenericUserError('INVALID_TRANSITION', ['id'], 'Nothing personal is held of this user any more.');
  }
}

/** How clients read why nobody was erased. */
export function anonymisationError(problem: AnonymisationProblem): UserError {
  switch (problem.kind) {
    case 'unknown-user':
      return new GenericUserError('NOT_FOUND', ['id']);
    case 'wrong-password':
      return new GenericUserError('INVALID_CREDENTIALS', ['password'], 'The password is wrong.');
    case 'beyond-own-permissions':
      return new GenericUserError('FORBIDDEN', ['id'], 'Nobody erases somebody who may do more than they may.');
    case 'last-administrator':
      return new GenericUserError('FORBIDDEN', ['id'], 'The last administrator stays: make somebody else one first.');
    case 'attempt-delayed':
      return new LoginAttemptDelayedError(problem.retryAfterSeconds);
  }
}
