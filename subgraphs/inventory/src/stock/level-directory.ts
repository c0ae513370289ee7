import { type IdGenerator, ok, refuse, type Result, type Transaction } from '@shopgraph/kit';
import type { LocationStore } from '../location/location-store';
import type { ItemFields, ItemStore } from './item-store';
import type { AddressProblem, LevelAddress } from './level-address';
import type { LevelStore } from './level-store';
import { emptyLevel, type StockLevel } from './stock';

interface Dependencies {
  readonly items: ItemStore;
  readonly levels: LevelStore;
  readonly locations: LocationStore;
  readonly ids: IdGenerator;
}

/** The level of an item at a location; where the item has none yet, an empty one that is not stored. */
export interface FoundLevel {
  readonly level: StockLevel;
  /** The item that is to get the level; null for a level that is stored. */
  readonly newFor: ItemFields | null;
}

/** Finds levels by their address, and opens those that are missing. */
export class LevelDirectory {
  constructor(private readonly deps: Dependencies) {}

  /** The level at an address, be it there or still to be opened. */
  async find({ sku, locationId }: LevelAddress, tx: Transaction): Promise<Result<FoundLevel, AddressProblem>> {
    const { items, levels, locations, ids } = this.deps;
    const level = await levels.at(sku, locationId, tx);
    if (level) return ok({ level, newFor: null });

    const item = await items.find({ sku }, tx);
    if (!item) return refuse({ kind: 'unknown-sku' });
    const [location] = await locations.byIds([locationId], tx);
    if (!location) return refuse({ kind: 'unknown-location' });
    return ok({ level: emptyLevel(ids.next('lvl'), item, locationId), newFor: item });
  }

  /** Stores a level that is not stored yet. */
  async open({ level, newFor }: FoundLevel, tx: Transaction): Promise<void> {
    if (!newFor) return;
    const { items, levels } = this.deps;
    // Raising the item's version lets one of two transactions that open the same level start again.
    await items.update({ ...newFor, version: newFor.version + 1 }, tx);
    await levels.add(level, tx);
  }
}
