import { GenericUserError, type UserError } from '@shopgraph/kit';
import { LoginAttemptDelayedError } from '../login-throttle/types';
import { invalidTokenError, weakPasswordError } from '../user-errors';
import type { PasswordChangeProblem } from './password-change-service';
import type { ConfirmationProblem } from './password-confirmation';
import type { PasswordResetProblem } from './password-reset-service';

/** How clients read why no new password was set with a token. */
export function passwordResetError(problem: PasswordResetProblem): UserError {
  switch (problem.kind) {
    case 'invalid-token':
      return invalidTokenError();
    case 'weak-password':
      return weakPasswordError(['password']);
  }
}

/** How clients read why a password was not changed. */
export function passwordChangeError(problem: PasswordChangeProblem): UserError {
  switch (problem.kind) {
    case 'weak-password':
      return weakPasswordError(['next']);
    case 'same-password':
      return new GenericUserError('WEAK_PASSWORD', ['next'], 'This is your present password: choose another one.');
    case 'wrong-password':
    case 'attempt-delayed':
      return confirmationError(problem, 'current');
  }
}

/** How clients read why the password with which somebody was to confirm who they are was not taken. */
export function confirmationError(problem: ConfirmationProblem, field: string): UserError {
  switch (problem.kind) {
    case 'wrong-password':
      return new GenericUserError('INVALID_CREDENTIALS', [field], 'This is not your password.');
    case 'attempt-delayed':
      return new LoginAttemptDelayedError(problem.retryAfterSeconds);
  }
}
