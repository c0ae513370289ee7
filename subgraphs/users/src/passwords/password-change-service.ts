import { type Call, DomainError, ok, refuse, type Result, type Viewer } from '@shopgraph/kit';
import type { UserStore } from '../accounts/user-store';
import type { SessionService, SignedIn } from '../sessions/session-service';
import { withPassword } from './new-password';
import type { ConfirmationProblem, PasswordConfirmation } from './password-confirmation';
import type { PasswordHasher } from './password-hasher';
import type { PasswordPolicy } from './password-policy';
import type { PasswordReplacement } from './password-replacement';

interface Dependencies {
  readonly users: UserStore;
  readonly sessions: SessionService;
  readonly hasher: PasswordHasher;
  readonly policy: PasswordPolicy;
  readonly passwordConfirmation: PasswordConfirmation;
  readonly passwordReplacement: PasswordReplacement;
}

interface ChangeCommand {
  readonly viewer: Extract<Viewer, { kind: 'user' }>;
  readonly current: string;
  readonly next: string;
}

export type PasswordChangeProblem =
  ConfirmationProblem | { readonly kind: 'weak-password' } | { readonly kind: 'same-password' };

/** Changes the passwords of people who know theirs. */
export class PasswordChangeService {
  constructor(private readonly deps: Dependencies) {}

  /**
   * Changes the password of whoever makes the call. The session that they make it in ends with the others, and a
   * new one begins: tokens that somebody has copied are good for nothing afterwards.
   * @throws DomainError UNAUTHENTICATED when their session has ended meanwhile.
   */
  async change(command: ChangeCommand, call: Call): Promise<Result<SignedIn, PasswordChangeProblem>> {
    const { viewer, current, next } = command;
    const { users, sessions, hasher, policy, passwordConfirmation, passwordReplacement } = this.deps;
    const confirmed = await passwordConfirmation.confirm(viewer.id, current, call);
    if (!confirmed.ok) return confirmed;
    const checked = confirmed.value;
    if (await hasher.verify(next, checked.passwordHash)) return refuse({ kind: 'same-password' });
    if (!policy.isGoodEnough(next, checked)) return refuse({ kind: 'weak-password' });

    const passwordHash = await hasher.hash(next);
    const signedIn = await passwordReplacement.run(async (tx) => {
      if (!(await sessions.isLive(viewer.sessionId, viewer.id, tx))) throw new DomainError('UNAUTHENTICATED');
      const user = await users.byId(viewer.id, tx);
      if (user?.status !== 'ACTIVE' || user.passwordHash !== checked.passwordHash) return null;
      return { user: withPassword(user, passwordHash), action: 'user.password-changed' };
    }, call);
    // The account was changed while hashes were made, perhaps its password: compare again.
    return signedIn ? ok(signedIn) : this.change(command, call);
  }
}
