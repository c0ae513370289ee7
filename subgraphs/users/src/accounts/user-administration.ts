import {
  type Call,
  type Clock,
  DomainError,
  type IdGenerator,
  inTransaction,
  isDuplicateKey,
  type MongoConnection,
  ok,
  type Outbox,
  refuse,
  type Result,
  serviceCall,
} from '@shopgraph/kit';
import type { AuditTrail } from '../audit/audit-trail';
import type { PasswordHasher } from '../passwords/password-hasher';
import type { RoleGranter } from '../roles/role-granter';
import type { Roles } from '../roles/roles';
import type { SessionService } from '../sessions/session-service';
import { normaliseEmail } from './email-address';
import { decideRegistration, type RoleProblem, setRoles, type User, verifyUser } from './user';
import type { UserStore } from './user-store';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly users: UserStore;
  readonly roles: Roles;
  readonly sessions: SessionService;
  readonly hasher: PasswordHasher;
  readonly outbox: Outbox;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

/** A user that whoever runs the shop vouches for. */
export interface UserSeed {
  readonly email: string;
  readonly name: string;
  /** Taken as it is: strength is the caller's business. */
  readonly password: string;
  readonly roleIds: readonly string[];
}

/** What staff, and those who run the shop, do with users. */
export class UserAdministration {
  constructor(private readonly deps: Dependencies) {}

  /** Gives a user these roles instead of theirs. Who may do less than before has to sign in again. */
  setRoles(
    userId: string,
    roleIds: readonly string[],
    granter: RoleGranter,
    call: Call,
  ): Promise<Result<User, RoleProblem>> {
    const { connection, users, roles, sessions, audit } = this.deps;

    return inTransaction<Result<User, RoleProblem>>(connection, async (tx) => {
      const user = await users.byId(userId, tx);
      if (!user) return refuse({ kind: 'unknown-user' });
      const known = await roles.rolesOf([...user.roleIds, ...roleIds], tx);
      const decision = setRoles(user, roleIds, known, granter);
      if (!decision.ok) return decision;

      await roles.noteGrant(roleIds, tx);
      await users.update(decision.value.user, tx);
      if (decision.value.takesPermissions) await sessions.endAllWithin([userId], call, tx);
      const details = { before: user.roleIds, after: decision.value.user.roleIds };
      await audit.record({ action: 'user.roles-set', subject: userId, details }, call, tx);
      return ok(decision.value.user);
    });
  }

  /**
   * Makes sure that there is a verified user with this address: answers the one that is there, as it
   * is, or makes it.
   * @throws DomainError BAD_USER_INPUT when the address is none, or a role does not exist.
   */
  async seedUser({ email, name, password, roleIds }: UserSeed): Promise<User> {
    const { hasher, users, roles, ids, clock } = this.deps;
    const address = normaliseEmail(email);
    if (address === null) throw new DomainError('BAD_USER_INPUT', { message: `Not an e-mail address: ${email}` });
    const knownIds = (await roles.rolesOf(roleIds)).map(({ id }) => id);
    const unknown = roleIds.find((id) => !knownIds.includes(id));
    if (unknown !== undefined) throw new DomainError('BAD_USER_INPUT', { message: `No such role: ${unknown}` });

    const known = await users.byEmail(address);
    if (known && known.status !== 'UNVERIFIED') return known;
    const passwordHash = await hasher.hash(password);
    const registration = { id: ids.next('user'), email: address, name, passwordHash, at: clock.now() };
    try {
      return await this.save(registration, roleIds);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return this.save(registration, roleIds);
    }
  }

  private save(registration: Parameters<typeof decideRegistration>[1], roleIds: readonly string[]): Promise<User> {
    const { connection, users, roles, outbox, audit } = this.deps;
    const call = serviceCall('users');

    return inTransaction(connection, async (tx) => {
      const decision = decideRegistration(await users.byEmail(registration.email, tx), registration);
      const verified = verifyUser(decision.user, registration);
      if (!verified) return decision.user;

      if (decision.kind === 'new-user') {
        await users.add(decision.user, tx);
        await outbox.append([decision.event], call, tx);
      } else {
        await users.update(decision.user, tx);
      }
      const user = { ...verified.user, roleIds };
      await roles.noteGrant(roleIds, tx);
      await users.update(user, tx);
      await outbox.append([verified.event], call, tx);
      await audit.record({ action: 'user.registered', subject: user.id }, call, tx);
      return user;
    });
  }
}
