import type { Address, Order, OrderErasure, OrderLine } from './order';
import type { Totals } from '../pricing/totals';

/** What was agreed when the order was placed. */
export interface PlacedOrder extends Pick<
  Order,
  'id' | 'number' | 'customerId' | 'email' | 'reservationId' | 'paymentKey' | 'placedAt'
> {
  readonly lines: readonly Pick<OrderLine, 'id' | 'variantId' | 'sku' | 'name' | 'quantity' | 'unitPrice'>[];
  readonly totals: Totals;
  readonly shippingAddress: Address;
  readonly billingAddress: Address;
  /** Written when its customer was erased, in the place of what was erased. */
  readonly erasure?: OrderErasure;
}

export const ORDER_EVENT_TYPES = ['PLACED', 'CANCELLED', 'PAYMENT_VOIDED'] as const;
export type OrderEventType = (typeof ORDER_EVENT_TYPES)[number];

/** What can happen to an order. Stored for ever: a change of shape is a new type. */
export type OrderEvent =
  | { readonly type: 'PLACED'; readonly order: PlacedOrder }
  | {
      readonly type: 'CANCELLED';
      readonly reason: string | null;
      /** Whether the units can be sold again. */
      readonly restock: boolean;
      readonly lines: readonly { readonly lineId: string; readonly sku: string; readonly quantity: number }[];
    }
  | { readonly type: 'PAYMENT_VOIDED' };

/** What one command has done to one order. */
export interface OrderCommit {
  readonly orderId: string;
  /** The version that the order has since: 1, 2, 3 … */
  readonly version: number;
  readonly events: readonly OrderEvent[];
  readonly at: Date;
  readonly actor: string;
}
