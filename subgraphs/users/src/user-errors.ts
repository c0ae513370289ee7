import { GenericUserError, type UserError } from '@shopgraph/kit';
import type { ProfileProblem } from './accounts/profile';
import type { RoleProblem } from './accounts/user';
import type { StatusProblem } from './accounts/user-status';
import { LoginAttemptDelayedError } from './login-throttle/types';
import type { LoginProblem } from './sessions/login-service';

/** How clients read that their password is too weak. */
export function weakPasswordError(field: string[]): UserError {
  return new GenericUserError(
    'WEAK_PASSWORD',
    field,
    'This password is too easy to guess: take 12 characters or more that follow no pattern and are not like your name.',
  );
}

/** How clients read why nobody was signed in. */
export function loginError(problem: LoginProblem): UserError {
  switch (problem.kind) {
    case 'invalid-credentials':
      // No field: it would tell which of the two was wrong.
      return new GenericUserError('INVALID_CREDENTIALS');
    case 'email-not-verified':
      return new GenericUserError('EMAIL_NOT_VERIFIED', ['input', 'email']);
    case 'attempt-delayed':
      return new LoginAttemptDelayedError(problem.retryAfterSeconds);
  }
}

/** How clients read that a token was not taken, whatever the reason. */
export function invalidTokenError(): UserError {
  return new GenericUserError('INVALID_TOKEN', ['token']);
}

/** How clients read that they cannot end a session, whether it is not theirs or there is none. */
export function unknownSessionError(): UserError {
  return new GenericUserError('NOT_FOUND', ['id']);
}

/** How clients read why a profile was not changed. */
export function profileError({ version }: ProfileProblem): UserError {
  const message = `This has changed meanwhile: its version is ${version}.`;
  return new GenericUserError('CONFLICT', ['input', 'expectedVersion'], message);
}

/** How clients read why an account was not closed or opened. */
export function statusError(problem: StatusProblem): UserError {
  switch (problem.kind) {
    case 'unknown-user':
      return new GenericUserError('NOT_FOUND', ['id']);
    case 'own-status':
      return new GenericUserError('FORBIDDEN', ['id'], 'Nobody changes the status of their own account.');
    case 'beyond-own-permissions':
      return new GenericUserError('FORBIDDEN', ['id'], 'This user may do more than you.');
    case 'last-administrator':
      return new GenericUserError('FORBIDDEN', ['id'], 'The last administrator stays: make somebody else one first.');
    case 'invalid-transition':
      return new GenericUserError('INVALID_TRANSITION', ['status'], `This account is ${problem.from}.`);
  }
}

/** How clients read why roles were not changed. */
export function roleError(problem: RoleProblem): UserError {
  switch (problem.kind) {
    case 'unknown-user':
      return new GenericUserError('NOT_FOUND', ['id']);
    case 'unknown-role':
      return new GenericUserError('NOT_FOUND', ['roleIds', String(problem.index)], 'There is no such role.');
    case 'own-roles':
      return new GenericUserError('FORBIDDEN', ['id'], 'Nobody changes their own roles.');
    case 'beyond-own-permissions':
      return new GenericUserError(
        'FORBIDDEN',
        ['roleIds'],
        'Nobody gives or takes a role that permits what they do not hold.',
      );
  }
}
