import { inTransaction, type MongoConnection } from '@shopgraph/kit';
import type { ReservationStore } from '../reservation/reservation-store';
import type { LevelStore } from './level-store';
import type { MovementStore } from './movement-store';
import { reconcile, type StockDiscrepancy } from './reconciliation';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly levels: LevelStore;
  readonly movements: MovementStore;
  readonly reservations: ReservationStore;
}

/** Finds figures that do not agree with their history. */
export class ReconciliationService {
  constructor(private readonly deps: Dependencies) {}

  /** Everything about the levels of a SKU that does not agree; empty for a SKU without levels. */
  reconcile(sku: string): Promise<StockDiscrepancy[]> {
    const { connection, levels, movements, reservations } = this.deps;
    // One snapshot: figures and movements of different moments would disagree.
    return inTransaction(connection, async (tx) =>
      reconcile(await levels.bySku(sku, tx), await movements.totalsOf(sku, tx), await reservations.heldOf(sku, tx)),
    );
  }
}
