import { allow, hasPermission, type PermissionTable, visible } from '@shopgraph/kit';

const canWrite = hasPermission('product:write');

/** Who may look is everybody's, what they see depends on them (see `visibility.ts`); changes are for staff. */
export const productsPermissions: PermissionTable = {
  ...visible(
    'Products that the viewer may not see are not found.',
    'Product',
    'ProductConnection',
    'ProductEdge',
    'ProductOption',
    'ProductVariant',
    'ProductVariantConnection',
    'ProductVariantEdge',
    'VariantOption',
  ),
  ...visible(
    'Whoever may do it is told what became of it.',
    'PricePayload',
    'ProductPayload',
    'VariantPayload',
    'VariantsPayload',
  ),
  Query: { product: allow, products: allow, variant: allow },
  // Those of products that the viewer may not see are not found.
  Subscription: { productUpdated: allow },
  Mutation: {
    productCreate: canWrite,
    productUpdate: canWrite,
    productPublish: canWrite,
    productArchive: canWrite,
    variantsCreate: canWrite,
    variantUpdate: canWrite,
    priceSet: canWrite,
  },
};
