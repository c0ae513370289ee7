import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ShopgraphClient } from '@shopgraph/client';
import { gatewayPermissions, noLimits } from '@shopgraph/gateway';
import { PERMISSIONS, type Permission, unguardedFields, unknownNames, type Viewer } from '@shopgraph/kit';
import { anonymous, aUser, signedClient } from '@shopgraph/kit/testing';
import { systemClock } from '@shopgraph/kit';
import { buildSchema, type GraphQLObjectType, parse } from 'graphql';
import { probe } from './support/field-probe';
import { aCart, aCheckout, anOffer } from './support/shop-builders';
import { type SignedIn, startTestShop, type TestShop } from './support/start-test-shop';

const schema = buildSchema(readFileSync(join(__dirname, '../schema/api.graphql'), 'utf8'));

type Who = 'anonymous' | 'customer' | 'support' | 'admin';
const EVERYBODY: readonly Who[] = ['anonymous', 'customer', 'support', 'admin'];
const SIGNED_IN: readonly Who[] = ['customer', 'support', 'admin'];
const STAFF: readonly Who[] = ['support', 'admin'];
const ADMIN: readonly Who[] = ['admin'];
const NOBODY: readonly Who[] = [];

/** Who may ask for each root field of the graph; what they get then is up to whose it is. */
const ALLOWED: Readonly<Record<'Query' | 'Mutation', Readonly<Record<string, readonly Who[]>>>> = {
  Query: {
    apiKeys: ADMIN,
    auditLog: ADMIN,
    cart: EVERYBODY,
    inventoryItem: STAFF,
    lowStock: STAFF,
    me: EVERYBODY,
    order: EVERYBODY,
    orderAt: EVERYBODY,
    orders: STAFF,
    privacyJob: SIGNED_IN,
    product: EVERYBODY,
    products: EVERYBODY,
    reconcile: STAFF,
    reservation: NOBODY,
    roles: ADMIN,
    stockLocations: STAFF,
    user: STAFF,
    users: STAFF,
    variant: EVERYBODY,
  },
  Mutation: {
    apiKeyCreate: ADMIN,
    apiKeyRevoke: ADMIN,
    apiKeyRotate: ADMIN,
    addressCreate: SIGNED_IN,
    addressDelete: SIGNED_IN,
    addressUpdate: SIGNED_IN,
    cartCreate: EVERYBODY,
    cartLineRemove: EVERYBODY,
    cartLineUpdate: EVERYBODY,
    cartLinesAdd: EVERYBODY,
    changePassword: SIGNED_IN,
    checkout: EVERYBODY,
    confirmEmailChange: SIGNED_IN,
    inventoryItemUpdate: ADMIN,
    locationUpsert: ADMIN,
    login: EVERYBODY,
    logout: SIGNED_IN,
    logoutAll: SIGNED_IN,
    orderCancel: SIGNED_IN,
    priceSet: ADMIN,
    productArchive: ADMIN,
    productCreate: ADMIN,
    productPublish: ADMIN,
    productUpdate: ADMIN,
    profileUpdate: SIGNED_IN,
    refreshToken: EVERYBODY,
    register: EVERYBODY,
    requestEmailChange: SIGNED_IN,
    requestPasswordReset: EVERYBODY,
    reservationCommit: NOBODY,
    reservationCreate: NOBODY,
    reservationRelease: NOBODY,
    resetPassword: EVERYBODY,
    revokeSession: SIGNED_IN,
    roleDelete: ADMIN,
    roleUpsert: ADMIN,
    stockAdjust: ADMIN,
    stockSet: ADMIN,
    stockThresholdSet: ADMIN,
    stockTransfer: ADMIN,
    userAnonymize: SIGNED_IN,
    userExport: SIGNED_IN,
    userSetRoles: ADMIN,
    userSetStatus: ADMIN,
    variantUpdate: ADMIN,
    variantsCreate: ADMIN,
    verifyEmail: EVERYBODY,
  },
};

let shop: TestShop;
let people: Record<Who, ShopgraphClient>;
let customer: SignedIn;
beforeAll(async () => {
  shop = await startTestShop();
  customer = await shop.signedIn('CUSTOMER');
  const [support, admin] = [await shop.signedIn('SUPPORT'), await shop.signedIn('ADMIN')];
  people = { anonymous: shop.anonymous, customer: customer.client, support: support.client, admin: admin.client };
});
afterAll(() => shop.close());

/** The codes that say that somebody may not; everything else, such as an unknown id, means that they may. */
async function refusalOf(client: ShopgraphClient, query: string): Promise<string | null> {
  const { errors } = await client.raw(parse(query));
  const codes = errors.map(({ extensions }) => extensions?.code);
  return codes.find((code) => code === 'UNAUTHENTICATED' || code === 'FORBIDDEN') ?? null;
}

describe.each(['Query', 'Mutation'] as const)('every field of %s', (operation) => {
  const names = Object.keys((schema.getType(operation) as GraphQLObjectType).getFields());

  it('has its row in the table of this test', () => {
    expect(Object.keys(ALLOWED[operation]).sort()).toEqual([...names].sort());
  });

  // Signing out first would leave nobody to ask the rest.
  it.each(names.filter((name) => !name.startsWith('logout')))('%s is for those whom the table names', async (name) => {
    const query = probe(schema, operation, name);
    const allowed = ALLOWED[operation][name] ?? [];
    const expected = EVERYBODY.map((who) => {
      if (allowed.includes(who)) return null;
      return who === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
    });
    // What is for services answers like what does not exist for anybody: FORBIDDEN or UNAUTHENTICATED by who asks.
    const refusals = await Promise.all(EVERYBODY.map((who) => refusalOf(people[who], query)));
    expect(Object.fromEntries(EVERYBODY.map((who, index) => [who, refusals[index]]))).toEqual(
      Object.fromEntries(EVERYBODY.map((who, index) => [who, expected[index]])),
    );
  });
});

describe("the gateway's rules", () => {
  const table = gatewayPermissions(noLimits);

  it('name nothing that the graph does not have', () => {
    expect(unknownNames(table, schema)).toEqual([]);
  });

  it('leave no field of the graph without one', () => {
    expect(unguardedFields(table, schema)).toEqual([]);
  });
});

const ENTITIES = 'query ($representations: [_Any!]!) { _entities(representations: $representations)';
const keys = [{ id: 'test', secret: 's'.repeat(32) }] as const;

/** One entity by its reference, asked of a subgraph itself. */
async function entity(
  service: 'users' | 'inventory' | 'orders' | 'products',
  viewer: Viewer,
  reference: object,
  selection: string,
) {
  const send = signedClient(shop.origins[service], keys, systemClock);
  const { data, errors = [] } = await send<{ _entities: unknown[] } | null>(
    viewer,
    `${ENTITIES} { ... on ${selection} } }`,
    { representations: [reference] },
  );
  return { value: data?._entities[0] ?? null, codes: errors.map(({ extensions }) => extensions.code) };
}

describe('what belongs to somebody else', () => {
  it('looks like what does not exist: an order, a cart, and their entities', async () => {
    const { sku } = await anOffer(people.admin);
    const { cart } = await aCart(customer.client, { sku, quantity: 1 });
    const { checkout } = await customer.client.checkout({ input: aCheckout({ cart, token: null }) });
    const { id, number } = checkout.order!;
    const stranger = (await shop.signedIn('CUSTOMER')).client;

    expect((await stranger.order({ id })).order).toBeNull();
    expect((await stranger.order({ number })).order).toBeNull();
    expect((await shop.anonymous.order({ id })).order).toBeNull();
    expect((await stranger.cart({ id: cart.id })).cart).toBeNull();
    expect((await people.support.order({ id })).order).toMatchObject({ number });

    const references = [{ id }, { number }].map((key) => ({ __typename: 'Order', ...key }));
    const { cart: open } = await aCart(customer.client, { sku, quantity: 1 });
    for (const viewer of [anonymous, aUser({ id: 'user_else' })]) {
      for (const reference of references) {
        expect(await entity('orders', viewer, reference, 'Order { email }')).toEqual({ value: null, codes: [] });
      }
      const reference = { __typename: 'Cart', id: open.id };
      expect(await entity('orders', viewer, reference, 'Cart { version }')).toEqual({ value: null, codes: [] });
    }
    for (const viewer of [aUser({ id: customer.id }), aUser({ permissions: ['order:read'] })]) {
      const { value } = await entity('orders', viewer, references[0] ?? {}, 'Order { number }');
      expect(value).toEqual({ number });
    }

    const cancelled = await stranger.orderCancel({ input: { id, idempotencyKey: 'not mine, key 1' } });
    const missing = await stranger.orderCancel({
      input: { id: 'ord_01jz0000000000000000000000', idempotencyKey: 'not mine, key 2' },
    });
    expect(cancelled.orderCancel).toEqual(missing.orderCancel);
    expect(cancelled.orderCancel).toMatchObject({ order: null, userErrors: [{ code: 'NOT_FOUND' }] });
  });
});

describe('through _entities, signed as the gateway signs', () => {
  const staff = (...permissions: Permission[]): Viewer => aUser({ id: 'user_staff', permissions });
  const all = Object.keys(PERMISSIONS) as Permission[];

  it('a user is seen by the user and by user:read, by nobody else', async () => {
    const reference = { __typename: 'User', id: customer.id };
    const selection = 'User { email }';
    const seen = { email: customer.email };
    expect((await entity('users', aUser({ id: customer.id }), reference, selection)).value).toEqual(seen);
    expect((await entity('users', staff('user:read'), reference, selection)).value).toEqual(seen);
    expect((await entity('users', aUser({ id: 'user_else' }), reference, selection)).value).toBeNull();
    expect((await entity('users', anonymous, reference, selection)).value).toBeNull();
  });

  it("a user's cart and orders are the user's", async () => {
    const { sku } = await anOffer(people.admin);
    await aCart(customer.client, { sku, quantity: 1 });
    const reference = { __typename: 'User', id: customer.id };
    const cart = (viewer: Viewer) => entity('orders', viewer, reference, 'User { cart { id } }');
    expect((await cart(aUser({ id: customer.id }))).value).toMatchObject({ cart: { id: expect.any(String) } });
    for (const viewer of [aUser({ id: 'user_else' }), anonymous]) {
      expect(JSON.stringify((await cart(viewer)).value)).not.toContain('cart_');
    }
  });

  it('stock figures are for inventory:read', async () => {
    const { sku } = await anOffer(people.admin);
    const reference = { __typename: 'InventoryItem', sku };
    const selection = 'InventoryItem { sku backorderLimit }';
    expect((await entity('inventory', staff('inventory:read'), reference, selection)).value).toMatchObject({ sku });
    expect(await entity('inventory', aUser(), reference, selection)).toEqual({ value: null, codes: ['FORBIDDEN'] });
    expect(await entity('inventory', anonymous, reference, selection)).toEqual({
      value: null,
      codes: ['UNAUTHENTICATED'],
    });
  });

  it('what is stocked of a variant is for inventory:read, whether it can be bought for everybody', async () => {
    const { slug } = await anOffer(people.admin);
    const { product } = await shop.anonymous.product({ slug });
    const reference = { __typename: 'ProductVariant', id: product!.variants.edges[0]?.node.id };
    const stock = 'ProductVariant { availability { inStock } inventoryItem { tracked } }';
    const availability = { inStock: true };
    expect(await entity('inventory', staff('inventory:read'), reference, stock)).toEqual({
      value: { availability, inventoryItem: { tracked: true } },
      codes: [],
    });
    for (const [viewer, code] of [[aUser(), 'FORBIDDEN'] as const, [anonymous, 'UNAUTHENTICATED'] as const]) {
      expect(await entity('inventory', viewer, reference, stock)).toEqual({
        value: { availability, inventoryItem: null },
        codes: [code],
      });
    }
  });

  it('drafts are for product:read', async () => {
    const { productCreate } = await people.admin.productCreate({
      input: { name: 'Draft of a thing', description: '', options: [] },
    });
    const reference = { __typename: 'Product', id: productCreate.product!.id };
    const selection = 'Product { name }';
    expect((await entity('products', staff('product:read'), reference, selection)).value).toEqual({
      name: 'Draft of a thing',
    });
    for (const viewer of [aUser(), anonymous, staff(...all.filter((name) => name !== 'product:read'))]) {
      expect(await entity('products', viewer, reference, selection)).toEqual({ value: null, codes: [] });
    }
  });
});
