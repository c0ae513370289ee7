import { inTransaction, type MongoConnection, type Transaction } from '@shopgraph/kit';
import { Turns } from '../turns';

/** Transactions over the stock of SKUs, those over the same SKU one after the other within this process. */
export class StockTransactions {
  private readonly turns = new Turns();

  constructor(private readonly connection: MongoConnection) {}

  /** As `inTransaction`: `work` may run again from the start when another replica was faster. */
  run<Value>(skus: readonly string[], work: (tx: Transaction) => Promise<Value>): Promise<Value> {
    return this.turns.take(skus, () => inTransaction(this.connection, work));
  }
}
