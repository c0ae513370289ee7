import { GenericUserError, type UserError } from '@shopgraph/kit';
import type { AdjustmentProblem } from './adjustment';
import { InsufficientStockError } from './types';

/** How clients read why stock could not be changed; `quantityField` is the input field that says by or to how much. */
export function adjustmentError(quantityField: 'delta' | 'quantity') {
  return (problem: AdjustmentProblem): UserError => {
    switch (problem.kind) {
      case 'unknown-sku':
        return new GenericUserError('NOT_FOUND', ['input', 'sku'], 'There is no item with this SKU.');
      case 'unknown-location':
        return new GenericUserError('NOT_FOUND', ['input', 'locationId'], 'There is no such location.');
      case 'quantity-changed':
        return new GenericUserError(
          'CONFLICT',
          ['input', 'changeFromQuantity'],
          `There are ${problem.onHand} units on hand.`,
        );
      case 'too-few':
        return new InsufficientStockError(['input', quantityField], problem);
    }
  };
}
