import { allow, anyOf, hasPermission, isSignedIn, type PermissionTable, visible } from '@shopgraph/kit';

/**
 * Carts and orders belong to somebody, which only the data can tell: their services and resolvers answer everybody
 * else as if there were none. What is left for rules are the fields that are for staff, or for customers, as such.
 */
export const ordersPermissions: PermissionTable = {
  ...visible(
    'Services and resolvers give nobody the cart of somebody else.',
    'Cart',
    'CartLine',
    'CartPayload',
    'CartTotals',
    'CheckoutPayload',
  ),
  ...visible(
    'Services and resolvers give nobody but staff the order of somebody else.',
    'Order',
    'OrderAddress',
    'OrderConnection',
    'OrderEdge',
    'OrderEvent',
    'OrderEventConnection',
    'OrderEventEdge',
    'OrderLine',
    'OrderPayload',
    'OrderTotals',
  ),
  ...visible('Their fields here belong to their customer, whom the resolvers compare with the viewer.', 'User'),
  ...visible('It is a reference to what products shows.', 'ProductVariant'),
  ...visible('It is about what the viewer has just given.', 'InsufficientStockError', 'PriceChangedError'),
  Query: { cart: allow, order: allow, orderAt: allow, orders: hasPermission('order:read') },
  // Resolvers find no order of somebody else.
  Subscription: { orderUpdated: allow, myOrdersUpdated: isSignedIn },
  Mutation: {
    cartCreate: allow,
    cartLinesAdd: allow,
    cartLineUpdate: allow,
    cartLineRemove: allow,
    checkout: allow,
    orderCancel: anyOf(isSignedIn, hasPermission('order:cancel')),
  },
};
