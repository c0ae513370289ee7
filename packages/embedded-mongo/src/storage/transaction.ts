import type { Collection } from './collection';

/**
 * A transaction sees the documents as they were when it began, and its own writes. Those are kept apart,
 * in the collections, until it commits.
 */
export class Transaction {
  state: 'active' | 'committed' | 'aborted' = 'active';
  /** The collections that it has written to. */
  readonly collections = new Set<Collection>();
  /** Settles when the transaction has ended either way. */
  readonly finished: Promise<void>;
  private settle: () => void = () => undefined;

  /** @param snapshot The timestamp of the last write that the transaction sees. */
  constructor(readonly snapshot: number) {
    this.finished = new Promise((resolve) => (this.settle = resolve));
  }

  /** Marks the end, for those who wait for its writes. */
  end(state: 'committed' | 'aborted'): void {
    this.state = state;
    this.settle();
  }
}

/** Thrown to a write outside of transactions that has to wait until a transaction has ended, and then try again. */
export class LockedByTransaction extends Error {
  constructor(readonly transaction: Transaction) {
    super('the document is being written by a transaction');
  }
}
