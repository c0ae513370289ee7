import {
  type Call,
  type Connection,
  DomainError,
  inTransaction,
  type MongoConnection,
  type PageArgs,
} from '@shopgraph/kit';
import type { RecordedEntry } from './audit-entry';
import type { AuditCriteria, AuditStore } from './audit-store';
import type { AuditTrail } from './audit-trail';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly store: AuditStore;
  readonly trail: AuditTrail;
}

/** Shows the audit log, and who looks at it is in it too (PCI DSS 4.0, 10.2.1.3). */
export class AuditReader {
  constructor(private readonly deps: Dependencies) {}

  /**
   * One page, newest first. The entry about this reading is committed before anybody sees the page, and not on it.
   * @throws DomainError BAD_USER_INPUT when the span ends before it starts, and for a bad page.
   */
  async page(criteria: AuditCriteria, page: PageArgs, call: Call): Promise<Connection<RecordedEntry>> {
    const { connection, store, trail } = this.deps;
    const { actor, subject, actions, from, to, ip } = criteria;
    if (from && to && from > to) {
      const message = 'to must not be before from';
      throw new DomainError('BAD_USER_INPUT', { fields: [{ path: ['filter', 'to'], message }] });
    }
    const found = await store.page(criteria, page);
    const details = {
      ...(actor !== null && { ofActor: actor }),
      ...(subject !== null && { ofSubject: subject }),
      ...(actions !== null && { ofActions: [...actions] }),
      ...(from && { from: from.toISOString() }),
      ...(to && { to: to.toISOString() }),
      // Not which one: an address is personal, and details stay.
      ...(ip !== null && { ofOneIp: true }),
      entries: found.edges.length,
    };
    await inTransaction(connection, (tx) =>
      trail.record({ action: 'audit-log.read', subject: 'audit-log', details }, call, tx),
    );
    return found;
  }
}
