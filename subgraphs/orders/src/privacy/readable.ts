import { decimalOf, type Money } from '@shopgraph/kit';
import type { Cart } from '../cart/cart';
import type { CheckoutSaga } from '../checkout/checkout-saga';
import type { Order } from '../order/order';
import type { OrderCommit } from '../order/order-events';
import type { ProviderPayment } from '../payment/payment-provider';

/** A cart as people read it. */
export function readableCart({ id, status, lines, createdAt, expiresAt }: Cart): object {
  const readableLines = lines.map(({ sku, name, quantity, unitPrice }) => {
    return { sku, name, quantity, unitPrice: readableMoney(unitPrice) };
  });
  return { id, status, createdAt, expiresAt, lines: readableLines };
}

/** An attempt to order as people read it. */
export function readableCheckout({ id, step, orderId, intention }: CheckoutSaga): object {
  return { id, step, orderId, idempotencyKey: intention.split(':').slice(2).join(':') };
}

/** An order as people read it, with all that has happened to it. */
export function readableOrder(order: Order, history: readonly OrderCommit[], payment: ProviderPayment | null): object {
  const { id, number, status, paymentStatus, fulfillmentStatus, placedAt, email } = order;
  const { shippingAddress, billingAddress, lines, totals } = order;
  return {
    ...{ id, number, status, paymentStatus, fulfillmentStatus, placedAt, email, shippingAddress, billingAddress },
    lines: lines.map(({ sku, name, quantity, cancelledQuantity, unitPrice, total }) => {
      const amounts = { unitPrice: readableMoney(unitPrice), total: readableMoney(total) };
      return { sku, name, quantity, cancelledQuantity, ...amounts };
    }),
    totals: Object.fromEntries(Object.entries(totals).map(([name, amount]) => [name, readableMoney(amount as Money)])),
    payment: payment && { id: payment.id, status: payment.status },
    history: history.flatMap(({ events, at, actor }) =>
      events.map((event) => ({
        type: event.type,
        at,
        by: actor,
        ...(event.type === 'CANCELLED' && { reason: event.reason }),
      })),
    ),
  };
}

function readableMoney(money: Money): string {
  return `${decimalOf(money)} ${money.currencyCode}`;
}
