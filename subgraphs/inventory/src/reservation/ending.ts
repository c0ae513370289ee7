import { putBack } from './allocation';
import { allocationsOf, type Reservation, type ReservationChange } from './reservation';

export type EndDecision =
  | ({ readonly kind: 'end' } & ReservationChange)
  /** Nothing is held any more: repeating it does no harm. */
  | { readonly kind: 'already-ended' }
  /** The order owns the stock now. */
  | { readonly kind: 'committed' };

/** Decides on giving a reservation back. */
export function release(reservation: Reservation): EndDecision {
  return end(reservation, 'RELEASED', 'inventory.reservation-released');
}

/** Decides on giving back a reservation whose time is over; before `expiresAt` it must not be asked. */
export function expire(reservation: Reservation): EndDecision {
  return end(reservation, 'EXPIRED', 'inventory.reservation-expired');
}

function end(
  reservation: Reservation,
  status: 'RELEASED' | 'EXPIRED',
  type: 'inventory.reservation-released' | 'inventory.reservation-expired',
): EndDecision {
  const { id, ownerReference } = reservation;
  if (reservation.status === 'COMMITTED') return { kind: 'committed' };
  if (reservation.status !== 'ACTIVE') return { kind: 'already-ended' };
  const version = reservation.version + 1;
  return {
    kind: 'end',
    reservation: { ...reservation, status, version },
    levels: allocationsOf(reservation).map(putBack),
    events: [{ type, aggregateId: id, sequence: version, data: { ownerReference } }],
  };
}
