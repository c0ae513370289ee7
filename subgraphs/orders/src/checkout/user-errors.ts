import { decimalOf, GenericUserError, type UserError } from '@shopgraph/kit';
import type { DeclineReason } from '../payment/payment-provider';
import type { CheckoutProblem } from './checkout-service';
import { InsufficientStockError, PriceChangedError } from './types';

const DECLINE_MESSAGES: Readonly<Record<DeclineReason, string>> = {
  DECLINED: 'The payment was declined.',
  INSUFFICIENT_FUNDS: 'The payment was declined: there are not enough funds.',
  ACTION_REQUIRED: 'The payment was declined: the bank asks for a confirmation, which is not supported yet.',
  UNKNOWN_TOKEN: 'The payment was declined: the payment token is not known.',
  CANCELLED: 'The payment was cancelled.',
};

/** How clients read why a cart was not ordered. */
export function checkoutError(problem: CheckoutProblem): UserError {
  switch (problem.kind) {
    case 'unknown-cart':
      return new GenericUserError('NOT_FOUND', ['input', 'cartId']);
    case 'already-ordered':
      return new GenericUserError('CONFLICT', ['input', 'cartId'], 'This cart has been ordered.');
    case 'cart-changed':
      return new GenericUserError('CONFLICT', ['input', 'expectedCartVersion']);
    case 'cart-empty':
      return new GenericUserError('CART_EMPTY', ['input', 'cartId']);
    case 'email-missing':
      return new GenericUserError('BAD_USER_INPUT', ['input', 'email'], 'Guests have to give an e-mail address.');
    case 'currency-mismatch':
      return new GenericUserError('CURRENCY_MISMATCH', ['input', 'expectedTotal', 'currencyCode']);
    case 'not-available':
      return new GenericUserError('NOT_AVAILABLE', line(problem.index, 'sku'), `${problem.sku} cannot be bought.`);
    case 'price-changed':
      return new PriceChangedError(line(problem.index, 'unitPrice'), problem);
    case 'total-differs': {
      const { total } = problem;
      const message = `The total is ${decimalOf(total)} ${total.currencyCode}.`;
      return new GenericUserError('PRICE_CHANGED', ['input', 'expectedTotal'], message);
    }
    case 'too-few':
      return new InsufficientStockError(line(problem.index, 'quantity'), problem);
    case 'declined':
      return new GenericUserError('PAYMENT_DECLINED', ['input', 'payment', 'token'], DECLINE_MESSAGES[problem.reason]);
  }
}

function line(index: number, field: string): string[] {
  return ['input', 'cartId', 'lines', String(index), field];
}
