/** The most that the public learns about how many there are. */
const PUBLIC_QUANTITY_CAP = 99;

/** How many units of one item there are at one location. */
export interface StockLevel {
  readonly id: string;
  readonly itemId: string;
  readonly sku: string;
  readonly locationId: string;
  /** Units physically there. */
  readonly onHand: number;
  /** Units promised to placed orders. */
  readonly allocated: number;
  /** Units held by active reservations. */
  readonly reserved: number;
  /** `onHand − allocated − reserved`, kept so that it can be guarded, indexed and sorted by. */
  readonly available: number;
  readonly lowStockThreshold: number;
  /** Whether `available` is at or below the threshold, kept so that it can be indexed. */
  readonly isLow: boolean;
  readonly version: number;
}

/** What is sold under one SKU, with its levels, oldest first. */
export interface StockItem {
  readonly id: string;
  readonly sku: string;
  readonly variantId: string;
  /** False for what cannot run out, such as downloads. */
  readonly tracked: boolean;
  /** Units that may be sold beyond what is there. Only the oldest level ever goes below zero for it. */
  readonly backorderLimit: number;
  /** Rises when the item itself changes, or gets another level. */
  readonly version: number;
  readonly levels: readonly StockLevel[];
}

/** What the public may know about how many there are. */
export interface Availability {
  readonly inStock: boolean;
  readonly quantity: number;
  readonly backorderable: boolean;
}

/** Fewer units than were asked for. */
export interface Shortage {
  readonly sku: string;
  readonly requested: number;
  readonly available: number;
}

/** A level without any units, for an item at a location where it has none yet. */
export function emptyLevel(id: string, item: Pick<StockItem, 'id' | 'sku'>, locationId: string): StockLevel {
  return {
    id,
    itemId: item.id,
    sku: item.sku,
    locationId,
    onHand: 0,
    allocated: 0,
    reserved: 0,
    available: 0,
    lowStockThreshold: 0,
    isLow: true,
    version: 1,
  };
}

/**
 * What the public may know about an item; one that inventory does not know is out of stock.
 * Only levels at locations that `serves` accepts count.
 */
export function availabilityOf(
  item: StockItem | null,
  serves: (locationId: string) => boolean = () => true,
): Availability {
  if (!item) return { inStock: false, quantity: 0, backorderable: false };
  if (!item.tracked) return { inStock: true, quantity: PUBLIC_QUANTITY_CAP, backorderable: false };
  const quantity = onShelves(item.levels.filter(({ locationId }) => serves(locationId)));
  const [oldest] = item.levels;
  return {
    inStock: quantity > 0,
    quantity: Math.min(quantity, PUBLIC_QUANTITY_CAP),
    backorderable: oldest !== undefined && serves(oldest.locationId) && backorderRoom(item) > 0,
  };
}

/** Units of a tracked item that can still be sold, never negative. */
export function sellable(item: StockItem): number {
  return onShelves(item.levels) + Math.max(backorderRoom(item), 0);
}

/** Units that nobody has a claim on. */
function onShelves(levels: readonly StockLevel[]): number {
  return levels.reduce((sum, { available }) => sum + Math.max(available, 0), 0);
}

/** Units that may still be sold beyond those. */
function backorderRoom({ levels: [oldest], backorderLimit }: StockItem): number {
  return oldest ? backorderLimit + Math.min(oldest.available, 0) : 0;
}
