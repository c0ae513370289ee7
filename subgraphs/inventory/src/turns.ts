/**
 * Lets work on the same keys happen one after the other within this process. Nothing depends on it being
 * so, the database guards what must hold: it only spares transactions that would meet in the same documents
 * from starting again and again, which makes a SKU that everybody wants several times as fast.
 */
export class Turns {
  private readonly lastOf = new Map<string, Promise<void>>();

  /** Does `work` when everything that was given earlier for any of `keys` has ended; answers as it does. */
  take<Value>(keys: readonly string[], work: () => Promise<Value>): Promise<Value> {
    const earlier = keys.map((key) => this.lastOf.get(key) ?? Promise.resolve());
    const turn = Promise.all(earlier).then(work);
    const ended: Promise<void> = turn.then(
      () => this.forget(keys, ended),
      () => this.forget(keys, ended),
    );
    // All keys at once, before anybody else can come: so two works never wait for each other.
    for (const key of keys) this.lastOf.set(key, ended);
    return turn;
  }

  private forget(keys: readonly string[], ended: Promise<void>): void {
    for (const key of keys) if (this.lastOf.get(key) === ended) this.lastOf.delete(key);
  }
}
