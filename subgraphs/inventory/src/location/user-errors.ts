import { GenericUserError, type UserError } from '@shopgraph/kit';
import type { LocationProblem } from './location-service';

/** How clients read why a location could not be saved. */
export function locationError(problem: LocationProblem): UserError {
  switch (problem.kind) {
    case 'name-taken':
      return new GenericUserError('CONFLICT', ['input', 'name'], 'Another location has this name.');
    case 'stale':
      return new GenericUserError(
        'CONFLICT',
        ['input', 'expectedVersion'],
        `The version of this location is ${problem.version}.`,
      );
  }
}
