import { PERMISSIONS } from '@shopgraph/kit';
import { decideRegistration, setRoles, verifyUser } from '../../src/accounts/user';
import { BUILT_IN_ROLES } from '../../src/roles/built-in-roles';
import { aRole, aUserAccount, NOW, permissionsOf } from '../builders';

const registration = { id: 'user_new', email: 'ada@example.com', name: 'Ada', passwordHash: 'new hash', at: NOW };

describe('a registration', () => {
  it('of an unknown address makes an unverified customer, and says so', () => {
    const decision = decideRegistration(null, registration);
    expect(decision).toMatchObject({
      kind: 'new-user',
      user: { id: 'user_new', status: 'UNVERIFIED', emailVerified: false, roleIds: ['CUSTOMER'], version: 1 },
      event: { type: 'users.user-registered', aggregateId: 'user_new', sequence: 1, data: { userId: 'user_new' } },
    });
  });

  it('tells the bus no personal data', () => {
    const decision = decideRegistration(null, registration);
    expect(JSON.stringify(decision.kind === 'new-user' && decision.event)).not.toMatch(/ada/i);
  });

  it('of an address that waits for its verification keeps the user and raises the version', () => {
    const known = aUserAccount({ status: 'UNVERIFIED', emailVerified: false, version: 1 });
    const decision = decideRegistration(known, registration);
    expect(decision).toEqual({ kind: 'again', user: { ...known, name: 'Ada', passwordHash: 'new hash', version: 2 } });
  });

  it.each(['ACTIVE', 'DEACTIVATED', 'ANONYMISED'] as const)('changes nothing about an account that is %s', (status) => {
    const known = aUserAccount({ status });
    expect(decideRegistration(known, registration)).toEqual({ kind: 'has-account', user: known });
  });
});

describe('a verification', () => {
  it('opens the account with the password of the registration whose mail was answered', () => {
    const waiting = aUserAccount({
      status: 'UNVERIFIED',
      emailVerified: false,
      passwordHash: 'of another',
      version: 3,
    });
    const verified = verifyUser(waiting, { name: 'Ada L.', passwordHash: 'own' });
    expect(verified?.user).toMatchObject({
      name: 'Ada L.',
      passwordHash: 'own',
      status: 'ACTIVE',
      emailVerified: true,
      version: 4,
    });
    expect(verified?.event).toMatchObject({ type: 'users.user-verified', sequence: 4 });
  });

  it.each(['ACTIVE', 'DEACTIVATED', 'ANONYMISED'] as const)('does nothing to an account that is %s', (status) => {
    expect(verifyUser(aUserAccount({ status }), { name: 'Eve', passwordHash: 'hers' })).toBeNull();
  });
});

describe('roles', () => {
  const admin = { id: 'user_admin', permissions: permissionsOf(['ADMIN']) };
  const lead = { id: 'user_lead', permissions: [...permissionsOf(['SUPPORT']), 'user:manage'] };

  it('are built in, and the administrator has every permission there is', () => {
    expect(permissionsOf(['CUSTOMER'])).toEqual([]);
    expect(permissionsOf(['SUPPORT'])).toEqual([
      'inventory:read',
      'order:cancel',
      'order:read',
      'product:read',
      'user:read',
    ]);
    expect(permissionsOf(['CATALOG_MANAGER'])).toEqual(['inventory:read', 'product:read', 'product:write']);
    expect(permissionsOf(['WAREHOUSE'])).toEqual(['inventory:adjust', 'inventory:read', 'order:read', 'product:read']);
    expect(permissionsOf(['ADMIN'])).toEqual(Object.keys(PERMISSIONS).sort());
  });

  it.each([
    ['gives a role', ['CUSTOMER'], ['CUSTOMER', 'WAREHOUSE'], false],
    ['takes a role', ['WAREHOUSE'], ['CUSTOMER'], true],
    ['gives and takes', ['WAREHOUSE'], ['SUPPORT'], true],
    ['takes a role whose permissions another one keeps', ['ADMIN', 'SUPPORT'], ['ADMIN'], false],
  ])('an administrator %s', (_what, before, after, takesPermissions) => {
    const user = aUserAccount({ roleIds: before });
    const result = setRoles(user, after, BUILT_IN_ROLES, admin);
    expect(result).toEqual({ ok: true, value: { user: { ...user, roleIds: after, version: 3 }, takesPermissions } });
  });

  it.each([
    ['gives more than they hold', lead, ['CUSTOMER'], ['WAREHOUSE'], 'beyond-own-permissions'],
    ['makes an administrator', lead, ['CUSTOMER'], ['ADMIN'], 'beyond-own-permissions'],
    ['takes more than they hold', lead, ['ADMIN'], ['CUSTOMER'], 'beyond-own-permissions'],
    ['gives what they hold themself, to themself', { ...lead, id: 'user_1' }, ['CUSTOMER'], ['SUPPORT'], 'own-roles'],
    ['leaves no administrator behind', { ...admin, id: 'user_1' }, ['ADMIN'], ['CUSTOMER'], 'own-roles'],
    ['gives a role that there is not', admin, ['CUSTOMER'], ['CUSTOMER', 'OWNER'], 'unknown-role'],
    ['gives a role named like a part of every object', admin, ['CUSTOMER'], ['constructor'], 'unknown-role'],
  ])('nobody %s', (_what, granter, before, after, kind) => {
    const result = setRoles(aUserAccount({ id: 'user_1', roleIds: before }), after, BUILT_IN_ROLES, granter);
    expect(result).toMatchObject({ ok: false, problems: [{ kind }] });
  });

  it('are given as whole roles: nobody swaps one for another beyond themself, though both permit the same', () => {
    const twin = aRole({ id: 'TWIN', permissions: permissionsOf(['ADMIN']) });
    const user = aUserAccount({ id: 'user_1', roleIds: ['TWIN'] });
    const result = setRoles(user, ['ADMIN'], [...BUILT_IN_ROLES, twin], lead);
    expect(result).toMatchObject({ ok: false, problems: [{ kind: 'beyond-own-permissions' }] });
  });

  it('that were deleted are taken away in passing', () => {
    const result = setRoles(aUserAccount({ roleIds: ['CUSTOMER', 'GONE'] }), ['CUSTOMER'], BUILT_IN_ROLES, lead);
    expect(result).toMatchObject({ ok: true, value: { user: { roleIds: ['CUSTOMER'] }, takesPermissions: false } });
  });

  it('are kept once each', () => {
    const result = setRoles(aUserAccount(), ['SUPPORT', 'SUPPORT'], BUILT_IN_ROLES, admin);
    expect(result).toMatchObject({ ok: true, value: { user: { roleIds: ['SUPPORT'] } } });
  });
});
