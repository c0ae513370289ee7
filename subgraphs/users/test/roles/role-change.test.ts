import type { Permission } from '@shopgraph/kit';
import { changeRole, deleteRole, type RoleCommand } from '../../src/roles/role-change';
import { aRole } from '../builders';

const editor = {
  id: 'user_lead',
  permissions: ['user:read', 'user:manage', 'role:manage'] as Permission[],
  roleIds: ['LEAD'],
};
const aCommand = (overrides: Partial<RoleCommand> = {}): RoleCommand => ({
  id: 'STOCK_LEAD',
  name: 'Stock lead',
  permissions: ['user:read'],
  expectedVersion: null,
  ...overrides,
});

describe('a role', () => {
  it('is made with what it permits sorted, each once', () => {
    const command = aCommand({ permissions: ['user:read', 'user:manage', 'user:read'], expectedVersion: 0 });
    expect(changeRole(null, command, editor)).toEqual({
      ok: true,
      value: {
        id: 'STOCK_LEAD',
        name: 'Stock lead',
        permissions: ['user:manage', 'user:read'],
        builtIn: false,
        version: 1,
      },
    });
  });

  it('gets another name and other permissions, and a version more', () => {
    const command = aCommand({ name: 'Lead', permissions: [], expectedVersion: 4 });
    const known = aRole({ permissions: ['user:read'], version: 4 });
    expect(changeRole(known, command, editor)).toEqual({
      ok: true,
      value: { id: 'STOCK_LEAD', name: 'Lead', permissions: [], builtIn: false, version: 5 },
    });
  });

  it('stays as it is when the same comes again', () => {
    const known = aRole({ permissions: ['user:manage', 'user:read'], version: 4 });
    const result = changeRole(known, aCommand({ permissions: ['user:read', 'user:manage'] }), editor);
    expect(result.ok && result.value).toBe(known);
  });

  it.each([
    ['a built-in role', null, aCommand({ id: 'CUSTOMER', permissions: [] }), 'built-in'],
    ['the administrator', null, aCommand({ id: 'ADMIN' }), 'built-in'],
    ['a role of their own, up', aRole({ id: 'LEAD' }), aCommand({ id: 'LEAD' }), 'own-role'],
    ['a role of their own, down', aRole({ id: 'LEAD' }), aCommand({ id: 'LEAD', permissions: [] }), 'own-role'],
    ['a role that they have and that was deleted', null, aCommand({ id: 'LEAD' }), 'own-role'],
    ['a new role beyond themself', null, aCommand({ permissions: ['audit:read'] }), 'beyond-own-permissions'],
    ['a role to beyond themself', aRole(), aCommand({ permissions: ['audit:read'] }), 'beyond-own-permissions'],
    [
      'a role that permits more than they may, down',
      aRole({ permissions: ['audit:read'] }),
      aCommand({ permissions: [] }),
      'beyond-own-permissions',
    ],
    [
      'only the name of a role that permits more than they may',
      aRole({ permissions: ['audit:read'] }),
      aCommand({ permissions: ['audit:read'] }),
      'beyond-own-permissions',
    ],
    ['a role that has changed meanwhile', aRole({ version: 2 }), aCommand({ expectedVersion: 1 }), 'version-changed'],
    ['a role that there must not be yet', aRole(), aCommand({ expectedVersion: 0 }), 'version-changed'],
    ['a role that there must be already', null, aCommand({ expectedVersion: 1 }), 'version-changed'],
  ])('nobody changes %s', (_what, known, command, kind) => {
    expect(changeRole(known, command, editor)).toMatchObject({ ok: false, problems: [{ kind }] });
  });
});

describe('deleting a role', () => {
  it('is for one that nobody has', () => {
    const known = aRole({ permissions: ['user:read'] });
    expect(deleteRole('STOCK_LEAD', known, editor, false)).toEqual({ ok: true, value: known });
  });

  it.each([
    ['one that somebody has', 'STOCK_LEAD', aRole(), true, 'in-use'],
    ['one that there is not', 'STOCK_LEAD', null, false, 'unknown-role'],
    ['a built-in one', 'SUPPORT', null, false, 'built-in'],
    ['their own', 'LEAD', aRole({ id: 'LEAD' }), true, 'own-role'],
    [
      'one that permits more than they may',
      'STOCK_LEAD',
      aRole({ permissions: ['audit:read'] }),
      false,
      'beyond-own-permissions',
    ],
  ])('is not for %s', (_what, id, known, isInUse, kind) => {
    expect(deleteRole(id, known, editor, isInUse)).toMatchObject({ ok: false, problems: [{ kind }] });
  });
});
