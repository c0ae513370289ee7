import { allow, hasPermission, type PermissionTable } from '@shopgraph/kit';

const canWrite = hasPermission('product:write');

/** Who may look is everybody's, what they see depends on them (see `visibility.ts`); changes are for staff. */
export const productsPermissions: PermissionTable = {
  Query: { product: allow, products: allow, variant: allow },
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
