import { inTransaction, type MongoConnection, type Transaction } from '@shopgraph/kit';
import { type ChainHead, GENESIS, type RecordedEntry } from './audit-entry';
import type { AuditMacs } from './audit-macs';
import type { ChainStore, MarkName } from './chain-store';

/** Entries that one transaction gives their places. */
const BATCH_SIZE = 500;

interface Dependencies {
  readonly connection: MongoConnection;
  readonly store: ChainStore;
  readonly macs: AuditMacs;
}

interface SealedBatch {
  /** Whether there may be more. */
  readonly isFull: boolean;
  /** Ids of entries that are not as we wrote them. They get their place too, so that they cannot vanish. */
  readonly forgedIds: readonly string[];
}

/** The order of the audit log, in which every entry vouches for all before it. */
export class AuditChain {
  constructor(private readonly deps: Dependencies) {}

  /**
   * Gives committed entries their places, after all that have one: whatever their ids and times are, so that
   * whoever commits late is not skipped. Of two that do it at once one starts again, or fails.
   */
  async sealBatch(): Promise<SealedBatch> {
    const { connection, store, macs } = this.deps;
    return inTransaction(connection, async (tx) => {
      const head = await this.headWithin(tx);
      // Only before there is a first place: later on whatever has no MAC is somebody else's.
      if (head.sequence === 0 && (await this.adopt(tx))) return { isFull: true, forgedIds: [] };

      const entries = await store.unsealed(BATCH_SIZE, tx);
      if (entries.length === 0) return { isFull: false, forgedIds: [] };
      let last = head;
      const places = entries.map(({ id, mac }) => ({ id, ...(last = macs.next(last, mac)) }));
      await store.place(places, tx);
      await this.note('head', last, tx);
      const forgedIds = entries.filter((entry) => !macs.isGenuine(entry)).map(({ id }) => id);
      return { isFull: entries.length === BATCH_SIZE, forgedIds };
    });
  }

  /** The last place of the log. */
  head(): Promise<ChainHead> {
    return inTransaction(this.deps.connection, (tx) => this.headWithin(tx));
  }

  /** The mark of this name, unless it is not ours. */
  async marked(name: MarkName, tx: Transaction): Promise<ChainHead | null> {
    const { store, macs } = this.deps;
    const mark = await store.mark(name, tx);
    if (!mark) return null;
    return macs.isMark(name, mark) ? mark : null;
  }

  /** Sets a mark. */
  async note(name: MarkName, { sequence, chainHash }: ChainHead, tx: Transaction): Promise<void> {
    const { store, macs } = this.deps;
    await store.setMark(name, { sequence, chainHash, mac: macs.ofMark(name, { sequence, chainHash }) }, tx);
  }

  /** The farthest that anything knows of: what was cut off leaves a gap, instead of being written over. */
  private async headWithin(tx: Transaction): Promise<ChainHead> {
    const known = [await this.marked('head', tx), await this.deps.store.last(tx), await this.marked('checkpoint', tx)];
    return known.reduce<ChainHead>((head, other) => (other && other.sequence > head.sequence ? other : head), GENESIS);
  }

  /** Gives MACs to what was written before there were any; false when there is nothing left. */
  private async adopt(tx: Transaction): Promise<boolean> {
    const { store, macs } = this.deps;
    const entries = await store.withoutMac(BATCH_SIZE, tx);
    if (entries.length === 0) return false;
    await store.adopt(
      entries.map((entry): RecordedEntry => ({ ...entry, ...macs.seal(entry, entry), erasure: null })),
      tx,
    );
    return true;
  }
}
