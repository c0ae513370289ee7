import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createShopgraphClient } from '@shopgraph/client';
import { eventually } from '@shopgraph/kit/testing';
import { buildSchema, type GraphQLField, type GraphQLObjectType, parse } from 'graphql';
import type { createConnection } from 'mongoose';
import { request } from 'undici';
import { badValuesFor } from './support/bad-values';
import { digestOf } from './support/database-digest';
import { type InputLeaf, leavesOf, variablesFor, withValue } from './support/input-leaves';
import { type KnownThings, plausible } from './support/plausible-values';
import { faultOf, type MutationAnswer } from './support/refusal-faults';
import { aCart, aCheckout, anOffer } from './support/shop-builders';
import { PASSWORD, startTestShop, type TestShop } from './support/start-test-shop';

const schema = buildSchema(readFileSync(join(__dirname, '../schema/api.graphql'), 'utf8'));
const mutations = (schema.getType('Mutation') as GraphQLObjectType).getFields();

/** What no client may do, whatever it gives: refused by who asks, before the input is looked at. */
const FOR_SERVICES = ['reservationCommit', 'reservationCreate', 'reservationRelease'];
/** What changes without anybody's doing, as `database.collection`, and why. */
const CHANGES_BY_ITSELF = [
  // Expires, and is published, in the background.
  ...['users', 'products', 'inventory', 'orders'].flatMap((service) => [`${service}.outbox`, `${service}.leases`]),
];
/** Longer than any refusal takes, also on a busy machine. */
const PATIENCE_MS = 5_000;

const SERVICES = ['users', 'products', 'inventory', 'orders'] as const;

let shop: TestShop;
let token: string;
let databases: Record<string, ReturnType<typeof createConnection>>;
let known: KnownThings;

beforeAll(async () => {
  shop = await startTestShop();
  const { client, email, id: userId } = await shop.signedIn('ADMIN');
  const offer = await anOffer(client);
  const { sku } = offer;
  const { cart } = await aCart(client, { sku, quantity: 1 });
  const { checkout } = await client.checkout({ input: aCheckout({ cart, token: null }) });
  const open = (await aCart(client, { sku, quantity: 1 })).cart;
  const { product } = await client.product({ slug: offer.slug });
  const input = { name: 'Ada', line1: '1', city: 'Porto', country: 'PT' };
  const { addressCreate } = await client.addressCreate({ input });
  const ids = {
    addr: addressCreate.address?.id ?? '',
    cart: open.id,
    line: open.lines[0]?.id ?? '',
    loc: 'loc_00000000000000000000000000',
    ord: checkout.order?.id ?? '',
    prod: offer.productId,
    user: userId,
    var: product?.variants.edges[0]?.node.id ?? '',
  };
  expect(Object.values(ids)).not.toContain('');
  known = { ids, sku };

  token = (await client.login({ input: { email, password: PASSWORD } })).login.accessToken ?? '';
  databases = Object.fromEntries(
    await Promise.all(SERVICES.map(async (service) => [service, await shop.database(service)] as const)),
  );
  // What the seeding has begun comes to its end.
  await eventually(async () => {
    const before = await digest();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await digest()).toEqual(before);
  });
});
afterAll(() => shop.close());

const digest = () => digestOf(databases, CHANGES_BY_ITSELF);

async function send(name: string, variables: object): Promise<MutationAnswer> {
  const field = mutations[name]!;
  const given = field.args.filter((argument) => Object.hasOwn(variables, argument.name));
  const declared = given.map((argument) => `$${argument.name}: ${String(argument.type)}`).join(', ');
  const passed = given.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
  const query = `mutation (${declared}) { ${name}(${passed}) { userErrors { code field } } }`;
  const response = await request(shop.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const body = (await response.body.json()) as {
    data?: Record<string, { userErrors: MutationAnswer['userErrors'] } | null> | null;
    errors?: MutationAnswer['errors'];
  };
  return { status: response.statusCode, errors: body.errors ?? [], userErrors: body.data?.[name]?.userErrors ?? [] };
}

/** The prefixes of the ids that a mutation takes, as its refusals tell them. */
async function prefixesOf(name: string, field: GraphQLField<unknown, unknown>, leaves: readonly InputLeaf[]) {
  const prefixes = new Map<string, string>();
  for (const leaf of leaves.filter(({ type }) => type.name === 'ID')) {
    const variables = variablesFor(field, leaf.path, (place) =>
      place.type.name === 'ID' ? 'nothing_01jz0000000000000000000000' : plausible(place, prefixes, known),
    );
    const { errors } = await send(name, variables);
    for (const { path, message } of errors.flatMap(({ extensions }) => extensions?.fields ?? [])) {
      const [, prefix] = /starts with (\w+)_/.exec(message) ?? [];
      if (prefix !== undefined) prefixes.set(path.join('.'), prefix);
    }
  }
  return prefixes;
}

/** Works on all items, on no more than 16 at once, so that none waits for long. */
async function someAtATime<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>) {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += 16) {
    results.push(...(await Promise.all(items.slice(start, start + 16).map(work))));
  }
  return results;
}

describe('every mutation', () => {
  const names = Object.keys(mutations).filter((name) => mutations[name]!.args.length > 0);

  it.each(names.filter((name) => !FOR_SERVICES.includes(name)))(
    '%s refuses by its name whatever is not what it is for, and changes nothing',
    async (name) => {
      const field = mutations[name]!;
      const leaves = leavesOf(field);
      const prefixes = await prefixesOf(name, field, leaves);
      const before = await digest();
      const cases = leaves.flatMap((leaf) => badValuesFor(name, leaf).map((bad) => ({ leaf, bad })));
      expect(cases.length).toBeGreaterThan(0);
      const faults = await someAtATime(cases, async ({ leaf: { path }, bad }) => {
        const variables = variablesFor(field, path, (place) => plausible(place, prefixes, known));
        return faultOf(await send(name, withValue(variables, path, bad.value)), path, bad);
      });
      expect(faults.filter((fault) => fault !== null)).toEqual([]);
      expect(await digest()).toEqual(before);
    },
  );

  it.each(FOR_SERVICES)('%s is refused whatever is given', async (name) => {
    const { errors } = await send(
      name,
      variablesFor(mutations[name]!, [], (leaf) => plausible(leaf, new Map(), known)),
    );
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it('is refused before it is read when its input takes 10 MB', async () => {
    const before = await digest();
    for (const name of ['register', 'productCreate', 'checkout']) {
      const { status, errors } = await send(name, { input: { name: 'x'.repeat(10_000_000) } });
      expect({ status, errors }).toMatchObject({
        status: 413,
        errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }],
      });
    }
    expect(await digest()).toEqual(before);
  });
});

describe('a text in any script, with emoji and the signs of queries', () => {
  const text = 'עדה 👩‍🚀 می‌خواهم <3 O’Neil {"$gt":""} $where __proto__';
  const address = `name: $text, line1: $text, line2: $text, city: $text, region: $text, country: "PT"`;

  it.each([
    ['a name', 'profileUpdate(input: { name: $text }) { user { name } }', { user: { name: text } }],
    [
      'an address',
      `addressCreate(input: { ${address} }) { address { name line1 line2 city region } }`,
      { address: { name: text, line1: text, line2: text, city: text, region: text } },
    ],
    [
      'a product',
      'productCreate(input: { name: $text, options: [{ name: $text, values: [$text] }] }) { product { name options { name values } } }',
      { product: { name: text, options: [{ name: text, values: [text] }] } },
    ],
    ['a location', 'locationUpsert(input: { name: $text }) { location { name } }', { location: { name: text } }],
    [
      'a role',
      'roleUpsert(input: { id: "READERS", name: $text, permissions: [] }) { role { name } }',
      { role: { name: text } },
    ],
    [
      'an API key',
      'apiKeyCreate(input: { name: $text, scopes: [PRODUCT_READ] }) { apiKey { name } }',
      { apiKey: { name: text } },
    ],
  ])('is kept as it is: %s', async (_what, selection, expected) => {
    const client = createShopgraphClient({ url: shop.url, getToken: () => token });
    const { data, errors } = await client.raw(parse(`mutation ($text: String!) { result: ${selection} }`), { text });
    expect(errors).toEqual([]);
    expect(data).toEqual({ result: expected });
  });
});
