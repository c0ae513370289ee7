import type { MongoConnection } from '@shopgraph/kit';
import { type ChainHead, GENESIS, headText } from './audit-entry';
import { AuditMacs } from './audit-macs';
import { type ChainFault, faultAt, faultOf, unsealedFaultOf } from './chain-fault';
import { ChainStore, type MarkName, placeOf } from './chain-store';

export interface VerificationOptions {
  /** The KEY_ENCRYPTION_SECRET of the shop. */
  readonly secrets: readonly string[] | undefined;
  /** A head that was noted before: the log must hold it, and may not end before it. */
  readonly head?: ChainHead | undefined;
  /** A head that was noted before: everything up to it is taken for verified. */
  readonly from?: ChainHead | undefined;
}

/** What was found. */
export interface Verification {
  /** Verified entries that have their place. */
  readonly entryCount: number;
  /** Verified entries that wait for theirs. */
  readonly unsealedCount: number;
  /** The last verified place. */
  readonly head: ChainHead;
  /** The first that is wrong; null when nothing is. */
  readonly fault: ChainFault | null;
}

/**
 * Verifies the audit log of users: that every entry says what it was written with, that none is missing, added or
 * out of order, and that the log goes as far as it went. Reads it once, in its order, and keeps none of it; the
 * shop may go on meanwhile.
 */
export async function verifyAuditLog(connection: MongoConnection, options: VerificationOptions): Promise<Verification> {
  const store = new ChainStore(connection);
  for (;;) {
    const checkpoint = await store.mark('checkpoint', null);
    const result = await verifyOnce(store, options);
    const checkpointNow = await store.mark('checkpoint', null);
    // Its old end was deleted while it was read.
    const hasMoved = checkpointNow?.sequence !== checkpoint?.sequence;
    if (!result.fault || !hasMoved) return result;
  }
}

async function verifyOnce(
  store: ChainStore,
  { secrets, head: noted, from }: VerificationOptions,
): Promise<Verification> {
  const macs = new AuditMacs(secrets);
  const marks = { head: await store.mark('head', null), checkpoint: await store.mark('checkpoint', null) };
  const start = from ?? marks.checkpoint ?? GENESIS;
  let [head, entryCount, unsealedCount] = [start, 0, 0];
  const broken = (fault: ChainFault): Verification => ({ entryCount, unsealedCount, head, fault });

  for (const [name, mark] of Object.entries(marks)) {
    if (mark && !macs.isMark(name as MarkName, mark)) {
      return broken(faultAt(mark.sequence, null, 'changed', `the note of the log's ${name} is not of our making`));
    }
  }
  const foreign = from && (await absenceOf(from, marks.checkpoint, store));
  if (foreign) return broken(foreign);
  if (noted && noted.sequence <= start.sequence && headText(noted) !== headText(start)) {
    return broken(faultAt(noted.sequence, null, 'rewritten', `what is verified begins at ${headText(start)}`));
  }

  for await (const entry of store.allFollowing(start.sequence)) {
    const fault = faultOf(entry, head, macs);
    if (fault) return broken(fault);
    [head, entryCount] = [placeOf(entry), entryCount + 1];
    if (noted?.sequence === head.sequence && noted.chainHash !== head.chainHash) {
      return broken(faultAt(head.sequence, entry.id, 'rewritten', 'the log had another hash here'));
    }
  }
  for (const known of [marks.head, noted]) {
    if (known && known.sequence > head.sequence) {
      const message = `the log went up to ${known.sequence}, and ends here`;
      return broken(faultAt(head.sequence, null, 'truncated', message));
    }
  }
  for await (const entry of store.allUnsealed()) {
    const fault = unsealedFaultOf(entry, macs);
    if (fault) return broken(fault);
    unsealedCount += 1;
  }
  return { entryCount, unsealedCount, head, fault: null };
}

/** That the log does not hold a head that it is to be verified from. */
async function absenceOf(from: ChainHead, checkpoint: ChainHead | null, store: ChainStore): Promise<ChainFault | null> {
  const isStart = headText(from) === headText(checkpoint ?? GENESIS);
  const entry = isStart ? null : await store.at(from.sequence);
  if (isStart || entry?.chainHash === from.chainHash) return null;
  return faultAt(from.sequence, entry?.id ?? null, 'rewritten', 'the log does not hold the head to start from');
}
