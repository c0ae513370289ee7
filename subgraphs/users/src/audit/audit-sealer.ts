import { type Background, type Clock, everyInterval, Lease, type MongoConnection } from '@shopgraph/kit';
import type { Logger } from 'pino';
import type { AuditChain } from './audit-chain';
import { headText } from './audit-entry';
import type { AuditTrail } from './audit-trail';
import type { ChainStore } from './chain-store';

/** How often the log is looked at for what another process, or a crash, has left there. */
const POLL_MS = 1_000;
const LEASE_MS = 10_000;
const HEAD_LOGGED_MS = 3_600_000;

interface Dependencies {
  readonly connection: MongoConnection;
  readonly trail: AuditTrail;
  readonly store: ChainStore;
  readonly chain: AuditChain;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Gives entries their place in the log, right after their commit. Of several replicas one does. Where the log
 * ends is written to the process's own log every hour and at the end: what keeps that is the outside witness.
 */
export function sealAuditLog({ connection, trail, store, chain, clock, logger }: Dependencies): Background {
  const lease = new Lease(connection, 'audit-sealer', LEASE_MS, clock);

  async function seal(): Promise<void> {
    for (let isMore = await store.hasUnsealed(); isMore;) {
      if (!(await lease.acquire())) return;
      const { isFull, forgedIds } = await chain.sealBatch();
      if (forgedIds.length > 0) logger.error({ entryIds: forgedIds }, 'audit entries are not as they were written');
      isMore = isFull;
    }
  }

  async function logHead(): Promise<void> {
    logger.info({ 'audit.head': headText(await chain.head()) }, 'audit log sealed up to here');
  }

  const sealer = everyInterval({ name: 'audit-sealer', intervalMs: POLL_MS, run: seal, logger });
  const witness = everyInterval({ name: 'audit-head', intervalMs: HEAD_LOGGED_MS, run: logHead, logger });
  trail.onRecorded(() => void sealer.nudge());
  return {
    name: sealer.name,
    async start() {
      await sealer.start();
      await witness.start();
    },
    async stop() {
      await witness.stop();
      await sealer.stop();
      try {
        // What the last requests have caused still gets its place.
        await seal();
        await logHead();
      } finally {
        await lease.release();
      }
    },
  };
}
