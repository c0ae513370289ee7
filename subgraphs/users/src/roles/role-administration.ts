import {
  type Call,
  inTransaction,
  isDuplicateKey,
  type MongoConnection,
  type Result,
  type Transaction,
  type Viewer,
} from '@shopgraph/kit';
import type { UserStore } from '../accounts/user-store';
import type { AuditTrail } from '../audit/audit-trail';
import type { SessionService } from '../sessions/session-service';
import { BUILT_IN_ROLES } from './built-in-roles';
import { holdsAll, permissionsIn, type Role } from './role';
import {
  changeRole,
  deleteRole,
  type RoleChangeProblem,
  type RoleCommand,
  type RoleDeletionProblem,
  type RoleEditor,
} from './role-change';
import type { RoleGranter } from './role-granter';
import type { RoleStore } from './role-store';
import type { Roles } from './roles';
import { maySeeRole } from './visible-roles';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly users: UserStore;
  readonly roles: Roles;
  readonly roleStore: RoleStore;
  readonly sessions: SessionService;
  readonly audit: AuditTrail;
}

/** Makes, changes and deletes the roles of this shop. */
export class RoleAdministration {
  constructor(private readonly deps: Dependencies) {}

  /** The roles that permit nothing beyond what the viewer holds: the built-in ones, then the others by their ids. */
  async visibleTo(viewer: Viewer): Promise<Role[]> {
    const roles = [...BUILT_IN_ROLES, ...(await this.deps.roleStore.all())];
    return roles.filter((role) => maySeeRole(viewer, role));
  }

  /**
   * Makes a role, or changes it. What it permits from now on, who has it may do once they refresh their token; who
   * may do less than before has to sign in again.
   */
  async upsert(command: RoleCommand, granter: RoleGranter, call: Call): Promise<Result<Role, RoleChangeProblem>> {
    try {
      return await this.save(command, granter, call);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      // Somebody made it at the same time: now it is known.
      return this.save(command, granter, call);
    }
  }

  /** Deletes a role that nobody has. */
  delete(id: string, granter: RoleGranter, call: Call): Promise<Result<Role, RoleDeletionProblem>> {
    const { connection, users, roleStore, audit } = this.deps;

    return inTransaction(connection, async (tx) => {
      const known = await roleStore.byId(id, tx);
      const isInUse = await users.isRoleInUse(id, tx);
      const decision = deleteRole(id, known, await this.editorOf(granter, tx), isInUse);
      if (!decision.ok) return decision;

      await roleStore.remove(id, tx);
      const details = { nameBefore: decision.value.name, permissionsBefore: decision.value.permissions };
      await audit.record({ action: 'role.deleted', subject: id, details }, call, tx);
      return decision;
    });
  }

  private save(command: RoleCommand, granter: RoleGranter, call: Call) {
    const { connection, roleStore, sessions, audit } = this.deps;

    return inTransaction<Result<Role, RoleChangeProblem>>(connection, async (tx) => {
      const known = await roleStore.byId(command.id, tx);
      const decision = changeRole(known, command, await this.editorOf(granter, tx));
      if (!decision.ok || decision.value === known) return decision;

      const role = decision.value;
      const losers = known ? await this.losersBy(known, role, tx) : [];
      await (known ? roleStore.update(role, tx) : roleStore.add(role, tx));
      if (losers.length > 0) await sessions.endAllWithin(losers, call, tx);
      await audit.record({ action: 'role.set', subject: role.id, details: detailsOf(known, role) }, call, tx);
      return decision;
    });
  }

  /** The ids of those who may do less once `before` has become `after`. */
  private async losersBy(before: Role, after: Role, tx: Transaction): Promise<string[]> {
    const { users, roles } = this.deps;
    if (holdsAll(after.permissions, before.permissions)) return [];
    const holders = await users.havingRole(before.id, tx);
    const known = await roles.rolesOf([...new Set(holders.flatMap(({ roleIds }) => roleIds))], tx);
    return holders.flatMap(({ id, roleIds }) => {
      const others = known.filter((role) => role.id !== before.id && roleIds.includes(role.id));
      return holdsAll(permissionsIn([...others, after]), before.permissions) ? [] : id;
    });
  }

  private async editorOf(granter: RoleGranter, tx: Transaction): Promise<RoleEditor> {
    const user = await this.deps.users.byId(granter.id, tx);
    return { ...granter, roleIds: user?.roleIds ?? [] };
  }
}

function detailsOf(before: Role | null, after: Role) {
  return {
    nameBefore: before?.name ?? null,
    nameAfter: after.name,
    permissionsBefore: before?.permissions ?? [],
    permissionsAfter: after.permissions,
  };
}
