import type { Money } from '@shopgraph/kit';
import type { Totals } from '../pricing/totals';

export const ORDER_STATUSES = ['PLACED', 'COMPLETED', 'CANCELLED'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

export const PAYMENT_STATUSES = ['AUTHORIZED', 'PAID', 'VOIDING', 'VOIDED', 'PARTIALLY_REFUNDED', 'REFUNDED'] as const;
/** VOIDING: the order was cancelled, and the provider has yet to confirm that nothing is held any more. */
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

export const FULFILLMENT_STATUSES = ['UNFULFILLED', 'PARTIALLY_FULFILLED', 'FULFILLED'] as const;
export type FulfillmentStatus = (typeof FULFILLMENT_STATUSES)[number];

/** Where goods or bills go. */
export interface Address {
  readonly name: string;
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly region: string | null;
  readonly postalCode: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly phone: string | null;
}

/** What was bought of one SKU, as it was then. */
export interface OrderLine {
  readonly id: string;
  readonly variantId: string;
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly fulfilledQuantity: number;
  readonly cancelledQuantity: number;
  readonly refundedQuantity: number;
  readonly unitPrice: Money;
  readonly discount: Money;
  readonly total: Money;
}

export interface OrderTotals extends Totals {
  readonly paid: Money;
  readonly refunded: Money;
}

/** That the customer of an order was erased, and how much of them is left. */
export interface OrderErasure {
  readonly at: Date;
  /** How long it still says where its goods go, because they may be on their way; null once it does not. */
  readonly deliveryUntil: Date | null;
}

/** What was bought, and what has become of it: the fold of its events. */
export interface Order {
  readonly id: string;
  readonly number: string;
  readonly status: OrderStatus;
  readonly paymentStatus: PaymentStatus;
  readonly fulfillmentStatus: FulfillmentStatus;
  /** Null for a guest's order. */
  readonly customerId: string | null;
  /** Null when a signed-in customer gave none: users knows theirs. */
  readonly email: string | null;
  readonly lines: readonly OrderLine[];
  readonly totals: OrderTotals;
  readonly shippingAddress: Address;
  readonly billingAddress: Address;
  readonly reservationId: string;
  /** Names the payment to the provider. */
  readonly paymentKey: string;
  readonly placedAt: Date;
  /** Null as long as its customer was not erased. */
  readonly erasure: OrderErasure | null;
  /** The number of commands that have changed it. */
  readonly version: number;
}

const TRANSITIONS: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  PLACED: ['CANCELLED'],
  COMPLETED: [],
  CANCELLED: [],
};

/** Whether goods of this order may still have to be sent. */
export function isOpen({ status, fulfillmentStatus }: Order): boolean {
  return status === 'PLACED' && fulfillmentStatus !== 'FULFILLED';
}

/** The statuses that an order can be given now. */
export function allowedTransitions({ status, fulfillmentStatus }: Order): OrderStatus[] {
  return TRANSITIONS[status].filter((next) => next !== 'CANCELLED' || fulfillmentStatus === 'UNFULFILLED');
}
