import { type Address, isOpen, type Order, type OrderErasure } from './order';
import type { OrderCommit, OrderEvent, PlacedOrder } from './order-events';

const DAY_MS = 24 * 60 * 60 * 1_000;
const NOBODY = 'Anonymised';

/**
 * How much of its customer an order keeps when they are erased now: nothing but where its goods go, and that only
 * while it is open, and no longer than so many days after it was placed.
 */
export function erasureOf(order: Order, deliveryDataDays: number, now: Date): OrderErasure {
  const end = new Date(order.placedAt.getTime() + deliveryDataDays * DAY_MS);
  return { at: order.erasure?.at ?? now, deliveryUntil: isOpen(order) && now < end ? end : null };
}

/** A commit without what is personal in it. Numbers, lines, amounts, times and the country, for the books, stay. */
export function withoutPerson(commit: OrderCommit, erasure: OrderErasure): OrderCommit {
  return { ...commit, events: commit.events.map((event) => eventWithoutPerson(event, erasure)) };
}

function eventWithoutPerson(event: OrderEvent, erasure: OrderErasure): OrderEvent {
  switch (event.type) {
    case 'PLACED':
      return { ...event, order: placedByNobody(event.order, erasure) };
    case 'CANCELLED':
      // People write anything into it.
      return { ...event, reason: null };
    case 'PAYMENT_VOIDED':
      return event;
  }
}

function placedByNobody(order: PlacedOrder, erasure: OrderErasure): PlacedOrder {
  const { shippingAddress, billingAddress } = order;
  return {
    ...order,
    email: null,
    shippingAddress: erasure.deliveryUntil === null ? somewhereIn(shippingAddress) : shippingAddress,
    billingAddress: somewhereIn(billingAddress),
    erasure,
  };
}

function somewhereIn({ country }: Address): Address {
  return {
    name: NOBODY,
    line1: NOBODY,
    line2: null,
    city: NOBODY,
    region: null,
    postalCode: null,
    country,
    phone: null,
  };
}
