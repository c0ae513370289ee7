import {
  actorOf,
  type Call,
  DomainError,
  type Idempotency,
  ok,
  type Outbox,
  refuse,
  type Result,
} from '@shopgraph/kit';
import type { LevelDirectory } from './level-directory';
import type { Shortage, StockLevel } from './stock';
import type { StockLedger } from './stock-ledger';
import type { StockTransactions } from './stock-transactions';
import { transfer } from './transfer';

interface Dependencies {
  readonly transactions: StockTransactions;
  readonly directory: LevelDirectory;
  readonly ledger: StockLedger;
  readonly idempotency: Idempotency;
  readonly outbox: Outbox;
}

interface TransferCommand {
  readonly sku: string;
  readonly fromLocationId: string;
  readonly toLocationId: string;
  readonly quantity: number;
  readonly reference: string | null;
  readonly idempotencyKey: string;
}

export type TransferProblem =
  | { readonly kind: 'unknown-sku' }
  | { readonly kind: 'unknown-location'; readonly end: 'from' | 'to' }
  | { readonly kind: 'same-location' }
  | ({ readonly kind: 'too-few' } & Shortage);

/** Both levels as they are after a transfer. */
export interface Transfer {
  readonly from: StockLevel;
  readonly to: StockLevel;
}

/** Moves stock between locations. */
export class TransferService {
  constructor(private readonly deps: Dependencies) {}

  /** Moves units that nobody has a claim on; a level that is not there yet is opened. */
  transfer({ idempotencyKey, ...command }: TransferCommand, call: Call): Promise<Result<Transfer, TransferProblem>> {
    const { transactions, directory, ledger, idempotency, outbox } = this.deps;
    const { sku, fromLocationId, toLocationId, reference } = command;
    const scope = `stockTransfer:${actorOf(call.viewer)}`;

    return transactions.run([sku], (tx) =>
      idempotency.once<Transfer, TransferProblem>({ scope, key: idempotencyKey, payload: command }, tx, async () => {
        if (fromLocationId === toLocationId) return refuse({ kind: 'same-location' });
        const from = await directory.find({ sku, locationId: fromLocationId }, tx);
        if (!from.ok) return refuse(...from.problems.map((problem) => ({ ...problem, end: 'from' as const })));
        const to = await directory.find({ sku, locationId: toLocationId }, tx);
        if (!to.ok) return refuse(...to.problems.map((problem) => ({ ...problem, end: 'to' as const })));

        const decision = transfer(from.value.level, to.value.level, command.quantity);
        if (!decision.ok) return decision;
        // Where units come from there is a level, or there would be too few.
        await directory.open(to.value, tx);
        const { changes, event } = decision.value;
        const changed = await ledger.post(changes, { reason: 'TRANSFERRED', reference, call }, tx);
        await outbox.append([event], call, tx);
        return ok({ from: levelIn(changed, from.value.level), to: levelIn(changed, to.value.level) });
      }),
    );
  }
}

function levelIn(levels: readonly StockLevel[], { id }: StockLevel): StockLevel {
  const found = levels.find((level) => level.id === id);
  if (!found) throw new DomainError('INTERNAL');
  return found;
}
