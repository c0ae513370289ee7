import type { BusEvent, LiveEvents } from '@shopgraph/kit';
import type { ReservationStore } from '../reservation/reservation-store';
import type { ItemStore } from './item-store';

/** That the figures of a level have changed, or may have. */
export interface StockChange {
  readonly sku: string;
  readonly locationId: string;
}

/** The channel of all levels; with a SKU, of those of one item. */
export function stockChannel(sku: string | null): string {
  return sku === null ? 'inventory:stock' : `inventory:stock:${sku}`;
}

/** The channel of levels that are at or below their threshold after a change. */
export const LOW_STOCK_CHANNEL = 'inventory:low-stock';

interface EventData {
  readonly sku?: string;
  readonly locationId?: string;
  readonly lines?: readonly { readonly sku: string }[];
}

interface Stores {
  readonly items: ItemStore;
  readonly reservations: ReservationStore;
}

/** Tells those who follow stock of every event about it: of one of reservations, all levels of their items. */
export function announceStock(live: LiveEvents, { items, reservations }: Stores): (event: BusEvent) => Promise<void> {
  async function skusOf({ type, aggregateId, data }: BusEvent): Promise<string[]> {
    const { sku, lines } = data as EventData;
    if (sku !== undefined) return [sku];
    if (lines) return lines.map((line) => line.sku);
    const reservation = type.startsWith('inventory.reservation-') ? await reservations.byId(aggregateId) : null;
    return (reservation?.lines ?? []).map((line) => line.sku);
  }

  return async (event) => {
    const skus = [...new Set(await skusOf(event))];
    if (skus.length === 0) return;
    const { locationId: only } = event.data as EventData;
    const levels = (await items.itemsBy('sku', skus)).flatMap((item) => item.levels);
    for (const { sku, locationId, isLow } of levels) {
      if (only !== undefined && only !== locationId) continue;
      const change: StockChange = { sku, locationId };
      const channels = [stockChannel(null), stockChannel(sku), ...(isLow ? [LOW_STOCK_CHANNEL] : [])];
      for (const channel of channels) await live.publish(channel, change);
    }
  };
}
