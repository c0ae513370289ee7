import { setStatus } from '../../src/accounts/user-status';
import { USER_STATUSES, type UserStatus } from '../../src/accounts/user';
import { aUserAccount } from '../builders';

const manager = { id: 'user_manager', permissions: ['user:manage'] };
const unverified = { emailVerified: false } as const;

/** Every transition that there is; what is not in it is refused. */
const ALLOWED: readonly [UserStatus, UserStatus, boolean][] = [
  ['ACTIVE', 'DEACTIVATED', true],
  ['UNVERIFIED', 'DEACTIVATED', false],
  ['DEACTIVATED', 'ACTIVE', true],
  ['DEACTIVATED', 'UNVERIFIED', false],
];
const ALL = USER_STATUSES.flatMap((from) =>
  USER_STATUSES.flatMap((to) => [true, false].map((emailVerified) => ({ from, to, emailVerified }))),
).filter(({ from, emailVerified }) => (from === 'DEACTIVATED' ? true : emailVerified === (from !== 'UNVERIFIED')));

describe('a status', () => {
  it.each(ALL)('$from → $to, address confirmed: $emailVerified', ({ from, to, emailVerified }) => {
    const user = aUserAccount({ status: from, emailVerified, version: 7 });
    const decision = setStatus(user, [], to, manager);
    if (from === to) {
      expect(decision).toEqual({ ok: true, value: { user, event: null } });
      return;
    }
    const isAllowed = ALLOWED.some(([a, b, confirmed]) => a === from && b === to && confirmed === emailVerified);
    if (!isAllowed) {
      expect(decision).toEqual({ ok: false, problems: [{ kind: 'invalid-transition', from }] });
      return;
    }
    const type = to === 'DEACTIVATED' ? 'users.user-deactivated' : 'users.user-reactivated';
    expect(decision).toEqual({
      ok: true,
      value: {
        user: { ...user, status: to, version: 8 },
        event: { type, aggregateId: user.id, sequence: 8, data: { userId: user.id } },
      },
    });
  });

  it('of oneself is not set, not even to what it is', () => {
    for (const status of USER_STATUSES) {
      expect(setStatus(aUserAccount({ id: manager.id }), [], status, manager)).toEqual({
        ok: false,
        problems: [{ kind: 'own-status' }],
      });
    }
  });

  it('is set of those only who may do no more', () => {
    const beyond = setStatus(aUserAccount(unverified), ['user:manage', 'user:read'], 'DEACTIVATED', manager);
    expect(beyond).toEqual({ ok: false, problems: [{ kind: 'beyond-own-permissions' }] });
    expect(setStatus(aUserAccount(), ['user:manage'], 'DEACTIVATED', manager).ok).toBe(true);
  });
});
