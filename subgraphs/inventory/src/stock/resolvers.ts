import { type Connection, Cost, PageArgs, PageSized, payloadOf, Tag } from '@shopgraph/kit';
import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { InventoryContext } from '../context';
import { DEFAULT_LOCATION_ID } from '../location/location';
import { SkuArgs, StockAdjustInput, StockSetInput } from './inputs';
import type { StockDiscrepancy as Discrepancy } from './reconciliation';
import { StockDiscrepancy } from './reconciliation-types';
import type { StockLevel as Level } from './stock';
import { StockLevelConnection, StockPayload } from './types';
import { adjustmentError } from './user-errors';

@Resolver()
export class StockResolver {
  @PageSized()
  @Tag('internal')
  @Query(() => StockLevelConnection, { description: 'The levels at or below their threshold, emptiest first.' })
  lowStock(@Args(() => PageArgs) page: PageArgs, @Ctx() { levels }: InventoryContext): Promise<Connection<Level>> {
    return levels.low(page);
  }

  @Cost(5)
  @Tag('internal')
  @Query(() => [StockDiscrepancy], {
    description:
      'Where the levels of a SKU do not agree with its movements and active reservations; empty when all do.',
  })
  reconcile(
    @Args(() => SkuArgs) { sku }: SkuArgs,
    @Ctx() { reconciliation }: InventoryContext,
  ): Promise<Discrepancy[]> {
    return reconciliation.reconcile(sku);
  }

  @Tag('internal')
  @Mutation(() => StockPayload, { description: 'Changes how many units are on hand.' })
  async stockAdjust(
    @Arg('input', () => StockAdjustInput, { description: 'The change.' })
    { reference = null, changeFromQuantity = null, locationId, ...input }: StockAdjustInput,
    @Ctx() context: InventoryContext,
  ) {
    const command = { ...input, locationId: locationId ?? DEFAULT_LOCATION_ID, reference, changeFromQuantity };
    const result = await context.stockService.adjust(command, context);
    return payloadOf('level', result, adjustmentError('delta'));
  }

  @Tag('internal')
  @Mutation(() => StockPayload, { description: 'Sets how many units are on hand, as they were counted.' })
  async stockSet(
    @Arg('input', () => StockSetInput, { description: 'The count.' })
    { reference = null, locationId, ...input }: StockSetInput,
    @Ctx() context: InventoryContext,
  ) {
    const command = { ...input, locationId: locationId ?? DEFAULT_LOCATION_ID, reference };
    const result = await context.stockService.set(command, context);
    return payloadOf('level', result, adjustmentError('quantity'));
  }
}
