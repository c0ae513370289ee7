import { isPermitted, type Viewer } from '@shopgraph/kit';
import type { Product } from './product/product';
import type { Variant } from './variant/variant';

/** Whether somebody knows of what is not on sale. Services see what the public sees. */
export function seesUnpublished(viewer: Viewer): boolean {
  return isPermitted(viewer, 'product:read');
}

/** Whether the public knows of a product. */
export function isPublished({ status }: Product): boolean {
  return status === 'ACTIVE';
}

/** Whether the public can buy a variant of `product`. */
export function isOffered({ active }: Variant, product: Product): boolean {
  return active && isPublished(product);
}
