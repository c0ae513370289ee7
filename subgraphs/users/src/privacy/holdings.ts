import type { Transaction } from '@shopgraph/kit';

/** One kind of thing that this subgraph holds of people. */
export interface Holding {
  /** Names it in exports. */
  readonly name: string;
  /** What is held of a user, for people to read: without passwords, tokens, secrets, and their hashes. */
  exportOf(userId: string): Promise<unknown>;
  /** Erases what is personal of it; again is the same. */
  erase(userId: string, tx: Transaction): Promise<void>;
}

/** Everything that is held of a user, by the names of the holdings. */
export async function exportHoldings(holdings: readonly Holding[], userId: string): Promise<object> {
  const entries = holdings.map(async (holding) => [holding.name, await holding.exportOf(userId)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** Erases what is personal, one holding after the other. */
export async function eraseHoldings(holdings: readonly Holding[], userId: string, tx: Transaction): Promise<void> {
  for (const holding of holdings) await holding.erase(userId, tx);
}
