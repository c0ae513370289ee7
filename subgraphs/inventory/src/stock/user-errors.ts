import { GenericUserError, type UserError } from '@shopgraph/kit';
import type { AdjustmentProblem } from './adjustment';
import type { AddressProblem } from './level-address';
import type { SettingsProblem } from './stock-settings-service';
import type { TransferProblem } from './transfer-service';
import { InsufficientStockError } from './types';

const NO_SUCH_ITEM = 'There is no item with this SKU.';
const NO_SUCH_LOCATION = 'There is no such location.';

/** How clients read that a level cannot be. */
export function addressError({ kind }: AddressProblem): UserError {
  switch (kind) {
    case 'unknown-sku':
      return new GenericUserError('NOT_FOUND', ['input', 'sku'], NO_SUCH_ITEM);
    case 'unknown-location':
      return new GenericUserError('NOT_FOUND', ['input', 'locationId'], NO_SUCH_LOCATION);
  }
}

/** How clients read why stock could not be changed; `quantityField` is the input field that says by or to how much. */
export function adjustmentError(quantityField: 'delta' | 'quantity') {
  return (problem: AdjustmentProblem): UserError => {
    switch (problem.kind) {
      case 'unknown-sku':
      case 'unknown-location':
        return addressError(problem);
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

/** How clients read why an item could not be changed. */
export function settingsError(problem: SettingsProblem): UserError {
  switch (problem.kind) {
    case 'unknown-sku':
      return new GenericUserError('NOT_FOUND', ['input', 'sku'], NO_SUCH_ITEM);
    case 'oversold':
      return new GenericUserError(
        'CONFLICT',
        ['input', 'backorderLimit'],
        `${problem.units} units are sold beyond what is there already.`,
      );
  }
}

/** How clients read why units could not be moved. */
export function transferError(problem: TransferProblem): UserError {
  switch (problem.kind) {
    case 'unknown-sku':
      return new GenericUserError('NOT_FOUND', ['input', 'sku'], NO_SUCH_ITEM);
    case 'unknown-location':
      return new GenericUserError('NOT_FOUND', ['input', `${problem.end}LocationId`], NO_SUCH_LOCATION);
    case 'same-location':
      return new GenericUserError('BAD_USER_INPUT', ['input', 'toLocationId'], 'This is where the units are.');
    case 'too-few':
      return new InsufficientStockError(['input', 'quantity'], problem);
  }
}
