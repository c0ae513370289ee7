import { payloadOf, Tag } from '@shopgraph/kit';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { InventoryContext } from '../context';
import { DEFAULT_LOCATION_ID } from '../location/location';
import { InventoryItemUpdateInput, StockThresholdSetInput, StockTransferInput } from './settings-inputs';
import { InventoryItemPayload, StockPayload, StockTransferPayload } from './types';
import { addressError, settingsError, transferError } from './user-errors';

@Resolver()
export class StockSettingsResolver {
  @Tag('internal')
  @Mutation(() => InventoryItemPayload, { description: 'Changes how an item is sold.' })
  async inventoryItemUpdate(
    @Arg('input', () => InventoryItemUpdateInput, { description: 'The item as it is to be.' })
    { sku, tracked = null, backorderLimit = null }: InventoryItemUpdateInput,
    @Ctx() { settings }: InventoryContext,
  ) {
    return payloadOf('item', await settings.updateItem({ sku, tracked, backorderLimit }), settingsError);
  }

  @Tag('internal')
  @Mutation(() => StockPayload, { description: 'Sets when a level counts as low.' })
  async stockThresholdSet(
    @Arg('input', () => StockThresholdSetInput, { description: 'The level and its threshold.' })
    { lowStockThreshold, sku, locationId }: StockThresholdSetInput,
    @Ctx() { settings }: InventoryContext,
  ) {
    const address = { sku, locationId: locationId ?? DEFAULT_LOCATION_ID };
    return payloadOf('level', await settings.setThreshold(address, lowStockThreshold), addressError);
  }

  @Tag('internal')
  @Mutation(() => StockTransferPayload, { description: 'Moves units that nobody has a claim on.' })
  async stockTransfer(
    @Arg('input', () => StockTransferInput, { description: 'What to move.' })
    { reference = null, ...input }: StockTransferInput,
    @Ctx() context: InventoryContext,
  ): Promise<StockTransferPayload> {
    const result = await context.transferService.transfer({ ...input, reference }, context);
    const { levels, userErrors } = payloadOf('levels', result, transferError);
    return { from: levels?.from ?? null, to: levels?.to ?? null, userErrors };
  }
}
