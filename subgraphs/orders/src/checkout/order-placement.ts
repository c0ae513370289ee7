import { type Call, inTransaction, type MongoConnection } from '@shopgraph/kit';
import type { Cart } from '../cart/cart';
import type { CartStore } from '../cart/cart-store';
import { decide } from '../order/decide';
import type { Order } from '../order/order';
import type { PlacedOrder } from '../order/order-events';
import type { OrderJournal } from '../order/order-journal';
import type { OrderNumbers } from '../order/order-numbers';
import type { CheckoutSaga } from './checkout-saga';
import { OneAtATime } from './one-at-a-time';
import type { SagaStore } from './saga-store';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly carts: CartStore;
  readonly sagas: SagaStore;
  readonly journal: OrderJournal;
  readonly numbers: OrderNumbers;
}

/** The cart is not as it was priced, so that it must not become this order. */
export class CartChanged extends Error {
  constructor(id: string) {
    super(`Cart ${id} changed while it was checked out`);
    this.name = 'CartChanged';
  }
}

/** The last step of a checkout, and the only one that makes an order. */
export class OrderPlacement {
  private readonly queue = new OneAtATime();

  constructor(private readonly deps: Dependencies) {}

  /**
   * Places an order, closes its cart and completes its saga, all in one transaction.
   * @throws SagaLost when somebody has taken the saga over, CartChanged when the cart is not as it was.
   */
  place(
    { completed, cart, draft }: { completed: CheckoutSaga; cart: Cart; draft: Omit<PlacedOrder, 'number'> },
    call: Call,
  ): Promise<Order> {
    const { connection, carts, sagas, journal, numbers } = this.deps;
    return this.queue.run(() =>
      inTransaction(connection, async (tx) => {
        await sagas.save(completed, tx);
        if (!(await carts.close(cart, tx))) throw new CartChanged(cart.id);
        const decision = decide({ type: 'place', order: { ...draft, number: await numbers.next(tx) } }, null);
        if (!decision.ok) throw new Error(`Order ${draft.id} exists already`);
        return journal.record({ orderId: draft.id, order: null, events: decision.value }, call, tx);
      }),
    );
  }
}
