import { type Call, DomainError, inTransaction, type MongoConnection, ok, type Result } from '@shopgraph/kit';
import type { AuditTrail } from '../audit/audit-trail';
import { changeProfile, type ProfileChange, type ProfileProblem } from './profile';
import type { User } from './user';
import type { UserStore } from './user-store';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly users: UserStore;
  readonly audit: AuditTrail;
}

/** What people change of themselves. */
export class ProfileService {
  constructor(private readonly deps: Dependencies) {}

  /**
   * Changes a user's own profile.
   * @throws DomainError UNAUTHENTICATED when the account is not in use any more.
   */
  update(userId: string, change: ProfileChange, call: Call): Promise<Result<User, ProfileProblem>> {
    const { connection, users, audit } = this.deps;

    return inTransaction<Result<User, ProfileProblem>>(connection, async (tx) => {
      const user = await users.byId(userId, tx);
      if (user?.status !== 'ACTIVE') throw new DomainError('UNAUTHENTICATED');
      const decision = changeProfile(user, change);
      if (!decision.ok || decision.value === user) return decision;
      await users.update(decision.value, tx);
      await audit.record({ action: 'user.profile-updated', subject: userId }, call, tx);
      return ok(decision.value);
    });
  }
}
