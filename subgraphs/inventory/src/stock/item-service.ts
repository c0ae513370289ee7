import type { IdGenerator, Transaction } from '@shopgraph/kit';
import { DEFAULT_LOCATION_ID } from '../location/location';
import type { ItemStore } from './item-store';
import type { LevelStore } from './level-store';
import { emptyLevel } from './stock';

interface Dependencies {
  readonly items: ItemStore;
  readonly levels: LevelStore;
  readonly ids: IdGenerator;
}

/** A variant that products has begun to sell. */
export interface NewVariant {
  readonly variantId: string;
  readonly sku: string;
}

/** Keeps one item for every SKU that is sold. */
export class ItemService {
  constructor(private readonly deps: Dependencies) {}

  /**
   * Adds the item of a new variant, tracked and without units at the default location.
   * A SKU that was given up and is taken by a newer variant keeps its item, for the units are still there.
   */
  async register({ variantId, sku }: NewVariant, tx: Transaction): Promise<void> {
    const { items, levels, ids } = this.deps;
    if (await items.find({ variantId }, tx)) return;

    const namesake = await items.find({ sku }, tx);
    if (namesake) {
      // Ids sort by age, so an event that comes late does not give the item back to the older variant.
      if (namesake.variantId < variantId) {
        await items.update({ ...namesake, variantId, version: namesake.version + 1 }, tx);
      }
      return;
    }
    const item = { id: ids.next('item'), sku, variantId, tracked: true, backorderLimit: 0, version: 1 };
    await items.add(item, tx);
    await levels.add(emptyLevel(ids.next('lvl'), item, DEFAULT_LOCATION_ID), tx);
  }
}
