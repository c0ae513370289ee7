import { GenericUserError, type UserError } from '@shopgraph/kit';
import { MAX_CART_LINES, MAX_LINE_QUANTITY } from './cart';
import type { CartChangeProblem } from './cart-service';

/** How clients read why a cart could not be changed; `lines` is the path of the lines that they gave. */
export function cartError(problem: CartChangeProblem, lines: readonly string[] = ['lines']): UserError {
  switch (problem.kind) {
    case 'unknown-cart':
      return new GenericUserError('NOT_FOUND', ['cartId']);
    case 'already-ordered':
      return new GenericUserError('CONFLICT', ['cartId'], 'This cart has been ordered.');
    case 'unknown-line':
      return new GenericUserError('NOT_FOUND', ['lineId']);
    case 'line-not-available':
      return new GenericUserError('NOT_AVAILABLE', ['lineId']);
    case 'not-available':
      return new GenericUserError('NOT_AVAILABLE', [...lines, String(problem.index), 'sku']);
    case 'line-too-large':
      return new GenericUserError(
        'BAD_USER_INPUT',
        [...lines, String(problem.index), 'quantity'],
        `A line has at most ${MAX_LINE_QUANTITY} units.`,
      );
    case 'too-many-lines':
      return new GenericUserError('BAD_USER_INPUT', [...lines], `A cart has at most ${MAX_CART_LINES} lines.`);
  }
}
