import {
  type Call,
  connectMongo,
  ensureIndexes,
  inTransaction,
  serviceCall,
  typeIds,
  type Viewer,
} from '@shopgraph/kit';
import { FakeClock, startTestDatabase } from '@shopgraph/kit/testing';
import { pino } from 'pino';
import type { AuditEntry } from '../../src/audit/audit-trail';
import { trimAuditLog } from '../../src/audit/audit-retention';
import { createAuditLog } from '../../src/audit/create-audit-log';
import { type VerificationOptions, verifyAuditLog } from '../../src/audit/verify-audit-log';

export const SECRET = 'a secret of thirty-two characters';

/** A call from somewhere. */
export function callFrom(ip: string, userId = 'user_1'): Call {
  const viewer: Viewer = { kind: 'user', id: userId, sessionId: 'sess_1', permissions: [] };
  return { ...serviceCall('users'), viewer, client: { ip, userAgent: 'Firefox' } };
}

interface Options {
  readonly secrets?: readonly string[];
  readonly retentionDays?: number;
}

/** An audit log on an empty database, with nobody who uses it. */
export async function startAuditLog({ secrets = [SECRET], retentionDays = 400 }: Options = {}) {
  const clock = new FakeClock();
  const database = await startTestDatabase();
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line)) });

  /** One replica with its own connection. */
  async function replica() {
    const connection = await connectMongo(database.uri);
    const log = createAuditLog({ connection, secrets, clock, ids: typeIds });
    await ensureIndexes(connection);
    const background = log.upkeep({ retentionDays, logger });
    return { ...log, connection, background };
  }

  const first = await replica();
  const { connection, trail, chain } = first;
  const ofCollection = (name: string) => connection.collection<{ _id: string } & Record<string, unknown>>(name);

  function record(entry: Partial<AuditEntry> = {}, call = callFrom('192.0.2.1')): Promise<void> {
    const whole = { action: 'user.roles-set', subject: 'user_2', ...entry } as const;
    return inTransaction(connection, (tx) => trail.record(whole, call, tx));
  }

  async function sealAll(): Promise<void> {
    while ((await chain.sealBatch()).isFull);
  }

  return {
    ...first,
    clock,
    lines,
    replica,
    record,
    sealAll,
    /** Where the database is. */
    uri: database.uri,
    async start(): Promise<void> {
      for (const work of first.background) await work.start();
    },
    async end(): Promise<void> {
      for (const work of [...first.background].reverse()) await work.stop();
    },
    /** Deletes what is too old. */
    async trim(): Promise<void> {
      await trimAuditLog({ ...first, clock, logger, days: retentionDays, store: first.chainStore });
    },
    /** Entries of one transaction, sealed. */
    async fillAtOnce(count: number): Promise<void> {
      const entry = { action: 'session.ended', subject: 'sess_1' } as const;
      const entries = Array.from({ length: count }, () => entry);
      await inTransaction(connection, (tx) => trail.recordAll(entries, callFrom('192.0.2.1'), tx));
      await sealAll();
    },
    /** Entries of some subjects, each in a transaction of its own, sealed. */
    async fill(count: number): Promise<void> {
      for (let number = 1; number <= count; number += 1) await record({ subject: `user_${number}` });
      await sealAll();
    },
    entries: ofCollection('auditEntries'),
    marks: ofCollection('auditMarks'),
    verify: (options: Partial<VerificationOptions> = {}) => verifyAuditLog(connection, { secrets, ...options }),
    async stop(): Promise<void> {
      await connection.close();
      await database.stop();
    },
  };
}

export type TestAuditLog = Awaited<ReturnType<typeof startAuditLog>>;
