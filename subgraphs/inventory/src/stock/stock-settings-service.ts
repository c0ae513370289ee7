import { ok, refuse, type Result } from '@shopgraph/kit';
import type { ItemStore } from './item-store';
import type { AddressProblem, LevelAddress } from './level-address';
import type { LevelDirectory } from './level-directory';
import type { LevelStore } from './level-store';
import type { StockItem, StockLevel } from './stock';
import type { StockTransactions } from './stock-transactions';

interface Dependencies {
  readonly transactions: StockTransactions;
  readonly items: ItemStore;
  readonly levels: LevelStore;
  readonly directory: LevelDirectory;
}

/** How an item is to be sold; null leaves it as it is. */
export interface ItemSettings {
  readonly sku: string;
  readonly tracked: boolean | null;
  readonly backorderLimit: number | null;
}

export type SettingsProblem =
  | { readonly kind: 'unknown-sku' }
  /** More units than the new limit are sold beyond what is there already. */
  | { readonly kind: 'oversold'; readonly units: number };

/** Sets how items are sold and when their levels count as low. */
export class StockSettingsService {
  constructor(private readonly deps: Dependencies) {}

  /** Changes an item; the same again changes nothing. */
  updateItem({ sku, ...settings }: ItemSettings): Promise<Result<StockItem, SettingsProblem>> {
    const { transactions, items, levels } = this.deps;

    return transactions.run([sku], async (tx) => {
      const [current] = await items.itemsBy('sku', [sku], tx);
      if (!current) return refuse({ kind: 'unknown-sku' });
      const tracked = settings.tracked ?? current.tracked;
      const backorderLimit = settings.backorderLimit ?? current.backorderLimit;
      if (tracked === current.tracked && backorderLimit === current.backorderLimit) return ok(current);

      const [oldest] = current.levels;
      if (oldest && oldest.available < -backorderLimit) return refuse({ kind: 'oversold', units: -oldest.available });
      // A reservation reads the limit and writes the level: without this both could go through.
      if (oldest) await levels.guard(oldest.id, -backorderLimit, tx);

      const { levels: currentLevels, ...fields } = current;
      const item = { ...fields, tracked, backorderLimit, version: current.version + 1 };
      await items.update(item, tx);
      return ok({ ...item, levels: currentLevels });
    });
  }

  /** Sets how many available units make a level count as low; the same again changes nothing. */
  setThreshold(address: LevelAddress, lowStockThreshold: number): Promise<Result<StockLevel, AddressProblem>> {
    const { transactions, levels, directory } = this.deps;

    return transactions.run([address.sku], async (tx) => {
      const found = await directory.find(address, tx);
      if (!found.ok) return found;
      const { level } = found.value;
      if (level.lowStockThreshold === lowStockThreshold) return ok(level);
      await directory.open(found.value, tx);
      return ok(await levels.setThreshold(level.id, lowStockThreshold, tx));
    });
  }
}
