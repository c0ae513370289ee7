import {
  type Call,
  inTransaction,
  type MongoConnection,
  type Outbox,
  refuse,
  ok,
  type Result,
  type Transaction,
} from '@shopgraph/kit';
import type { AuditTrail } from '../audit/audit-trail';
import type { MailedTokens } from '../one-time-tokens/mailed-tokens';
import type { Administrators } from '../privacy/administrators';
import type { RoleGranter } from '../roles/role-granter';
import type { Roles } from '../roles/roles';
import type { SessionService } from '../sessions/session-service';
import type { User, UserStatus } from './user';
import { setStatus, type StatusProblem } from './user-status';
import type { UserStore } from './user-store';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly users: UserStore;
  readonly roles: Roles;
  readonly administrators: Administrators;
  readonly mailedTokens: MailedTokens;
  readonly sessions: SessionService;
  readonly outbox: Outbox;
  readonly audit: AuditTrail;
}

interface StatusCommand {
  readonly userId: string;
  readonly status: UserStatus;
  /** Kept in the audit log; null when none was given. */
  readonly reason: string | null;
}

/** Closes accounts, and opens them again. */
export class UserStatusService {
  constructor(private readonly deps: Dependencies) {}

  /**
   * Gives a user a status; the one that they have changes nothing. When an account is closed its sessions end and
   * what was mailed for it is void, at once and together.
   */
  set(command: StatusCommand, manager: RoleGranter, call: Call): Promise<Result<User, StatusProblem>> {
    const { connection, users, roles, administrators, outbox, audit } = this.deps;

    return inTransaction<Result<User, StatusProblem>>(connection, async (tx) => {
      const user = await users.byId(command.userId, tx);
      if (!user) return refuse({ kind: 'unknown-user' });
      const permissions = await roles.permissionsOf(user.roleIds, tx);
      const decision = setStatus(user, permissions, command.status, manager);
      if (!decision.ok) return decision;

      const { user: changed, event } = decision.value;
      if (!event) return ok(user);
      if (changed.status === 'DEACTIVATED' && (await administrators.isLast(user, tx))) {
        return refuse({ kind: 'last-administrator' });
      }
      await users.update(changed, tx);
      await outbox.append([event], call, tx);
      if (changed.status === 'DEACTIVATED') await this.close(user.id, call, tx);
      const details = { before: user.status, after: changed.status, reason: command.reason };
      await audit.record({ action: 'user.status-set', subject: user.id, details }, call, tx);
      return ok(changed);
    });
  }

  private async close(userId: string, call: Call, tx: Transaction): Promise<void> {
    const { mailedTokens, sessions } = this.deps;
    await mailedTokens.voidAllOf(userId, tx);
    await sessions.endAllWithin([userId], call, tx);
  }
}
