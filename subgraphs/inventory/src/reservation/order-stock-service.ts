import { afterCommit, type Call, DomainError, type Transaction } from '@shopgraph/kit';
import type { Logger } from 'pino';
import type { ItemStore } from '../stock/item-store';
import type { LevelStore } from '../stock/level-store';
import { cancel, type Cancellation } from './cancelling';
import { commit, reallocate } from './committing';
import { allocationsOf, type Reservation } from './reservation';
import type { ReservationStore } from './reservation-store';
import type { ReservationWriter } from './reservation-writer';

interface Dependencies {
  readonly items: ItemStore;
  readonly levels: LevelStore;
  readonly reservations: ReservationStore;
  readonly writer: ReservationWriter;
  readonly logger: Logger;
}

/** An order that was placed upon a reservation. */
export interface PlacedOrder {
  readonly orderId: string;
  readonly reservationId: string;
}

/** Follows orders: gives them the stock that was held for them, and takes it back when they are cancelled. */
export class OrderStockService {
  constructor(private readonly deps: Dependencies) {}

  /**
   * Gives an order its stock. The order stands, so a reservation that has ended meanwhile is allocated
   * anew from what there is; what is missing becomes an event and a log line, for people to deal with.
   * @throws DomainError NOT_FOUND when there is no such reservation.
   */
  async orderPlaced({ orderId, reservationId }: PlacedOrder, call: Call, tx: Transaction): Promise<void> {
    const { writer } = this.deps;
    const reservation = await this.reservation(reservationId, tx);
    const decision = commit(reservation, orderId);
    switch (decision.kind) {
      case 'already-committed':
        return;
      case 'commit':
        return writer.save(decision, { reason: 'COMMITTED', reference: orderId, call }, tx);
      case 'ended':
        return this.allocateAnew(reservation, orderId, call, tx);
    }
  }

  /**
   * Takes back what an order gives up; cancelling the same again changes nothing.
   * @throws DomainError NOT_FOUND when there is no such reservation, CONFLICT when the order has no stock yet.
   */
  async orderCancelled(
    { reservationId, ...cancellation }: Cancellation & Pick<PlacedOrder, 'reservationId'>,
    call: Call,
    tx: Transaction,
  ): Promise<void> {
    const { levels, writer } = this.deps;
    const reservation = await this.reservation(reservationId, tx);
    const levelIds = allocationsOf(reservation).map(({ levelId }) => levelId);
    const current = new Map((await levels.byIds(levelIds, tx)).map((level) => [level.id, level]));

    const decision = cancel(reservation, cancellation, current);
    switch (decision.kind) {
      case 'not-committed':
        throw new DomainError('CONFLICT');
      case 'nothing-left':
        return;
      case 'cancel':
        return writer.save(decision, { reason: 'CANCELLED', reference: cancellation.orderId, call }, tx);
    }
  }

  private async allocateAnew(reservation: Reservation, orderId: string, call: Call, tx: Transaction): Promise<void> {
    const { items, writer, logger } = this.deps;
    const skus = reservation.lines.map(({ sku }) => sku);
    const stock = new Map((await items.itemsBy('sku', skus, tx)).map((item) => [item.sku, item]));
    const { missing, ...change } = reallocate(reservation, orderId, stock);
    await writer.save(change, { reason: 'COMMITTED', reference: orderId, call }, tx);
    if (missing.length === 0) return;
    afterCommit(tx, () =>
      logger.error({ reservationId: reservation.id, orderId, missing }, 'a placed order lacks stock'),
    );
  }

  private async reservation(id: string, tx: Transaction): Promise<Reservation> {
    const reservation = await this.deps.reservations.byId(id, tx);
    if (!reservation) throw new DomainError('NOT_FOUND', { message: 'There is no such reservation.' });
    return reservation;
  }
}
