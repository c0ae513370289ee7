import { type Clock, inTransaction, type MongoConnection, serviceCall } from '@shopgraph/kit';
import type { Logger } from 'pino';
import type { AuditChain } from './audit-chain';
import { type ChainHead, GENESIS, headText, type RecordedEntry } from './audit-entry';
import type { AuditMacs } from './audit-macs';
import type { AuditTrail } from './audit-trail';
import { type ChainStore, placeOf } from './chain-store';
import { faultOf } from './chain-fault';

const DAY_MS = 86_400_000;
/** Entries that one transaction deletes. */
const BATCH_SIZE = 500;

interface Dependencies {
  readonly connection: MongoConnection;
  readonly trail: AuditTrail;
  readonly store: ChainStore;
  readonly chain: AuditChain;
  readonly macs: AuditMacs;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long entries are kept, in days. */
  readonly days: number;
}

/**
 * Deletes the old end of the log, and notes where the rest starts, so that it still verifies. Only what verifies
 * is deleted: no changed date makes an entry vanish, and a broken place stays where it can be looked at.
 */
export async function trimAuditLog(deps: Dependencies): Promise<void> {
  while (await trimBatch(deps));
}

function trimBatch({ connection, trail, store, chain, macs, clock, logger, days }: Dependencies): Promise<boolean> {
  const cutoff = clock.now().getTime() - days * DAY_MS;
  // Somebody may have put anything in its place.
  const isOld = ({ at }: RecordedEntry) => new Date(at).getTime() < cutoff;

  return inTransaction(connection, async (tx) => {
    const start = (await chain.marked('checkpoint', tx)) ?? GENESIS;
    const entries = await store.following(start.sequence, BATCH_SIZE, tx);
    const firstKept = entries.findIndex((entry) => !isOld(entry));
    const old = firstKept === -1 ? entries : entries.slice(0, firstKept);

    let end: ChainHead = start;
    for (const entry of old) {
      const fault = faultOf(entry, end, macs);
      if (fault) {
        logger.error({ fault }, 'the old end of the audit log does not verify, and is kept');
        break;
      }
      end = placeOf(entry);
    }
    if (end === start) return false;
    await store.trim(end.sequence, tx);
    await chain.note('checkpoint', end, tx);
    const details = { upTo: headText(end), retentionDays: days };
    await trail.record({ action: 'audit-log.trimmed', subject: 'audit-log', details }, serviceCall('users'), tx);
    return end.sequence - start.sequence === BATCH_SIZE;
  });
}
