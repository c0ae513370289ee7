import { buildFederatedSchema, GenericUserError } from '@shopgraph/kit';
import type { GraphQLSchema } from 'graphql';
import type { ProductsContext } from './context';
import { findProduct, findVariant } from './lookups';
import { productsPermissions } from './permissions';
import { ProductChangeResolver } from './product/product-change-resolver';
import { ProductResolver } from './product/product-resolver';
import { cachePublicReads } from './public-cache';
import { Product, ProductVariant } from './types';
import { VariantResolver } from './variant/variant-resolver';

/** The subgraph's executable schema; it needs stores only when it is asked something. */
export function productsSchema(): GraphQLSchema {
  const schema = buildFederatedSchema<ProductsContext>({
    resolvers: [ProductResolver, ProductChangeResolver, VariantResolver],
    types: [Product, ProductVariant, GenericUserError],
    entities: {
      Product: (reference, context) => findProduct(reference, context),
      ProductVariant: (reference, context) => findVariant(reference, context),
    },
    permissions: productsPermissions,
  });
  return cachePublicReads(schema);
}
