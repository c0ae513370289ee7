import type { BusEvent, LiveEvents } from '@shopgraph/kit';

/** The channel of whatever changes about a product, its variants and their prices included. */
export function productChannel(id: string): string {
  return `products:product:${id}`;
}

/** Tells those who follow a product of every event about it. */
export function announceProducts(live: LiveEvents): (event: BusEvent) => Promise<void> {
  return async ({ data }) => {
    const { productId: id } = data as { productId?: string };
    if (id !== undefined) await live.publish(productChannel(id), { id });
  };
}
