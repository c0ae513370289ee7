import { type Call, createLoader, type LiveEvents } from '@shopgraph/kit';
import type { Cart } from './cart/cart';
import type { Order } from './order/order';
import type { OrderCommit } from './order/order-events';
import type { Services } from './services';

/** What a resolver gets: the call, the services and this call's own loaders. */
export interface OrdersContext
  extends Call, Pick<Services, 'cartService' | 'checkoutService' | 'orderService' | 'clock'> {
  /** What changes at the moment. */
  readonly live: LiveEvents;
  readonly loaders: ReturnType<typeof createLoaders>;
}

/** A context for one call: loaders are never shared between callers. */
export function createContext(services: Services & { readonly live: LiveEvents }, call: Call): OrdersContext {
  const { cartService, checkoutService, orderService, live, clock } = services;
  return { ...call, cartService, checkoutService, orderService, live, clock, loaders: createLoaders(services) };
}

function createLoaders({ carts, orders, clock }: Services) {
  return {
    orderById: createLoader<Order>(
      (ids) => orders.by('id', ids),
      ({ id }) => id,
    ),
    orderByNumber: createLoader<Order>(
      (numbers) => orders.by('number', numbers),
      ({ number }) => number,
    ),
    commitsByOrder: createGroupLoader<OrderCommit>(
      (ids) => orders.commitsOf(ids),
      ({ orderId }) => orderId,
    ),
    cartById: createLoader<Cart>(
      (ids) => carts.byIds(ids),
      ({ id }) => id,
    ),
    openCartByCustomer: createLoader<Cart>(
      // The latest comes last, and so is the one that the loader keeps.
      async (customerIds) => (await carts.openOf(customerIds, clock.now())).reverse(),
      ({ customerId }) => customerId ?? '',
    ),
  };
}

/** As `createLoader`, for keys that have several values each. */
function createGroupLoader<Value>(
  loadMany: (keys: readonly string[]) => Promise<readonly Value[]>,
  keyOf: (value: Value) => string,
) {
  return createLoader<readonly [Value, ...Value[]]>(
    async (keys) => {
      const groups = new Map<string, [Value, ...Value[]]>();
      for (const value of await loadMany(keys)) {
        const group = groups.get(keyOf(value));
        if (group) group.push(value);
        else groups.set(keyOf(value), [value]);
      }
      return [...groups.values()];
    },
    ([first]) => keyOf(first),
  );
}
