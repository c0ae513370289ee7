import { actorOf, type Call, type Idempotency, ok, type Outbox, type Result } from '@shopgraph/kit';
import {
  adjust,
  type Adjusted,
  type AdjustmentProblem,
  count,
  type StockAdjustment,
  type StockCount,
} from './adjustment';
import type { LevelAddress } from './level-address';
import type { LevelDirectory } from './level-directory';
import type { StockLevel } from './stock';
import type { StockLedger } from './stock-ledger';
import type { StockTransactions } from './stock-transactions';

interface Dependencies {
  readonly transactions: StockTransactions;
  readonly directory: LevelDirectory;
  readonly ledger: StockLedger;
  readonly idempotency: Idempotency;
  readonly outbox: Outbox;
}

interface Addressed extends LevelAddress {
  readonly idempotencyKey: string;
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
    const { transactions, directory, ledger, idempotency, outbox } = this.deps;
    const scope = `${mutation}:${actorOf(call.viewer)}`;

    return transactions.run([payload.sku], (tx) =>
      idempotency.once({ scope, key: idempotencyKey, payload }, tx, async () => {
        const found = await directory.find(payload, tx);
        if (!found.ok) return found;
        const { level } = found.value;

        const decision = decide(level, payload);
        if (!decision.ok) return decision;
        if (!decision.value) return ok(level);

        const { change, event } = decision.value;
        await directory.open(found.value, tx);
        const { reason, reference } = payload;
        const [changed = level] = await ledger.post([change], { reason, reference, call }, tx);
        await outbox.append([event], call, tx);
        return ok(changed);
      }),
    );
  }
}
