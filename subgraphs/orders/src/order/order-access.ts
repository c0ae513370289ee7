import { isPermitted, type Viewer } from '@shopgraph/kit';
import type { Order } from './order';

/** Whether an order is there for this viewer: its customer, or staff that may see everybody's. */
export function mayReadOrder(order: Order, viewer: Viewer): boolean {
  return isCustomerOf(order, viewer) || isPermitted(viewer, 'order:read');
}

/** Whether this viewer may cancel an order, as far as the order's state allows it. */
export function mayCancelOrder(order: Order, viewer: Viewer): boolean {
  return isCustomerOf(order, viewer) || isPermitted(viewer, 'order:cancel');
}

/** Whether a user's cart and orders are there for this viewer to list. */
export function mayListOrdersOf(userId: string, viewer: Viewer): boolean {
  return (viewer.kind === 'user' && viewer.id === userId) || isPermitted(viewer, 'order:read');
}

function isCustomerOf({ customerId }: Order, viewer: Viewer): boolean {
  return viewer.kind === 'user' && viewer.id === customerId;
}
