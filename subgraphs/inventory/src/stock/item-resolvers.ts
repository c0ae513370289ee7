import { type Connection, onlyKey, PageArgs, Tag } from '@shopgraph/kit';
import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { InventoryContext } from '../context';
import { deliversTo } from '../location/location';
import { AvailabilityArgs, InventoryItemArgs } from './inputs';
import type { StockMovement as Movement } from './movement';
import {
  availabilityOf,
  type Availability as StockAvailability,
  type StockItem,
  type StockLevel as Level,
} from './stock';
import { Availability, InventoryItem, ProductVariant, StockLevelConnection, StockMovementConnection } from './types';

@Resolver(() => ProductVariant)
export class ProductVariantResolver {
  @FieldResolver(() => Availability, { description: 'Whether and how much of it can be bought.' })
  async availability(
    @Root() { id }: ProductVariant,
    @Args(() => AvailabilityArgs) { country }: AvailabilityArgs,
    @Ctx() { loaders }: InventoryContext,
  ): Promise<StockAvailability> {
    const item = await loaders.itemByVariantId.load(id);
    if (country == null || !item) return availabilityOf(item);
    const locations = await Promise.all(item.levels.map(({ locationId }) => loaders.locationById.load(locationId)));
    const serving = new Set(
      locations.flatMap((location) => (location && deliversTo(location, country) ? [location.id] : [])),
    );
    return availabilityOf(item, (locationId) => serving.has(locationId));
  }

  @Tag('internal')
  @FieldResolver(() => InventoryItem, { nullable: true, description: 'Its stock, for staff.' })
  inventoryItem(@Root() { id }: ProductVariant, @Ctx() { loaders }: InventoryContext): Promise<StockItem | null> {
    return loaders.itemByVariantId.load(id);
  }
}

@Resolver(() => InventoryItem)
export class InventoryItemResolver {
  @Tag('internal')
  @Query(() => InventoryItem, { nullable: true, description: 'One item, by its id or its SKU.' })
  inventoryItem(
    @Args(() => InventoryItemArgs) key: InventoryItemArgs,
    @Ctx() context: InventoryContext,
  ): Promise<StockItem | null> {
    return findItem(key, context);
  }

  @FieldResolver(() => StockLevelConnection)
  levels(
    @Root() { id }: InventoryItem,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { levels }: InventoryContext,
  ): Promise<Connection<Level>> {
    return levels.ofItem(id, page);
  }

  @FieldResolver(() => StockMovementConnection)
  movements(
    @Root() { sku }: InventoryItem,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { movements }: InventoryContext,
  ): Promise<Connection<Movement>> {
    return movements.ofSku(sku, page);
  }
}

/** How references from other subgraphs become entities. */
export const inventoryEntities = {
  // Products knows whether the variant exists; inventory only adds to it.
  ProductVariant: ({ id }: Record<string, string>) => ({ id }),
  InventoryItem: (key: Record<string, string>, context: InventoryContext) => findItem(key, context),
};

async function findItem({ id, sku }: InventoryItemArgs, { loaders }: InventoryContext): Promise<StockItem | null> {
  const { name, value } = onlyKey({ id, sku });
  return (name === 'id' ? loaders.itemById : loaders.itemBySku).load(value);
}
