import type { DomainEvent, Result } from '@shopgraph/kit';
import { fitOptions, type ProductOption, sameOptions, type VariantOption } from '../variant/options';

export const PRODUCT_STATUSES = ['DRAFT', 'ACTIVE', 'ARCHIVED'] as const;
export type ProductStatus = (typeof PRODUCT_STATUSES)[number];

/** What is sold, in one or more variants. */
export interface Product {
  readonly id: string;
  /** Names the product in addresses, unique. */
  readonly slug: string;
  readonly name: string;
  /** Sanitised HTML. */
  readonly description: string;
  /** Only ACTIVE products exist for the public. */
  readonly status: ProductStatus;
  readonly options: readonly ProductOption[];
  /** Variants added so far; not part of what `version` guards. */
  readonly variantCount: number;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type ProductEvent = DomainEvent<
  'products.product-created' | 'products.product-updated' | 'products.product-published' | 'products.product-archived',
  { productId: string }
>;

/** A product as it will be and what to tell of it: nothing when it stays as it is. */
export interface ProductChange {
  readonly product: Product;
  readonly events: readonly ProductEvent[];
}

export type ProductProblem =
  | { readonly kind: 'unknown-product' }
  | { readonly kind: 'version-changed'; readonly version: number }
  | { readonly kind: 'slug-taken' }
  | { readonly kind: 'no-variants' }
  | { readonly kind: 'options-in-use' };

export type ProductDraft = Pick<Product, 'slug' | 'name' | 'description' | 'options'>;

interface Guard {
  /** The version that the caller has seen; null when it does not matter. */
  readonly expectedVersion: number | null;
  readonly now: Date;
}

/** A new product, which nobody but staff sees yet. */
export function createProduct(draft: ProductDraft, { id, now }: { id: string; now: Date }): ProductChange {
  const product: Product = {
    id,
    ...draft,
    status: 'DRAFT',
    variantCount: 0,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  return { product, events: [eventOf('products.product-created', product)] };
}

/**
 * Decides on new words or options; `variants` are the choices of the product's variants.
 * Options can grow, but not leave a variant behind.
 */
export function updateProduct(
  product: Product,
  changes: Partial<ProductDraft>,
  { variants, ...guard }: Guard & { readonly variants: readonly (readonly VariantOption[])[] },
): Result<ProductChange, ProductProblem> {
  const draft = { ...product, ...changes };
  const fits = variants.every((chosen) => fitOptions(draft.options, chosen) !== null);
  const changed =
    draft.slug !== product.slug ||
    draft.name !== product.name ||
    draft.description !== product.description ||
    !sameOptions(draft.options, product.options);
  return change(product, guard, {
    type: 'products.product-updated',
    changes: changed ? changes : null,
    problem: fits ? null : { kind: 'options-in-use' },
  });
}

/** Decides on showing a product to the public; publishing again changes nothing. */
export function publishProduct(product: Product, guard: Guard): Result<ProductChange, ProductProblem> {
  return change(product, guard, {
    type: 'products.product-published',
    changes: statusChange(product, 'ACTIVE'),
    problem: product.variantCount > 0 ? null : { kind: 'no-variants' },
  });
}

/** Decides on taking a product from the public; archiving again changes nothing. */
export function archiveProduct(product: Product, guard: Guard): Result<ProductChange, ProductProblem> {
  return change(product, guard, {
    type: 'products.product-archived',
    changes: statusChange(product, 'ARCHIVED'),
    problem: null,
  });
}

function statusChange(product: Product, status: ProductStatus): Partial<Product> | null {
  return product.status === status ? null : { status };
}

interface Intention {
  readonly type: ProductEvent['type'];
  /** Null when the product is that way already. */
  readonly changes: Partial<Product> | null;
  /** What speaks against it in the version that the product has. */
  readonly problem: ProductProblem | null;
}

function change(
  product: Product,
  { expectedVersion, now }: Guard,
  { type, changes, problem }: Intention,
): Result<ProductChange, ProductProblem> {
  const { version } = product;
  if (expectedVersion !== null && expectedVersion !== version) {
    return { ok: false, problems: [{ kind: 'version-changed', version }] };
  }
  if (problem) return { ok: false, problems: [problem] };
  if (changes === null) return { ok: true, value: { product, events: [] } };
  const changed: Product = { ...product, ...changes, version: version + 1, updatedAt: now };
  return { ok: true, value: { product: changed, events: [eventOf(type, changed)] } };
}

function eventOf(type: ProductEvent['type'], { id, version }: Product): ProductEvent {
  return { type, aggregateId: id, sequence: version, data: { productId: id } };
}
