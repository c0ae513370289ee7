import { onlyKey } from '@shopgraph/kit';
import type { ProductsContext } from './context';
import type { Product } from './product/product';
import type { Variant } from './variant/variant';
import { isOffered, isPublished } from './visibility';

/** Arguments of a query, or a reference of another subgraph, whose values nobody has checked. */
type Keys<Name extends string> = Readonly<Partial<Record<Name, unknown>>>;

/**
 * The product with this id or slug, for a viewer: null when there is none that they know of.
 * @throws DomainError BAD_USER_INPUT unless exactly one key is given.
 */
export async function findProduct(
  { id, slug }: Keys<'id' | 'slug'>,
  { loaders, seesUnpublished }: ProductsContext,
): Promise<Product | null> {
  const { name, value } = onlyKey({ id, slug });
  const product = await (name === 'id' ? loaders.productById : loaders.productBySlug).load(value);
  if (product) loaders.productById.prime(product.id, product);
  return product && (seesUnpublished || isPublished(product)) ? product : null;
}

/**
 * The variant with this id or SKU, for a viewer: null when there is none that they know of.
 * @throws DomainError BAD_USER_INPUT unless exactly one key is given.
 */
export async function findVariant(
  { id, sku }: Keys<'id' | 'sku'>,
  { loaders, seesUnpublished }: ProductsContext,
): Promise<Variant | null> {
  const { name, value } = onlyKey({ id, sku });
  const variant = await (name === 'id' ? loaders.variantById : loaders.variantBySku).load(value);
  if (!variant || seesUnpublished) return variant;
  const product = await loaders.productById.load(variant.productId);
  return product && isOffered(variant, product) ? variant : null;
}
