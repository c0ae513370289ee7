import type { Result } from '@shopgraph/kit';
import { allowedTransitions, type Order, type OrderStatus } from './order';
import type { OrderEvent, PlacedOrder } from './order-events';

/** What can be asked of an order. */
export type OrderCommand =
  | { readonly type: 'place'; readonly order: PlacedOrder }
  | {
      readonly type: 'cancel';
      readonly reason: string | null;
      readonly restock: boolean;
      /** Null for everything. */
      readonly lines: readonly { readonly lineId: string; readonly quantity: number }[] | null;
    }
  | { readonly type: 'confirm-void' };

/** Why an order does not do it. */
export type OrderProblem =
  | { readonly kind: 'exists' }
  | { readonly kind: 'unknown-order' }
  | { readonly kind: 'invalid-transition'; readonly status: OrderStatus }
  | { readonly kind: 'partial-cancellation' };

/** What a command does to an order, or why it does nothing. No events: it has happened before. */
export function decide(command: OrderCommand, order: Order | null): Result<OrderEvent[], OrderProblem> {
  if (command.type === 'place') {
    if (order) return { ok: false, problems: [{ kind: 'exists' }] };
    return { ok: true, value: [{ type: 'PLACED', order: command.order }] };
  }
  if (!order) return { ok: false, problems: [{ kind: 'unknown-order' }] };
  switch (command.type) {
    case 'cancel':
      return decideCancellation(command, order);
    case 'confirm-void':
      return { ok: true, value: order.paymentStatus === 'VOIDING' ? [{ type: 'PAYMENT_VOIDED' }] : [] };
  }
}

function decideCancellation(
  { reason, restock, lines }: Extract<OrderCommand, { type: 'cancel' }>,
  order: Order,
): Result<OrderEvent[], OrderProblem> {
  if (!allowedTransitions(order).includes('CANCELLED')) {
    return { ok: false, problems: [{ kind: 'invalid-transition', status: order.status }] };
  }
  if (lines && !isWhole(lines, order)) return { ok: false, problems: [{ kind: 'partial-cancellation' }] };
  const cancelled = order.lines.map(({ id, sku, quantity }) => ({ lineId: id, sku, quantity }));
  return { ok: true, value: [{ type: 'CANCELLED', reason, restock, lines: cancelled }] };
}

function isWhole(lines: readonly { lineId: string; quantity: number }[], order: Order): boolean {
  const wanted = new Map(lines.map(({ lineId, quantity }) => [lineId, quantity]));
  return lines.length === order.lines.length && order.lines.every(({ id, quantity }) => wanted.get(id) === quantity);
}
