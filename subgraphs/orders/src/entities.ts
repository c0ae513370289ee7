import { mayUseCart } from './cart/cart-access';
import { presentCart } from './cart/presentation';
import type { OrdersContext } from './context';
import { findOrder } from './order/resolvers';

type Reference = Readonly<Record<string, string>>;

/** How references from other subgraphs become entities. */
export const ordersEntities = {
  // Users knows whether there is such a user; orders only adds to it.
  User: ({ id }: Reference) => ({ id }),
  // A reference holds no token, so that only an owner reaches a cart by it.
  Cart: async ({ id = '' }: Reference, { loaders, viewer, clock }: OrdersContext) => {
    const cart = await loaders.cartById.load(id);
    return cart?.status === 'OPEN' && mayUseCart(cart, viewer, null, clock.now()) ? presentCart(cart) : null;
  },
  Order: ({ id, number }: Reference, context: OrdersContext) =>
    findOrder(id === undefined ? { number: number ?? null } : { id }, context),
};
