import { GenericUserError, type UserError } from '@shopgraph/kit';
import type { OrderProblem } from './decide';

/** How clients read why an order could not be changed. */
export function orderError(problem: OrderProblem): UserError {
  switch (problem.kind) {
    case 'unknown-order':
      return new GenericUserError('NOT_FOUND', ['input', 'id']);
    case 'invalid-transition':
      return new GenericUserError('INVALID_TRANSITION', ['input', 'id'], `This order is ${problem.status}.`);
    case 'partial-cancellation':
      return new GenericUserError('BAD_USER_INPUT', ['input', 'lines'], 'Only whole orders can be cancelled.');
    case 'exists':
      return new GenericUserError('CONFLICT', ['input', 'id']);
  }
}
