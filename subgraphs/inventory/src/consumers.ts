import type { EventHandler } from '@shopgraph/kit';
import { z } from 'zod';
import type { OrderStockService } from './reservation/order-stock-service';
import type { ItemService } from './stock/item-service';

interface Services {
  readonly itemService: ItemService;
  readonly orderStock: OrderStockService;
}

const lines = z.array(z.object({ sku: z.string(), quantity: z.int().positive() }));
const variantCreated = z.object({ variantId: z.string(), sku: z.string() });
const orderPlaced = z.object({ orderId: z.string(), reservationId: z.string() });
const orderCancelled = orderPlaced.extend({ restock: z.boolean(), lines });

/** What inventory does about the events of its siblings; one that does not look as agreed is an error. */
export function inventoryConsumers({ itemService, orderStock }: Services): Record<string, EventHandler> {
  return {
    'products.variant-created': ({ data }, tx) => itemService.register(variantCreated.parse(data), tx),
    'orders.order-placed': ({ data }, tx, call) => orderStock.orderPlaced(orderPlaced.parse(data), call, tx),
    'orders.order-cancelled': ({ data }, tx, call) => orderStock.orderCancelled(orderCancelled.parse(data), call, tx),
  };
}
