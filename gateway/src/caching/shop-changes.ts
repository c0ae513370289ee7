import type { BusEvent } from '@shopgraph/kit';
import { z } from 'zod';
import { entityTag, type EntityType, everyTag, someTag } from './tags';

/** Tags of what an event makes outdated. @throws ZodError when it does not look as agreed. */
export type TagsOfEvent = (event: BusEvent) => readonly string[];

const product: EntityType = { subgraph: 'products', type: 'Product' };
const variant: EntityType = { subgraph: 'products', type: 'ProductVariant' };
const stockOfVariant: EntityType = { subgraph: 'inventory', type: 'ProductVariant' };

const aboutProduct = z.object({ productId: z.string() });
const aboutVariant = z.object({ variantId: z.string() });
const aboutBoth = aboutVariant.extend({ productId: z.string() });

/** What the events of the shop are about, by type: see docs/events.md. */
export const shopChanges: Readonly<Record<string, TagsOfEvent>> = {
  'products.product-created': productChanged,
  'products.product-updated': productChanged,
  // Variants are seen only while their product is.
  'products.product-published': (event) => [...productChanged(event), everyTag(variant)],
  'products.product-archived': (event) => [...productChanged(event), everyTag(variant)],
  'products.variant-created': variantChanged,
  'products.variant-updated': variantChanged,
  'products.price-changed': ({ data }) => changed(variant, aboutVariant.parse(data).variantId),
  'inventory.stock-adjusted': stockChanged,
  'inventory.stock-transferred': stockChanged,
  'inventory.reservation-created': stockChanged,
  'inventory.reservation-released': stockChanged,
  'inventory.reservation-expired': stockChanged,
  'inventory.reservation-committed': stockChanged,
  'inventory.reservation-commit-short': stockChanged,
  'inventory.reservation-cancelled': stockChanged,
};

function productChanged({ data }: BusEvent): readonly string[] {
  return changed(product, aboutProduct.parse(data).productId);
}

function variantChanged({ data }: BusEvent): readonly string[] {
  const { variantId, productId } = aboutBoth.parse(data);
  // Its product lists it; inventory makes an item for a new one.
  return [...changed(variant, variantId), ...changed(product, productId), ...changed(stockOfVariant, variantId)];
}

/** Of every variant: events of inventory name SKUs, and its entities are known by ids. */
function stockChanged(): readonly string[] {
  return [everyTag(stockOfVariant)];
}

/** Of one entity, and of the lists and gaps in which it may be. */
function changed(type: EntityType, id: string): readonly string[] {
  return [entityTag(type, id), someTag(type)];
}
