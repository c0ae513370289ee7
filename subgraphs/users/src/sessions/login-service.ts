import {
  type Call,
  inTransaction,
  type MongoConnection,
  ok,
  refuse,
  type Result,
  type Transaction,
} from '@shopgraph/kit';
import type { User } from '../accounts/user';
import type { UserStore } from '../accounts/user-store';
import type { AttemptDelayed, Check, LoginThrottle } from '../login-throttle/login-throttle';
import type { PasswordHasher } from '../passwords/password-hasher';
import type { SessionService, SignedIn } from './session-service';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly users: UserStore;
  readonly sessions: SessionService;
  readonly hasher: PasswordHasher;
  readonly throttle: LoginThrottle;
}

export type LoginProblem =
  { readonly kind: 'invalid-credentials' } | { readonly kind: 'email-not-verified' } | AttemptDelayed;

/** Signs people in by their password. */
export class LoginService {
  constructor(private readonly deps: Dependencies) {}

  /**
   * Signs in, when the password is right and the address verified. An unknown address and a wrong
   * password get the same answer after the same time; only who knows the password learns more. After failures the
   * next attempt has to wait.
   * @param email In the spelling of `normaliseEmail`.
   */
  async login(email: string, password: string, call: Call): Promise<Result<SignedIn, LoginProblem>> {
    const { throttle, hasher } = this.deps;
    const attempt = await throttle.attempt(email, call, () => this.check(email, password));
    if (!attempt.ok) return attempt;
    const { user, isRight } = attempt.value;
    if (!user || !isRight) return refuse({ kind: 'invalid-credentials' });
    if (user.status === 'UNVERIFIED') return refuse({ kind: 'email-not-verified' });

    const newHash = hasher.isOutdated(user.passwordHash) ? await hasher.hash(password) : user.passwordHash;
    const signedIn = await inTransaction(this.deps.connection, (tx) => this.start(user, newHash, call, tx));
    // The account was changed while hashes were compared, perhaps its password: look again.
    return signedIn ? ok(signedIn) : this.login(email, password, call);
  }

  private async check(email: string, password: string): Promise<Check & { readonly user: User | null }> {
    const { users, hasher } = this.deps;
    const user = await users.byEmail(email);
    const isMatch = await hasher.verify(password, user?.passwordHash ?? null);
    // Whoever may not sign in is not told, by any sign, that the password was right.
    const isRight = isMatch && (user?.status === 'ACTIVE' || user?.status === 'UNVERIFIED');
    return { user, isRight, userId: user?.id ?? null };
  }

  /** Null when the user is no longer the one whose password was checked. */
  private async start(checked: User, passwordHash: string, call: Call, tx: Transaction): Promise<SignedIn | null> {
    const { users, sessions } = this.deps;
    const user = await users.byId(checked.id, tx);
    if (user?.status !== 'ACTIVE' || user.passwordHash !== checked.passwordHash) return null;
    if (passwordHash === user.passwordHash) return sessions.start(user, call, tx);
    const rehashed = { ...user, passwordHash, version: user.version + 1 };
    await users.update(rehashed, tx);
    return sessions.start(rehashed, call, tx);
  }
}
