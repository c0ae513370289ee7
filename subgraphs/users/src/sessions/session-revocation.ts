import { type Call, isPermitted, ok, refuse, type Result, type Transaction, type Viewer } from '@shopgraph/kit';
import type { UserStore } from '../accounts/user-store';
import { holdsAll } from '../roles/role';
import type { Roles } from '../roles/roles';
import type { Session } from './session';
import type { SessionService } from './session-service';

interface Dependencies {
  readonly users: UserStore;
  readonly roles: Roles;
  readonly sessions: SessionService;
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
    const ended = await this.deps.sessions.end(sessionId, (found, tx) => this.mayRevoke(found, call.viewer, tx), call);
    return ended ? ok(ended) : refuse({ kind: 'unknown-session' });
  }

  private async mayRevoke({ userId }: Session, viewer: Viewer, tx: Transaction): Promise<boolean> {
    if (viewer.kind === 'user' && viewer.id === userId) return true;
    if (!('permissions' in viewer) || !isPermitted(viewer, 'user:manage')) return false;
    const { users, roles } = this.deps;
    const owner = await users.byId(userId, tx);
    return holdsAll(viewer.permissions, await roles.permissionsOf(owner?.roleIds ?? [], tx));
  }
}
