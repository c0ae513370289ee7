import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { persistedQueryFiles } from '../src/persisted-queries-files';
import { readOperations } from '../src/persisted-queries-operations';

const api = buildSchema(`
  type Query { "One product.\\nOr none." product(id: ID): String "The viewer." me: String }
  type Mutation { logout: String "Orders." checkout(input: CheckoutInput!): String pay(idempotencyKey: String!): String }
  type Subscription { changed: String }
  input CheckoutInput { cartId: ID! idempotencyKey: String! }`);

const ME = '\n    query me {\n  me\n}\n    ';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shopgraph-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

let modules = 0;
async function read(documents: Readonly<Record<string, string>>) {
  const file = join(folder, `operations-${(modules += 1)}.ts`);
  const exported = Object.entries(documents).map(
    ([name, text]) => `export const ${name} = new String(${JSON.stringify(text)});`,
  );
  await writeFile(file, exported.join('\n'));
  return readOperations(file, api);
}

describe('an operation', () => {
  it('is known by the hash of exactly what the client sends', async () => {
    const [me] = await read({ MeDocument: ME, MeFragmentDoc: 'fragment Me on Query { me }' });
    expect(me).toEqual({
      name: 'me',
      kind: 'query',
      body: ME,
      hash: createHash('sha256').update(ME).digest('hex'),
      document: 'MeDocument',
      description: 'The viewer.',
      needsVariables: false,
      repeatable: true,
    });
  });

  it.each([
    ['a query', 'query q { me }', true],
    ['a subscription', 'subscription s { changed }', true],
    ['a mutation', 'mutation m { logout }', false],
    ['a mutation whose input takes an idempotency key', 'mutation m($i: CheckoutInput!) { checkout(input: $i) }', true],
    ['a mutation that takes an idempotency key itself', 'mutation m($k: String!) { pay(idempotencyKey: $k) }', true],
  ])('may be repeated or not: %s', async (_what, text, repeatable) => {
    expect(await read({ ADocument: text })).toMatchObject([{ repeatable }]);
  });

  it.each([
    ['none', 'query q { me }', false],
    ['only some that may be left out', 'query q($id: ID) { product(id: $id) }', false],
    ['only some with a default', 'query q($id: ID! = 1) { product(id: $id) }', false],
    ['some', 'query q($id: ID!) { product(id: $id) }', true],
  ])('needs variables when it must be given %s', async (_what, text, needsVariables) => {
    expect(await read({ ADocument: text })).toMatchObject([{ needsVariables }]);
  });

  it.each([
    ['no name', '{ me }', 'named'],
    ['two root fields', 'query q { me product }', 'one root field'],
    ['a field that does not exist', 'query q { us }', 'one root field'],
  ])('is refused with %s', async (_what, text, reason) => {
    await expect(read({ ADocument: text })).rejects.toThrow(reason);
  });
});

describe('the files', () => {
  it('are a manifest by hash, and a method for each operation in the order of names', async () => {
    const operations = await read({
      ProductDocument: 'query product($id: ID!) { product(id: $id) }',
      MeDocument: ME,
      LogoutDocument: 'mutation logout { logout }',
      ChangedDocument: 'subscription changed { changed }',
    });
    const files = persistedQueryFiles(operations);
    expect(Object.values(JSON.parse(files.get('packages/client/persisted-queries.json') ?? ''))).toEqual([
      { name: 'changed', body: 'subscription changed { changed }' },
      { name: 'logout', body: 'mutation logout { logout }' },
      { name: 'me', body: ME },
      { name: 'product', body: 'query product($id: ID!) { product(id: $id) }' },
    ]);
    const sdk = files.get('packages/client/src/generated/sdk.ts') ?? '';
    expect(sdk).toContain(
      '  /** One product. Or none. */\n  product(variables: graphql.ProductQueryVariables, options?: CallOptions): Promise<graphql.ProductQuery>;',
    );
    expect(sdk).toContain('  me(variables?: graphql.MeQueryVariables, options?: CallOptions)');
    expect(sdk).toContain('logout(variables?: graphql.LogoutMutationVariables');
    expect(sdk).toContain(
      '  changed(variables?: graphql.ChangedSubscriptionVariables, options?: SubscribeOptions): AsyncGenerator<graphql.ChangedSubscription, void, undefined>;',
    );
    expect(sdk).toContain('    changed: (variables, options) => subscribe(operations.changed, variables, options),');
  });
});
