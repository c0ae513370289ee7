import {
  type Call,
  type Clock,
  inTransaction,
  isPermitted,
  type MongoConnection,
  ok,
  refuse,
  type Result,
  type Transaction,
  type Viewer,
} from '@shopgraph/kit';
import type { UserStore } from '../accounts/user-store';
import type { AuditTrail } from '../audit/audit-trail';
import { holdsAll } from '../roles/role';
import type { Roles } from '../roles/roles';
import type { RevokedSessions } from './revoked-sessions';
import type { Session } from './session';
import type { SessionStore } from './session-store';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly users: UserStore;
  readonly roles: Roles;
  readonly sessions: SessionStore;
  readonly revoked: RevokedSessions;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

export type RevocationProblem = { readonly kind: 'unknown-session' };

/** Ends single sessions from elsewhere: a lost phone's, or one that staff do not trust. */
export class SessionRevocation {
  constructor(private readonly deps: Dependencies) {}

  /**
   * Ends a session, whose access tokens are void at once; doing it again changes nothing. People end their own;
   * who manages users ends those of users whose permissions they hold themselves. What somebody may not end looks
   * like what does not exist.
   */
  async revoke(sessionId: string, call: Call): Promise<Result<Session, RevocationProblem>> {
    const { connection, sessions, audit, revoked, clock } = this.deps;
    const ended = await inTransaction(connection, async (tx) => {
      const session = await sessions.byId(sessionId, tx);
      if (!session || !(await this.mayRevoke(session, call.viewer, tx))) return null;
      if (await sessions.end(sessionId, clock.now(), tx)) {
        await audit.record({ action: 'session.ended', subject: sessionId }, call, tx);
      }
      return session;
    });
    if (!ended) return refuse({ kind: 'unknown-session' });
    // Also when it had ended: the first time, Redis may have been away.
    await revoked.add([sessionId]);
    return ok(ended);
  }

  private async mayRevoke({ userId }: Session, viewer: Viewer, tx: Transaction): Promise<boolean> {
    if (viewer.kind === 'user' && viewer.id === userId) return true;
    if (!('permissions' in viewer) || !isPermitted(viewer, 'user:manage')) return false;
    const { users, roles } = this.deps;
    const owner = await users.byId(userId, tx);
    return holdsAll(viewer.permissions, await roles.permissionsOf(owner?.roleIds ?? [], tx));
  }
}
