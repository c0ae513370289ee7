import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Permission, PERMISSIONS, unguardedFields, unknownNames, type Viewer } from '@shopgraph/kit';
import { aUser, anonymous } from '@shopgraph/kit/testing';
import { buildSchema, getOperationAST, parse, validate } from 'graphql';
import { noLimits } from '../src/access/field-limits';
import { gatewayPermissions } from '../src/access/permissions';
import { findRefusals } from '../src/access/refusals';
import { selectedFields } from '../src/access/selected-fields';
import type { GatewayContext } from '../src/context';

const schema = buildSchema(readFileSync(join(__dirname, '../../schema/api.graphql'), 'utf8'));
const table = gatewayPermissions(noLimits);

/** The codes of what the gateway refuses of an operation. */
async function refusalsOf(query: string, viewer: Viewer): Promise<string[]> {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  const selection = { schema, operation, fragments: {}, variables: {} };
  const context = { viewer } as GatewayContext;
  const refusals = await findRefusals(selectedFields(selection), table, selection, context);
  return [...refusals.values()].map((error) => (error as Error & { code: string }).code);
}

const allBut = (permission: Permission) =>
  aUser({ permissions: (Object.keys(PERMISSIONS) as Permission[]).filter((name) => name !== permission) });

describe('the rules of the gateway', () => {
  it('name only what the supergraph has', () => {
    expect(unknownNames(table, schema)).toEqual([]);
  });

  it('name everything that the supergraph has', () => {
    expect(unguardedFields(table, schema)).toEqual([]);
  });

  const STAFF: [Permission, string][] = [
    ['user:read', '{ user(id: "user_1") { id } }'],
    ['user:manage', 'mutation { userSetRoles(id: "user_1", roleIds: []) { user { id } } }'],
    ['order:read', '{ orders { pageInfo { hasNextPage } } }'],
    ['product:write', 'mutation { productCreate(input: { name: "Mug" }) { product { id } } }'],
    ['product:write', 'mutation { productPublish(id: "prod_1") { product { id } } }'],
    ['inventory:read', '{ inventoryItem(sku: "MUG") { id } }'],
    ['inventory:read', '{ stockLocations { pageInfo { hasNextPage } } }'],
    ['inventory:read', '{ reconcile(sku: "MUG") { __typename } }'],
    ['inventory:read', '{ variant(sku: "MUG") { inventoryItem { id } } }'],
  ];

  it.each(STAFF)('ask for %s before %s', async (permission, query) => {
    expect(await refusalsOf(query, anonymous)).toEqual(['UNAUTHENTICATED']);
    expect(await refusalsOf(query, allBut(permission))).toEqual(['FORBIDDEN']);
    expect(await refusalsOf(query, aUser({ permissions: [permission] }))).toEqual([]);
  });

  it.each([
    '{ reservation(id: "rsv_1") { id } }',
    'mutation { reservationRelease(id: "rsv_1") { __typename } }',
    'mutation { reservationCommit(id: "rsv_1") { __typename } }',
  ])('let nobody call what services call: %s', async (query) => {
    const everything = aUser({ permissions: Object.keys(PERMISSIONS) as Permission[] });
    expect(await refusalsOf(query, everything)).toEqual(['FORBIDDEN']);
  });

  it.each([
    '{ me { email } }',
    '{ product(slug: "mug") { name variants { edges { node { sku price { amount } availability { inStock } } } } } }',
    '{ cart(id: "cart_1", token: "t") { totals { total { amount } } } }',
    'mutation { cartCreate(input: {}) { token } }',
    'mutation { login(input: { email: "ada@shop.test", password: "correct horse" }) { accessToken } }',
  ])('let everybody shop: %s', async (query) => {
    expect(await refusalsOf(query, anonymous)).toEqual([]);
  });

  it.each(['mutation { logout { loggedOut } }', 'mutation { logoutAll { loggedOut } }'])(
    'let only those leave who are in: %s',
    async (query) => {
      expect(await refusalsOf(query, anonymous)).toEqual(['UNAUTHENTICATED']);
      expect(await refusalsOf(query, aUser({}))).toEqual([]);
    },
  );
});
