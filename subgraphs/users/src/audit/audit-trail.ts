import { actorOf, afterCommit, type Call, type Clock, type IdGenerator, type Transaction } from '@shopgraph/kit';
import type { AuditAction } from './audit-actions';
import { type AuditDetails, checkedDetails } from './audit-details';
import type { AuditFacts, RecordedEntry } from './audit-entry';
import type { AuditMacs } from './audit-macs';
import type { AuditStore } from './audit-store';

interface Dependencies {
  readonly store: AuditStore;
  readonly macs: AuditMacs;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

/** What was done to whom or what, by its id. */
export interface AuditEntry {
  readonly action: AuditAction;
  readonly subject: string;
  /** Who did it, where that is not who makes the call: whoever has just proven who they are. */
  readonly actor?: string;
  /** What else there is to say: ids, names of roles, statuses, reasons. No secrets, nothing personal. */
  readonly details?: AuditDetails;
}

/** What security needs to know afterwards. Entries are added, never changed. */
export class AuditTrail {
  private readonly listeners = new Set<() => void>();

  constructor(private readonly deps: Dependencies) {}

  /** Adds an entry in the transaction of what it reports. */
  record(entry: AuditEntry, call: Call, tx: Transaction): Promise<void> {
    return this.recordAll([entry], call, tx);
  }

  /** Adds entries, in their order, in the transaction of what they report. */
  async recordAll(entries: readonly AuditEntry[], call: Call, tx: Transaction): Promise<void> {
    const { store } = this.deps;
    await store.add(
      entries.map((entry) => this.recorded(entry, call)),
      tx,
    );
    afterCommit(tx, () => this.listeners.forEach((listener) => listener()));
  }

  /**
   * Erases from where everything was done by or about somebody: addresses and programs. What was done, when and
   * by whose id remains, and the log still verifies.
   * @param actorOrSubject Id of a user, or of an API key of theirs.
   */
  erasePersonalData(actorOrSubject: string, tx: Transaction): Promise<void> {
    const { store, macs } = this.deps;
    return store.eraseWhere(actorOrSubject, (id) => macs.ofErasure(id), tx);
  }

  /** Calls back whenever this process has added entries. */
  onRecorded(listener: () => void): void {
    this.listeners.add(listener);
  }

  private recorded({ details, ...entry }: AuditEntry, { viewer, client, requestId }: Call): RecordedEntry {
    const { macs, clock, ids } = this.deps;
    const facts: AuditFacts = {
      id: ids.next('aud'),
      at: clock.now(),
      actor: actorOf(viewer),
      ...entry,
      details: details ? checkedDetails(details) : null,
      requestId,
    };
    const where = { ip: client?.ip ?? null, userAgent: client?.userAgent ?? null };
    return { ...facts, ...where, ...macs.seal(facts, where), erasure: null, sequence: null, chainHash: null };
  }
}
