import { type Connection, type PageInfo, toGraphMoney } from '@shopgraph/kit';
import { presentTotals } from '../cart/presentation';
import { allowedTransitions, type Order, type OrderLine } from './order';
import type { OrderCommit } from './order-events';
import type { OrderEvent, OrderLine as GraphOrderLine, PresentedOrder } from './types';

/** An order as clients see it. */
export function presentOrder(order: Order): PresentedOrder {
  const {
    customerId,
    lines,
    totals,
    reservationId: _reservation,
    paymentKey: _payment,
    erasure: _erasure,
    ...rest
  } = order;
  return {
    ...rest,
    allowedTransitions: allowedTransitions(order),
    customer: customerId === null ? null : { id: customerId },
    lines: lines.map(presentLine),
    totals: {
      ...presentTotals(totals),
      paid: toGraphMoney(totals.paid),
      refunded: toGraphMoney(totals.refunded),
    },
  };
}

/** A page of orders as clients see it. */
export function presentOrders({ edges, pageInfo }: Connection<Order>): {
  edges: { cursor: string; node: PresentedOrder }[];
  pageInfo: PageInfo;
} {
  return { edges: edges.map(({ cursor, node }) => ({ cursor, node: presentOrder(node) })), pageInfo };
}

/** What the commits of one order, oldest first, have done to it. */
export function presentEvents(commits: readonly OrderCommit[]): OrderEvent[] {
  return commits.flatMap(({ orderId, version, events, at }) =>
    events.map((event, index) => ({
      id: `${orderId}:${version}:${index}`,
      type: event.type,
      version,
      at,
      reason: event.type === 'CANCELLED' ? event.reason : null,
    })),
  );
}

function presentLine({ variantId, unitPrice, discount, total, ...line }: OrderLine): GraphOrderLine {
  const amounts = { unitPrice: toGraphMoney(unitPrice), discount: toGraphMoney(discount), total: toGraphMoney(total) };
  return { ...line, ...amounts, variant: { id: variantId } };
}
