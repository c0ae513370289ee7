import { GenericUserError, type UserError } from '@shopgraph/kit';
import type { ProductProblem } from './product/product';
import type { VariantProblem } from './variant/variant';
import type { AddProblem } from './variant/variant-service';

/** How clients read why a product could not be created or changed. */
export function productError(problem: ProductProblem): UserError {
  switch (problem.kind) {
    case 'unknown-product':
      return new GenericUserError('NOT_FOUND', ['id']);
    case 'version-changed':
      return versionChanged(problem.version);
    case 'slug-taken':
      return new GenericUserError('SLUG_TAKEN', ['input', 'slug']);
    case 'no-variants':
      return new GenericUserError('INVALID_TRANSITION', ['id'], 'A product without variants cannot be published.');
    case 'options-in-use':
      return new GenericUserError(
        'CONFLICT',
        ['input', 'options'],
        'There are variants that these options do not fit.',
      );
  }
}

/** How clients read why a variant could not be added; a line is one of the list in `input`. */
export function lineError(problem: AddProblem): UserError {
  if (problem.kind === 'unknown-product') return new GenericUserError('NOT_FOUND', ['productId']);
  const line = ['input', String(problem.line)];
  switch (problem.kind) {
    case 'sku-taken':
      return new GenericUserError('SKU_TAKEN', [...line, 'sku']);
    case 'options-unfit':
      return new GenericUserError(
        'BAD_USER_INPUT',
        [...line, 'options'],
        'A variant has one of the product’s values for each of its options.',
      );
    case 'options-taken':
      return new GenericUserError('CONFLICT', [...line, 'options'], 'There is another variant with these options.');
    case 'price-invalid':
      return new GenericUserError('BAD_USER_INPUT', [...line, 'price'], 'This is not a price in this currency.');
  }
}

/** How clients read why a variant could not be changed; `argument` is the one that names it. */
export function variantError(problem: VariantProblem, argument: string): UserError {
  switch (problem.kind) {
    case 'unknown-variant':
      return new GenericUserError('NOT_FOUND', [argument]);
    case 'version-changed':
      return versionChanged(problem.version);
  }
}

function versionChanged(version: number): UserError {
  return new GenericUserError(
    'CONFLICT',
    ['expectedVersion'],
    `This has changed meanwhile: its version is ${version}.`,
  );
}
