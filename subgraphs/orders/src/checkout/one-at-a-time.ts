/**
 * Runs work one piece after the other. For transactions that all write the same document: waiting for each other
 * here is cheaper than conflicting in the database.
 */
export class OneAtATime {
  private last: Promise<unknown> = Promise.resolve();

  /** Runs `work` when everything handed in before it has ended, well or not. */
  run<Value>(work: () => Promise<Value>): Promise<Value> {
    const result = this.last.then(work);
    this.last = result.catch(() => undefined);
    return result;
  }
}
