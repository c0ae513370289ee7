import type { ChainHead, RecordedEntry } from './audit-entry';
import type { AuditMacs } from './audit-macs';

/** What can be wrong with a log. */
export type FaultKind = 'changed' | 'removed' | 'inserted' | 'reordered' | 'truncated' | 'rewritten' | 'other-key';

/** The first place where a log is not as it was written. */
export interface ChainFault {
  readonly kind: FaultKind;
  /** The place; null for what has none yet. */
  readonly sequence: number | null;
  /** The entry found there; null where none is. */
  readonly id: string | null;
  /** In words, for people. */
  readonly message: string;
}

/** What is wrong with an entry that is found after `previous`; null when nothing is. */
export function faultOf(entry: RecordedEntry, previous: ChainHead, macs: AuditMacs): ChainFault | null {
  const expected = previous.sequence + 1;
  const sequence = entry.sequence ?? 0;
  if (sequence > expected) {
    const missing = sequence - expected;
    return faultAt(expected, null, 'removed', `${missing} ${missing === 1 ? 'entry is' : 'entries are'} missing`);
  }
  const isPlaced = sequence === expected && macs.isNext(previous, entry.mac, entry.chainHash);
  if (!macs.isGenuine(entry)) return forgeryOf(entry, isPlaced, macs);
  return isPlaced ? null : faultAt(sequence, entry.id, 'reordered', 'the entry does not follow the one before it');
}

/** What is wrong with an entry that waits for its place; null when nothing is. */
export function unsealedFaultOf(entry: RecordedEntry, macs: AuditMacs): ChainFault | null {
  if (macs.isGenuine(entry)) return null;
  return forgeryOf(entry, true, macs);
}

function forgeryOf(entry: RecordedEntry, isPlaced: boolean, macs: AuditMacs): ChainFault {
  const { id, sequence, keyId, mac } = entry;
  if (mac === null) return faultAt(sequence, id, 'inserted', 'the entry has no MAC');
  if (!macs.isKnown(keyId)) return faultAt(sequence, id, 'other-key', `made with key ${keyId}, which is not ours`);
  if (isPlaced) return faultAt(sequence, id, 'changed', 'the entry does not say what it said');
  return faultAt(sequence, id, 'inserted', 'neither the entry nor its place is of our making');
}

/** A fault at a place. */
export function faultAt(sequence: number | null, id: string | null, kind: FaultKind, message: string): ChainFault {
  return { kind, sequence, id, message };
}
