import { typeIds } from '@shopgraph/kit';
import type { Product } from '../src/product/product';
import type { Variant } from '../src/variant/variant';

const createdAt = new Date('2026-01-01T00:00:00Z');
const unchanged = { version: 1, createdAt, updatedAt: createdAt };

/** A draft without options and variants. */
export function aProduct(overrides: Partial<Product> = {}): Product {
  const id = typeIds.next('prod');
  const words = { slug: 'shirt', name: 'Shirt', description: '' };
  return { id, ...words, status: 'DRAFT', options: [], variantCount: 0, ...unchanged, ...overrides };
}

/** An active variant without options and prices. */
export function aVariant(overrides: Partial<Variant> = {}): Variant {
  const id = typeIds.next('var');
  const place = { productId: typeIds.next('prod'), position: 0 };
  return { id, ...place, sku: id, name: 'Shirt', options: [], prices: [], active: true, ...unchanged, ...overrides };
}
