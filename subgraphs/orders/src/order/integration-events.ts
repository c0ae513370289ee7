import type { DomainEvent, Money } from '@shopgraph/kit';
import type { Order } from './order';
import type { OrderEvent } from './order-events';

interface SoldLine {
  readonly sku: string;
  readonly quantity: number;
}

export type OrderPlaced = DomainEvent<
  'orders.order-placed',
  { orderId: string; number: string; reservationId: string; lines: readonly SoldLine[]; total: Money }
>;

export type OrderCancelled = DomainEvent<
  'orders.order-cancelled',
  { orderId: string; reservationId: string; restock: boolean; lines: readonly SoldLine[] }
>;

/** What other services learn of a commit: ids and numbers. `order` is the order after it. */
export function integrationEventsOf(order: Order, events: readonly OrderEvent[]): (OrderPlaced | OrderCancelled)[] {
  return events.flatMap((event): (OrderPlaced | OrderCancelled)[] => {
    const { id: orderId, number, reservationId, version: sequence } = order;
    const soldLines = order.lines.map(({ sku, quantity }) => ({ sku, quantity }));
    switch (event.type) {
      case 'PLACED': {
        const data = { orderId, number, reservationId, lines: soldLines, total: order.totals.total };
        return [{ type: 'orders.order-placed', aggregateId: orderId, sequence, data }];
      }
      case 'CANCELLED': {
        const lines = event.lines.map(({ sku, quantity }) => ({ sku, quantity }));
        const data = { orderId, reservationId, restock: event.restock, lines };
        return [{ type: 'orders.order-cancelled', aggregateId: orderId, sequence, data }];
      }
      case 'PAYMENT_VOIDED':
        return [];
    }
  });
}
