import type { BusEvent, LiveEvents } from '@shopgraph/kit';
import type { VariantStore } from '../variant/variant-store';

/** The channel of whatever changes about a product, its variants and their prices included. */
export function productChannel(id: string): string {
  return `products:product:${id}`;
}

/** Tells those who follow a product of every event about it. */
export function announceProducts(live: LiveEvents, variants: VariantStore): (event: BusEvent) => Promise<void> {
  return async ({ data }) => {
    const { productId, variantId } = data as { productId?: string; variantId?: string };
    const [variant] =
      productId === undefined && variantId !== undefined ? await variants.variantsBy('id', [variantId]) : [];
    const id = productId ?? variant?.productId;
    if (id !== undefined) await live.publish(productChannel(id), { id });
  };
}
