import { buildFederatedSchema, GenericUserError } from '@shopgraph/kit';
import type { GraphQLSchema } from 'graphql';
import type { InventoryContext } from './context';
import { LevelLocationResolver, LocationResolver, MovementLocationResolver } from './location/resolvers';
import { inventoryPermissions } from './permissions';
import { ReservationResolver } from './reservation/resolvers';
import { inventoryEntities, InventoryItemResolver, ProductVariantResolver } from './stock/item-resolvers';
import { StockResolver } from './stock/resolvers';
import { StockSettingsResolver } from './stock/settings-resolvers';
import { StockChangeResolver } from './stock/stock-change-resolver';
import { InsufficientStockError, ProductVariant } from './stock/types';

/** The executable schema of this subgraph; its resolvers find their services in the context. */
export function inventorySchema(): GraphQLSchema {
  return buildFederatedSchema<InventoryContext>({
    resolvers: [
      ProductVariantResolver,
      InventoryItemResolver,
      StockResolver,
      StockChangeResolver,
      StockSettingsResolver,
      LocationResolver,
      LevelLocationResolver,
      MovementLocationResolver,
      ReservationResolver,
    ],
    types: [ProductVariant, GenericUserError, InsufficientStockError],
    entities: inventoryEntities,
    permissions: inventoryPermissions,
  });
}
