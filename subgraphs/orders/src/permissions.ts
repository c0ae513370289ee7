import { allow, anyOf, hasPermission, isSignedIn, type PermissionTable } from '@shopgraph/kit';

/**
 * Carts and orders belong to somebody, which only the data can tell: their services and resolvers answer everybody
 * else as if there were none. What is left for rules are the fields that are for staff, or for customers, as such.
 */
export const ordersPermissions: PermissionTable = {
  Query: { cart: allow, order: allow, orderAt: allow, orders: hasPermission('order:read') },
  Mutation: {
    cartCreate: allow,
    cartLinesAdd: allow,
    cartLineUpdate: allow,
    cartLineRemove: allow,
    checkout: allow,
    orderCancel: anyOf(isSignedIn, hasPermission('order:cancel')),
  },
};
