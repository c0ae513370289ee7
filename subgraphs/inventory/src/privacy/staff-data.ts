import type { Idempotency, PersonalData } from '@shopgraph/kit';
import type { MovementStore } from '../stock/movement-store';

/** What staff repeat under a key. */
const KEYED_MUTATIONS = ['stockAdjust', 'stockSet', 'stockTransfer'];

interface Dependencies {
  readonly movements: MovementStore;
  readonly idempotency: Idempotency;
}

/**
 * What is held of people who work with stock: what they have moved, under their id. The movements stay when somebody
 * is erased, because stock is their sum; the id leads to nobody then. Of customers nothing is held: reservations name
 * a checkout.
 */
export class StaffData implements PersonalData {
  constructor(private readonly deps: Dependencies) {}

  /** The movements that somebody has made, and the keys under which their requests are remembered. */
  async exportOf(userId: string): Promise<object> {
    const { movements, idempotency } = this.deps;
    const made = await movements.byActor(userId);
    const keys = await Promise.all(scopesOf(userId).map((scope) => idempotency.keysOf(scope)));
    return {
      stockMovements: made.map(({ at, sku, reason, reference, onHandDelta, allocatedDelta, reservedDelta }) => {
        return { at, sku, reason, reference, onHandDelta, allocatedDelta, reservedDelta };
      }),
      requestKeys: keys.flat(),
    };
  }

  /** Forgets the keys that somebody has chosen. */
  async erase(userId: string): Promise<void> {
    for (const scope of scopesOf(userId)) await this.deps.idempotency.forgetAllOf(scope);
  }
}

function scopesOf(userId: string): string[] {
  return KEYED_MUTATIONS.map((mutation) => `${mutation}:${userId}`);
}
