import type { BusEvent, LiveEvents } from '@shopgraph/kit';
import type { OrderStore } from './order-store';

/** That an order has changed. */
export interface OrderChange {
  readonly id: string;
}

/** The channel of one order. */
export function orderChannel(id: string): string {
  return `orders:order:${id}`;
}

/** The channel of all orders of a customer. */
export function customerChannel(userId: string): string {
  return `orders:customer:${userId}`;
}

/** Tells those who follow an order, and its customer, of every event about it. */
export function announceOrders(live: LiveEvents, orders: Pick<OrderStore, 'by'>): (event: BusEvent) => Promise<void> {
  return async ({ data }) => {
    const { orderId: id } = data as { orderId?: string };
    if (id === undefined) return;
    const [order] = await orders.by('id', [id]);
    const change: OrderChange = { id };
    await live.publish(orderChannel(id), change);
    if (order?.customerId != null) await live.publish(customerChannel(order.customerId), change);
  };
}
