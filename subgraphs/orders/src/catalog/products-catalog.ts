import type { Call, ServiceClient } from '@shopgraph/kit';
import { MAX_UNIT_PRICE } from '../cart/cart';
import type { Catalog, Offer } from './catalog';

const OFFERS = `query OrdersOffers($representations: [_Any!]!, $currency: CurrencyCode!) {
  _entities(representations: $representations) {
    ... on ProductVariant {
      id sku name active price(currency: $currency) { minorUnits currencyCode } product { name }
    }
  }
}`;

interface OffersAnswer {
  readonly _entities: readonly (VariantAnswer | null)[];
}

interface VariantAnswer {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly active: boolean;
  readonly product: { readonly name: string };
  readonly price: { readonly minorUnits: number; readonly currencyCode: string } | null;
}

/** Prices from the products subgraph, which lets services see what the public sees. */
export class ProductsCatalog implements Catalog {
  constructor(private readonly client: ServiceClient) {}

  async offers(skus: readonly string[], currencyCode: string, call: Call): Promise<ReadonlyMap<string, Offer>> {
    if (skus.length === 0) return new Map();
    const representations = [...new Set(skus)].map((sku) => ({ __typename: 'ProductVariant', sku }));
    const variables = { representations, currency: currencyCode };
    const { _entities } = await this.client.execute<OffersAnswer, typeof variables>(OFFERS, variables, call, {
      idempotent: true,
    });
    const offers = _entities.flatMap((variant) => offerOf(variant, currencyCode));
    return new Map(offers.map((offer) => [offer.sku, offer]));
  }
}

function offerOf(variant: VariantAnswer | null, currencyCode: string): Offer[] {
  if (!variant?.active || variant.price?.currencyCode !== currencyCode) return [];
  const { id, sku, price } = variant;
  if (price.minorUnits > MAX_UNIT_PRICE) return [];
  return [{ sku, variantId: id, name: nameOf(variant), unitPrice: { minorUnits: price.minorUnits, currencyCode } }];
}

/** A line of an order has to say by itself what was bought: `Stoneware mug, Ink`. */
function nameOf({ name, product }: VariantAnswer): string {
  return name === product.name ? name : `${product.name}, ${name}`;
}
