import { type Background, type Clock, everyInterval, type IdGenerator, type MongoConnection } from '@shopgraph/kit';
import type { Logger } from 'pino';
import { AuditChain } from './audit-chain';
import { AuditMacs } from './audit-macs';
import { AuditReader } from './audit-reader';
import { trimAuditLog } from './audit-retention';
import { sealAuditLog } from './audit-sealer';
import { AuditStore } from './audit-store';
import { AuditTrail } from './audit-trail';
import { ChainStore } from './chain-store';

const HOUR_MS = 3_600_000;

interface Dependencies {
  readonly connection: MongoConnection;
  /** KEY_ENCRYPTION_SECRET. */
  readonly secrets: readonly string[] | undefined;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

/** What the work beside requests needs. */
export interface UpkeepOptions {
  /** How long entries are kept, in days. */
  readonly retentionDays: number;
  readonly logger: Logger;
}

/** Puts the audit log together: who writes it, who reads it, and who keeps it in line. */
export function createAuditLog({ connection, secrets, clock, ids }: Dependencies) {
  const macs = new AuditMacs(secrets);
  const store = new AuditStore(connection);
  const chainStore = new ChainStore(connection);
  const trail = new AuditTrail({ store, macs, clock, ids });
  const chain = new AuditChain({ connection, store: chainStore, macs });

  /** The work beside requests; the first is to be stopped last, since whatever runs may still write entries. */
  function upkeep({ retentionDays: days, logger }: UpkeepOptions): readonly Background[] {
    const shared = { connection, trail, store: chainStore, chain, macs, clock, logger };
    return [
      sealAuditLog(shared),
      everyInterval({
        name: 'audit-retention',
        intervalMs: HOUR_MS,
        run: () => trimAuditLog({ ...shared, days }),
        logger,
      }),
    ];
  }

  return { trail, store, reader: new AuditReader({ connection, store, trail }), chain, chainStore, macs, upkeep };
}
