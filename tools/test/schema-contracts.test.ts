import { buildSchema, type GraphQLSchema, parse, validateSchema } from 'graphql';
import { CompositionError } from '../src/schema-composition';
import { composeContract, contracts } from '../src/schema-contracts';
import { schemaFiles } from '../src/schema-files';
import { subgraphs } from '../src/subgraphs';
import { PRODUCTS, REVIEWS } from './serving';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@inaccessible", "@tag"])';
const subgraph = (name: string, sdl: string) => ({ name, url: `http://${name}/graphql`, typeDefs: parse(sdl) });
const shopfront = { name: 'public', excludes: ['internal', 'partner'] } as const;

const STOCK = subgraph(
  'stock',
  `${LINK}
  type Query { item(id: ID!, deep: Boolean @tag(name: "internal")): Item levels: [Level!]! @tag(name: "internal") }
  type Item @key(fields: "id") { id: ID! level: Level @tag(name: "partner") inStock: Boolean! notes: [Note!]! }
  type Level { units: Int! reason: Reason }
  enum Reason { COUNTED }
  interface Note { text: String! }
  type Warning implements Note { text: String! }`,
);
const MORE = subgraph('more', `${LINK} type Mutation { stockSet: Boolean @tag(name: "internal") }`);

describe('a contract', () => {
  it('leaves out what has one of its tags, and what nothing leads to any more', () => {
    const { api } = composeContract([STOCK, MORE], shopfront);
    expect(api).toBe(
      `type Item {
  id: ID!
  inStock: Boolean!
  notes: [Note!]!
}

interface Note {
  text: String!
}

type Query {
  item(id: ID!): Item
}

type Warning implements Note {
  text: String!
}`,
    );
  });

  it('keeps what has only other tags', () => {
    const { api } = composeContract([STOCK, MORE], { name: 'partner', excludes: ['internal'] });
    expect(api).toContain('level: Level');
    expect(api).not.toMatch(/levels|deep|stockSet|Mutation/);
  });

  it('is served by the whole supergraph: what is left out is still there for the planner', () => {
    const { supergraph } = composeContract([STOCK, MORE], shopfront);
    expect(supergraph).toMatch(/level: Level .*@inaccessible/);
    expect(supergraph).toMatch(/enum Reason[^{]*@inaccessible/);
  });

  it('is the whole where nothing has a tag', () => {
    const whole = [subgraph('products', PRODUCTS), subgraph('reviews', REVIEWS)];
    const { api, supergraph } = composeContract(whole, shopfront);
    expect(Object.keys(buildSchema(api).getQueryType()?.getFields() ?? {})).toEqual(['product', 'reviews']);
    expect(supergraph).not.toContain('inaccessible');
  });

  it('cannot be composed when what is left refers to what is left out, which it names', () => {
    const odd = subgraph('odd', `${LINK} type Query { a: A } type A @tag(name: "internal") { b: Int }`);
    const compose = () => composeContract([odd], shopfront);
    expect(compose).toThrow(CompositionError);
    expect(compose).toThrow(/contract public: REFERENCED_INACCESSIBLE: .*"A".*"Query\.a"/);
  });
});

describe("the shop's contracts", () => {
  const apis = new Map<string, GraphQLSchema>();
  beforeAll(async () => {
    const { files } = await schemaFiles(subgraphs);
    for (const [path, text] of files) if (path.endsWith('api.graphql')) apis.set(path, buildSchema(text));
  });
  const apiOf = (contract: string): GraphQLSchema =>
    apis.get(contract === '' ? 'schema/api.graphql' : `schema/contracts/${contract}.api.graphql`) ?? buildSchema('');
  const rootFields = (schema: GraphQLSchema): string[] =>
    [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
      Object.keys(type?.getFields() ?? {}),
    );

  const INTERNAL = [
    ...['auditLog', 'inventoryItem', 'lowStock', 'reconcile', 'reservation', 'roles', 'stockLocations'],
    ...['user', 'users', 'inventoryItemUpdate', 'locationUpsert', 'reservationCommit', 'reservationCreate'],
    ...['reservationRelease', 'roleDelete', 'roleUpsert', 'stockAdjust', 'stockSet', 'stockThresholdSet'],
    ...['stockTransfer', 'userSetRoles', 'userSetStatus', 'lowStockAlert', 'stockChanged'],
  ];
  const PARTNER = [
    ...['apiKeys', 'orders', 'apiKeyCreate', 'apiKeyRevoke', 'apiKeyRotate', 'priceSet', 'productArchive'],
    ...['productCreate', 'productPublish', 'productUpdate', 'variantUpdate', 'variantsCreate'],
  ];

  it.each([
    ['partner', INTERNAL],
    ['public', [...INTERNAL, ...PARTNER]],
  ])('%s leaves out exactly the root fields that are not for it', (contract, expected) => {
    const shown = new Set(rootFields(apiOf(contract)));
    expect(
      rootFields(apiOf(''))
        .filter((field) => !shown.has(field))
        .sort(),
    ).toEqual([...expected].sort());
  });

  it.each(contracts)('$name is a valid schema without a word about what it leaves out', ({ name }) => {
    const schema = apiOf(name);
    expect(validateSchema(schema)).toEqual([]);
    const hidden = ['AuditEntry', 'Role', 'StockLevel', 'Reservation', 'InventoryItem', 'UserFilter', 'AuditAction'];
    expect(hidden.filter((type) => schema.getType(type))).toEqual([]);
    expect(schema.getType('PriceChangedError')).toBeDefined();
  });

  it('public has neither API keys nor what permissions are called', () => {
    expect(['ApiKey', 'Permission', 'ProductCreateInput'].filter((type) => apiOf('public').getType(type))).toEqual([]);
    expect(apiOf('partner').getType('ApiKey')).toBeDefined();
  });
});
