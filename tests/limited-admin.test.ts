import { createShopgraphClient, type ShopgraphClient } from '@shopgraph/client';
import { PASSWORD, type SignedIn, startTestShop, type TestShop } from './support/start-test-shop';

const SCOPES = ['API_KEY_MANAGE', 'ROLE_MANAGE', 'USER_MANAGE', 'USER_READ'] as const;

let shop: TestShop;
let admin: SignedIn;
let limited: SignedIn;
let ways: Record<'in person' | 'by an API key', ShopgraphClient>;
beforeAll(async () => {
  shop = await startTestShop();
  admin = await shop.signedIn('ADMIN');
  const input = { id: 'LIMITED', name: 'Limited administrator', permissions: [...SCOPES] };
  expect((await admin.client.roleUpsert({ input })).roleUpsert.userErrors).toEqual([]);
  limited = await shop.signedIn('LIMITED');
  const { apiKeyCreate } = await limited.client.apiKeyCreate({ input: { name: 'Key', scopes: [...SCOPES] } });
  const headers = { 'x-api-key': apiKeyCreate.secret ?? '' };
  ways = { 'in person': limited.client, 'by an API key': createShopgraphClient({ url: shop.url, headers }) };
});
afterAll(() => shop.close());

describe.each(['in person', 'by an API key'] as const)('a limited administrator, %s,', (way) => {
  it('lists the roles within what they hold', async () => {
    const { roles } = await ways[way].roles();
    expect(roles.map(({ id }) => id)).toEqual(['CUSTOMER', 'LIMITED']);
    expect(roles[1]).toMatchObject({ permissions: [...SCOPES], builtIn: false, version: 1 });
  });

  it('makes nobody an administrator, nor themself, under no name', async () => {
    const person = await shop.signedIn('CUSTOMER');
    for (const [id, field] of [
      [person.id, 'roleIds'],
      [limited.id, 'id'],
    ] as const) {
      const { userSetRoles } = await ways[way].userSetRoles({ id, roleIds: ['ADMIN'] });
      expect(userSetRoles).toMatchObject({ user: null, userErrors: [{ code: 'FORBIDDEN', field: [field] }] });
    }
    for (const input of [
      { id: 'LIMITED', name: 'Raised', permissions: [...SCOPES, 'AUDIT_READ' as const] },
      { id: 'OTHER', name: 'Other', permissions: ['AUDIT_READ' as const] },
      { id: 'ADMIN', name: 'Administrator', permissions: [] },
    ]) {
      const { roleUpsert } = await ways[way].roleUpsert({ input });
      expect(roleUpsert).toMatchObject({ role: null, userErrors: [{ code: 'FORBIDDEN', field: ['input', 'id'] }] });
    }
    const { me } = await limited.client.me();
    expect(me?.permissions).toEqual(['api-key:manage', 'role:manage', 'user:manage', 'user:read']);
  });

  it('takes nothing from an administrator', async () => {
    const { userSetRoles } = await ways[way].userSetRoles({ id: admin.id, roleIds: [] });
    expect(userSetRoles).toMatchObject({ user: null, userErrors: [{ code: 'FORBIDDEN', field: ['roleIds'] }] });
    const { roleDelete } = await ways[way].roleDelete({ id: 'ADMIN' });
    expect(roleDelete).toMatchObject({ deletedId: null, userErrors: [{ code: 'FORBIDDEN' }] });
  });
});

it('a custom role is enough at every gate, from the next token on', async () => {
  const clerk = { id: 'CLERK', name: 'Clerk', permissions: [] };
  await admin.client.roleUpsert({ input: clerk });
  const person = await shop.signedIn('CLERK');
  await expect(person.client.inventoryItem({ sku: 'NONE' })).rejects.toMatchObject({ code: 'FORBIDDEN' });

  await admin.client.roleUpsert({ input: { ...clerk, permissions: ['INVENTORY_READ'] } });
  await expect(person.client.inventoryItem({ sku: 'NONE' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await person.client.login({ input: { email: person.email, password: PASSWORD } });
  expect(await person.client.inventoryItem({ sku: 'NONE' })).toEqual({ inventoryItem: null });
});
