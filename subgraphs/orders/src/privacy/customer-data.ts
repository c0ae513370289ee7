import type { Idempotency, PersonalData } from '@shopgraph/kit';
import type { CartStore } from '../cart/cart-store';
import type { SagaStore } from '../checkout/saga-store';
import type { Order } from '../order/order';
import type { OrderEraser } from '../order/order-eraser';
import type { OrderStore } from '../order/order-store';
import type { PaymentProvider } from '../payment/payment-provider';
import { readableCart, readableCheckout, readableOrder } from './readable';

const PAGE_SIZE = 100;

interface Dependencies {
  readonly carts: CartStore;
  readonly orders: OrderStore;
  readonly sagas: SagaStore;
  readonly idempotency: Idempotency;
  readonly payments: PaymentProvider;
  readonly eraser: OrderEraser;
}

/** What is held of customers: their carts, their orders, and how they came about. Guests are nobody known. */
export class CustomerData implements PersonalData {
  constructor(private readonly deps: Dependencies) {}

  /** Everything that is held of a customer, for people to read. */
  async exportOf(userId: string): Promise<object> {
    const { carts, sagas, idempotency } = this.deps;
    const orders: object[] = [];
    for await (const page of this.pagesOf(userId)) orders.push(...(await this.readable(page)));
    return {
      carts: (await carts.allOf(userId)).map(readableCart),
      orders,
      checkouts: (await sagas.activeOfCustomer(userId)).map(readableCheckout),
      cancellationKeys: await idempotency.keysOf(cancellationsBy(userId)),
    };
  }

  /** Forgets carts and attempts, and takes the customer out of their orders, one after the other. */
  async erase(userId: string): Promise<void> {
    const { carts, sagas, idempotency, eraser } = this.deps;
    await carts.removeAllOf(userId);
    await sagas.forgetCompletedOf(userId);
    await idempotency.forgetAllOf(cancellationsBy(userId));
    for await (const page of this.pagesOf(userId)) {
      for (const { id, erasure } of page) if (erasure?.deliveryUntil !== null) await eraser.erase(id);
    }
  }

  private async readable(orders: readonly Order[]): Promise<object[]> {
    const { orders: store, payments } = this.deps;
    const commits = await store.commitsOf(orders.map(({ id }) => id));
    return Promise.all(
      orders.map(async (order) => {
        const payment = await payments.find(order.paymentKey);
        const history = commits.filter(({ orderId }) => orderId === order.id);
        return readableOrder(order, history, payment);
      }),
    );
  }

  /** A customer's orders, the oldest first, page by page. */
  private async *pagesOf(customerId: string): AsyncGenerator<readonly Order[]> {
    for (let after: string | null = null; ;) {
      const page = { first: PAGE_SIZE, ...(after !== null && { after }) };
      const { edges, pageInfo } = await this.deps.orders.list({ customerId, direction: 1, page });
      yield edges.map(({ node }) => node);
      if (!pageInfo.hasNextPage) return;
      after = pageInfo.endCursor ?? null;
    }
  }
}

function cancellationsBy(userId: string): string {
  return `orderCancel:${userId}`;
}
