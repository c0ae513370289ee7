import { GenericUserError, type UserError } from '@shopgraph/kit';
import type { RoleChangeProblem, RoleDeletionProblem } from './role-change';

/** How clients read why a role was not changed, or not deleted. */
export function roleChangeError(problem: RoleChangeProblem | RoleDeletionProblem, path: readonly string[]): UserError {
  const id = [...path, 'id'];
  switch (problem.kind) {
    case 'built-in':
      return new GenericUserError('FORBIDDEN', id, 'Built-in roles cannot be changed.');
    case 'own-role':
      return new GenericUserError('FORBIDDEN', id, 'Nobody changes a role that they have.');
    case 'beyond-own-permissions':
      return new GenericUserError('FORBIDDEN', id, 'Nobody changes a role that permits what they do not hold.');
    case 'unknown-role':
      return new GenericUserError('NOT_FOUND', id, 'There is no such role.');
    case 'in-use':
      return new GenericUserError('INVALID_TRANSITION', id, 'There are users who have this role.');
    case 'version-changed':
      return new GenericUserError(
        'CONFLICT',
        [...path, 'expectedVersion'],
        `The version of this role is ${problem.version}.`,
      );
  }
}
