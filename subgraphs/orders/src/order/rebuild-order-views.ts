import { inTransaction, type MongoConnection } from '@shopgraph/kit';
import { OrderStore } from './order-store';

/** Makes every order's view again from its events, while orders go on being placed; answers how many. */
export async function rebuildOrderViews(connection: MongoConnection): Promise<number> {
  const orders = new OrderStore(connection);
  let rebuilt = 0;
  for await (const id of orders.allIds()) {
    await inTransaction(connection, (tx) => orders.rebuildView(id, tx));
    rebuilt += 1;
  }
  return rebuilt;
}
