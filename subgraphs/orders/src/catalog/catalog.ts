import type { Call, Money } from '@shopgraph/kit';

/** What products sells one SKU for, now. */
export interface Offer {
  readonly sku: string;
  readonly variantId: string;
  /** Of the product, and of the variant where that is called otherwise. */
  readonly name: string;
  readonly unitPrice: Money;
}

/** Where prices come from. */
export interface Catalog {
  /**
   * What can be bought of `skus` in a currency, by SKU: what is unknown, not on sale, without a price or
   * too dear to be added up is left out.
   * @throws DomainError TIMEOUT or UNAVAILABLE when products cannot be asked.
   */
  offers(skus: readonly string[], currencyCode: string, call: Call): Promise<ReadonlyMap<string, Offer>>;
}
