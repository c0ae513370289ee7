import { type Call, ok, refuse, type Result } from '@shopgraph/kit';
import type { User } from '../accounts/user';
import type { UserStore } from '../accounts/user-store';
import type { AttemptDelayed, LoginThrottle } from '../login-throttle/login-throttle';
import type { PasswordHasher } from './password-hasher';

interface Dependencies {
  readonly users: UserStore;
  readonly hasher: PasswordHasher;
  readonly throttle: LoginThrottle;
}

export type ConfirmationProblem = { readonly kind: 'wrong-password' } | AttemptDelayed;

/** Has somebody who is signed in show once more who they are, before they change what protects their account. */
export class PasswordConfirmation {
  constructor(private readonly deps: Dependencies) {}

  /**
   * The user as they were when the password was right: whoever changes them looks whether they still are. Failures
   * count like those of signing in.
   */
  async confirm(userId: string, password: string, call: Call): Promise<Result<User, ConfirmationProblem>> {
    const { users, hasher, throttle } = this.deps;
    const user = await users.byId(userId);
    const attempt = await throttle.attempt(user?.email ?? userId, call, async () => {
      const isMatch = await hasher.verify(password, user?.passwordHash ?? null);
      return { isRight: isMatch && user?.status === 'ACTIVE', userId };
    });
    if (!attempt.ok) return attempt;
    return user && attempt.value.isRight ? ok(user) : refuse({ kind: 'wrong-password' });
  }
}
