import { actorOf, type Call, type Clock, type IdGenerator, type Transaction } from '@shopgraph/kit';
import type { LevelStore } from './level-store';
import type { LevelChange, MovementReason, StockMovement } from './movement';
import type { MovementStore } from './movement-store';
import type { StockLevel } from './stock';

interface Dependencies {
  readonly levels: LevelStore;
  readonly movements: MovementStore;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

/** Why levels change, and on whose behalf. */
export interface MovementCause {
  readonly reason: MovementReason;
  readonly reference: string | null;
  readonly call: Call;
}

/** The one way in which the figures of levels change: never without a movement that tells why. */
export class StockLedger {
  constructor(private readonly deps: Dependencies) {}

  /**
   * Applies changes, no level twice, and answers the levels as they are since.
   * @throws DomainError CONFLICT when a level has not enough available.
   */
  async post(changes: readonly LevelChange[], cause: MovementCause, tx: Transaction): Promise<StockLevel[]> {
    const { levels, movements, clock, ids } = this.deps;
    const changed: StockLevel[] = [];
    const posted: StockMovement[] = [];
    // Always in the same order, so that of two transactions over the same levels one meets the other at its first.
    for (const change of [...changes].sort((a, b) => (a.levelId < b.levelId ? -1 : 1))) {
      const level = await levels.apply(change, tx);
      changed.push(level);
      posted.push(movementOf(level, change, cause, { id: ids.next('mov'), at: clock.now() }));
    }
    if (posted.length > 0) await movements.add(posted, tx);
    return changed;
  }
}

function movementOf(
  { sku, locationId }: StockLevel,
  { levelId, onHand, allocated, reserved }: LevelChange,
  { reason, reference, call }: MovementCause,
  issued: { id: string; at: Date },
): StockMovement {
  return {
    ...issued,
    levelId,
    sku,
    locationId,
    onHandDelta: onHand,
    allocatedDelta: allocated,
    reservedDelta: reserved,
    reason,
    reference,
    actor: actorOf(call.viewer),
  };
}
