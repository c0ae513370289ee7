import { GenericUserError, type UserError } from '@shopgraph/kit';
import { type AddressProblem, MAX_ADDRESSES } from './address';

/** How clients read why an address was not added, changed or deleted. */
export function addressError(problem: AddressProblem): UserError {
  switch (problem.kind) {
    case 'too-many-addresses':
      return new GenericUserError(
        'BAD_USER_INPUT',
        ['input'],
        `An address book has at most ${MAX_ADDRESSES} addresses.`,
      );
    case 'unknown-address':
      return new GenericUserError('NOT_FOUND', ['id']);
    case 'address-changed':
      return new GenericUserError(
        'CONFLICT',
        ['expectedVersion'],
        `This has changed meanwhile: its version is ${problem.version}.`,
      );
  }
}
