import { DomainError, Tag } from '@shopgraph/kit';
import { Arg, Ctx, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { InventoryContext } from '../context';
import type { StockLevel as Level } from './stock';
import { LOW_STOCK_CHANNEL, type StockChange, stockChannel } from './stock-changes';
import { StockLevel } from './types';

@Resolver()
export class StockChangeResolver {
  @Tag('internal')
  @Subscription(() => StockLevel, {
    description: 'A level whenever its figures have changed; at most once for each change.',
    subscribe: ({ args: { sku }, context }: { args: { sku?: string | null }; context: InventoryContext }) =>
      context.live.listen(stockChannel(sku ?? null)),
  })
  stockChanged(
    @Root() change: StockChange,
    @Arg('sku', () => String, { nullable: true, description: 'Only levels of this SKU.' }) _sku: string | null,
    @Ctx() context: InventoryContext,
  ): Promise<Level> {
    return levelOf(change, context);
  }

  @Tag('internal')
  @Subscription(() => StockLevel, {
    description: 'A level whenever a change leaves it at or below its threshold; at most once for each change.',
    subscribe: ({ args, context }: { args: { locationId?: string | null }; context: InventoryContext }) =>
      context.live.listen<StockChange>(
        LOW_STOCK_CHANNEL,
        ({ locationId }) => args.locationId == null || args.locationId === locationId,
      ),
  })
  lowStockAlert(
    @Root() change: StockChange,
    @Arg('locationId', () => ID, { nullable: true, description: 'Only levels at this location.' })
    _locationId: string | null,
    @Ctx() context: InventoryContext,
  ): Promise<Level> {
    return levelOf(change, context);
  }
}

/** The level as it is now. @throws DomainError NOT_FOUND when it is gone. */
async function levelOf({ sku, locationId }: StockChange, { loaders }: InventoryContext): Promise<Level> {
  const item = await loaders.itemBySku.load(sku);
  const level = item?.levels.find((candidate) => candidate.locationId === locationId);
  if (!level) throw new DomainError('NOT_FOUND');
  return level;
}
