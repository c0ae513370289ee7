import {
  actorOf,
  type Call,
  type Idempotency,
  type IdGenerator,
  ok,
  type Outbox,
  refuse,
  type Result,
  type Transaction,
} from '@shopgraph/kit';
import type { LocationStore } from '../location/location-store';
import {
  adjust,
  type Adjusted,
  type AdjustmentProblem,
  count,
  type StockAdjustment,
  type StockCount,
} from './adjustment';
import type { ItemFields, ItemStore } from './item-store';
import type { LevelStore } from './level-store';
import { emptyLevel, type StockLevel } from './stock';
import type { StockLedger } from './stock-ledger';
import type { StockTransactions } from './stock-transactions';

interface Dependencies {
  readonly transactions: StockTransactions;
  readonly items: ItemStore;
  readonly levels: LevelStore;
  readonly locations: LocationStore;
  readonly ledger: StockLedger;
  readonly idempotency: Idempotency;
  readonly outbox: Outbox;
  readonly ids: IdGenerator;
}

/** Which level a command is about, and its idempotency key. */
interface Addressed {
  readonly sku: string;
  readonly locationId: string;
  readonly idempotencyKey: string;
}

/** The level that a command is about; where the item has none yet, an empty one that is not stored. */
interface FoundLevel {
  readonly level: StockLevel;
  /** The item that is to get the level. */
  readonly newFor: ItemFields | null;
}

type Decide<Command> = (level: StockLevel, command: Command) => Result<Adjusted | null, AdjustmentProblem>;

/** Changes how many units are on hand. */
export class StockService {
  constructor(private readonly deps: Dependencies) {}

  /** Adds units to a level, or takes some away; a level that is not there yet begins with none. */
  adjust(command: StockAdjustment & Addressed, call: Call): Promise<Result<StockLevel, AdjustmentProblem>> {
    return this.change('stockAdjust', command, adjust, call);
  }

  /** Sets how many units a level has. */
  set(command: StockCount & Addressed, call: Call): Promise<Result<StockLevel, AdjustmentProblem>> {
    return this.change('stockSet', command, count, call);
  }

  private change<Command extends Addressed & Pick<StockCount, 'reason' | 'reference'>>(
    mutation: string,
    { idempotencyKey, ...payload }: Command,
    decide: Decide<Omit<Command, 'idempotencyKey'>>,
    call: Call,
  ): Promise<Result<StockLevel, AdjustmentProblem>> {
    const { transactions, ledger, idempotency, outbox } = this.deps;
    const scope = `${mutation}:${actorOf(call.viewer)}`;

    return transactions.run([payload.sku], (tx) =>
      idempotency.once({ scope, key: idempotencyKey, payload }, tx, async () => {
        const found = await this.levelFor(payload, tx);
        if (!found.ok) return found;
        const { level, newFor } = found.value;

        const decision = decide(level, payload);
        if (!decision.ok) return decision;
        if (!decision.value) return ok(level);

        const { change, event } = decision.value;
        if (newFor) await this.open(level, newFor, tx);
        const { reason, reference } = payload;
        const [changed = level] = await ledger.post([change], { reason, reference, call }, tx);
        await outbox.append([event], call, tx);
        return ok(changed);
      }),
    );
  }

  private async levelFor(
    { sku, locationId }: Pick<Addressed, 'sku' | 'locationId'>,
    tx: Transaction,
  ): Promise<Result<FoundLevel, AdjustmentProblem>> {
    const { items, levels, locations, ids } = this.deps;
    const level = await levels.at(sku, locationId, tx);
    if (level) return ok({ level, newFor: null });

    const item = await items.find({ sku }, tx);
    if (!item) return refuse({ kind: 'unknown-sku' });
    const [location] = await locations.byIds([locationId], tx);
    if (!location) return refuse({ kind: 'unknown-location' });
    return ok({ level: emptyLevel(ids.next('lvl'), item, locationId), newFor: item });
  }

  private async open(level: StockLevel, item: ItemFields, tx: Transaction): Promise<void> {
    const { items, levels } = this.deps;
    // Raising the item's version lets one of two transactions that open the same level start again.
    await items.update({ ...item, version: item.version + 1 }, tx);
    await levels.add(level, tx);
  }
}
