import { lineTotal } from '../pricing/totals';
import type { Order, OrderLine } from './order';
import type { OrderCommit, OrderEvent, PlacedOrder } from './order-events';

/** An order after one more event. @throws Error for an event that cannot follow, which only damaged data can hold. */
export function evolve(order: Order | null, event: OrderEvent): Order {
  if (event.type === 'PLACED') {
    if (order) throw new Error(`Order ${order.id} is placed twice`);
    return placed(event.order);
  }
  if (!order) throw new Error(`${event.type} comes before PLACED`);
  switch (event.type) {
    case 'CANCELLED':
      return {
        ...order,
        status: 'CANCELLED',
        paymentStatus: 'VOIDING',
        lines: order.lines.map((line) => ({ ...line, cancelledQuantity: line.cancelledQuantity + taken(event, line) })),
      };
    case 'PAYMENT_VOIDED':
      return { ...order, paymentStatus: 'VOIDED' };
  }
}

/** The order that its commits, oldest first, make; null without any. */
export function fold(commits: readonly OrderCommit[]): Order | null {
  return commits.reduce<Order | null>(applyCommit, null);
}

/** An order after one more commit. */
export function applyCommit(order: Order | null, { events, version }: OrderCommit): Order | null {
  const after = events.reduce<Order | null>(evolve, order);
  return after && { ...after, version };
}

function placed({ lines, totals, ...order }: PlacedOrder): Order {
  const none = { minorUnits: 0, currencyCode: totals.total.currencyCode };
  return {
    ...order,
    status: 'PLACED',
    paymentStatus: 'AUTHORIZED',
    fulfillmentStatus: 'UNFULFILLED',
    lines: lines.map((line) => ({
      ...line,
      fulfilledQuantity: 0,
      cancelledQuantity: 0,
      refundedQuantity: 0,
      discount: none,
      total: lineTotal(line),
    })),
    totals: { ...totals, paid: none, refunded: none },
    erasure: order.erasure ?? null,
    version: 0,
  };
}

function taken({ lines }: Extract<OrderEvent, { type: 'CANCELLED' }>, { id }: OrderLine): number {
  return lines.find(({ lineId }) => lineId === id)?.quantity ?? 0;
}
