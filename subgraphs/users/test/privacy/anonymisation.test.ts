import type { Permission } from '@shopgraph/kit';
import { anonymise } from '../../src/privacy/anonymisation';
import { aUserAccount } from '../builders';

const facts = (overrides = {}) => ({
  permissions: [] as Permission[],
  isLastAdministrator: false,
  passwordHash: '$2b$04$nobody',
  ...overrides,
});
const staff = { id: 'user_staff', permissions: ['user:privacy', 'user:read'] };

describe('erasing a person', () => {
  it('leaves nothing of them but the account and its age', () => {
    const user = aUserAccount({
      id: 'user_1',
      email: 'ada@example.com',
      name: 'Ada',
      roleIds: ['SUPPORT'],
      version: 4,
    });
    expect(anonymise(user, facts(), staff)).toEqual({
      ok: true,
      value: {
        id: 'user_1',
        email: 'user_1@anonymised.invalid',
        name: 'Anonymised',
        passwordHash: '$2b$04$nobody',
        status: 'ANONYMISED',
        emailVerified: false,
        roleIds: [],
        createdAt: user.createdAt,
        version: 5,
      },
    });
  });

  it.each([
    [['user:read'], true],
    [['user:read', 'user:manage'], false],
  ] as const)('of somebody who may %j is for staff who may as much: %s', (permissions, isAllowed) => {
    const result = anonymise(aUserAccount(), facts({ permissions }), staff);
    expect(result.ok).toBe(isAllowed);
    if (!result.ok) expect(result.problems).toEqual([{ kind: 'beyond-own-permissions' }]);
  });

  it('is for everybody who erases themself, whatever they may do', () => {
    const user = aUserAccount();
    const result = anonymise(user, facts({ permissions: ['user:manage'] }), { id: user.id, permissions: [] });
    expect(result.ok).toBe(true);
  });

  it('stops at the last administrator', () => {
    const user = aUserAccount();
    for (const eraser of [staff, { id: user.id, permissions: [] }]) {
      expect(anonymise(user, facts({ isLastAdministrator: true }), eraser)).toEqual({
        ok: false,
        problems: [{ kind: 'last-administrator' }],
      });
    }
  });
});
