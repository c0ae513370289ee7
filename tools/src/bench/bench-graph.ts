import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper';
import type { GraphQLFieldResolver } from 'graphql';

const FEDERATION =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires"])\n';
const CATALOG_SIZE = 100;

/** One subgraph of the graph that gateways are measured on. */
export interface BenchSubgraph {
  readonly name: string;
  readonly typeDefs: string;
  readonly resolvers?: GraphQLResolverMap<unknown>;
  /** Of fields that have none of their own. */
  readonly fieldResolver?: GraphQLFieldResolver<never, unknown, never>;
}

/** What gateways are asked. */
export interface Operation {
  readonly query: string;
  readonly variables: object;
}

const users = Array.from({ length: 50 }, (_, index) => ({
  id: String(index),
  name: `Customer Number ${index}`,
  username: `customer${index}`,
}));
const products = Array.from({ length: CATALOG_SIZE }, (_, index) => ({
  upc: `c${index}`,
  name: `Catalogue product ${index}`,
  price: 100 + index * 7,
  weight: 10 + index,
  description: `A very nice thing number ${index}`,
}));
/** Two of each product. */
const reviews = products.flatMap(({ upc }, index) =>
  [0, 1].map((copy) => ({
    id: `${upc}-${copy}`,
    upc,
    authorId: String((index * 2 + copy) % users.length),
    body: `Review ${copy} of product ${index}`,
  })),
);

const byId = new Map(users.map((user) => [user.id, user]));
const byUpc = new Map(products.map((product) => [product.upc, product]));

/** A graph of the usual shape: products, their reviews with authors, and a field that requires others. */
export const benchGraph: readonly BenchSubgraph[] = [
  {
    name: 'users',
    typeDefs: `${FEDERATION}
      type Query { users(first: Int = 5): [User] }
      type User @key(fields: "id") { id: ID! name: String username: String }`,
    resolvers: {
      Query: { users: (_root: unknown, { first }: { first: number }) => users.slice(0, first) },
      User: { __resolveReference: ({ id }: { id: string }) => byId.get(id) },
    },
  },
  {
    name: 'products',
    typeDefs: `${FEDERATION}
      type Query { catalog(first: Int = 10): [Product] }
      type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int description: String }`,
    resolvers: {
      Query: { catalog: (_root: unknown, { first }: { first: number }) => products.slice(0, first) },
      Product: { __resolveReference: ({ upc }: { upc: string }) => byUpc.get(upc) },
    },
  },
  {
    name: 'reviews',
    typeDefs: `${FEDERATION}
      type Query { reviewCount: Int }
      type Review @key(fields: "id") { id: ID! body: String author: User product: Product }
      type User @key(fields: "id") { id: ID! reviews: [Review] }
      type Product @key(fields: "upc") { upc: String! reviews: [Review] }`,
    resolvers: {
      Query: { reviewCount: () => reviews.length },
      Review: {
        author: ({ authorId }: { authorId: string }) => ({ id: authorId }),
        product: ({ upc }: { upc: string }) => ({ upc }),
      },
      User: { reviews: ({ id }: { id: string }) => reviews.filter(({ authorId }) => authorId === id) },
      Product: { reviews: ({ upc }: { upc: string }) => reviews.filter((review) => review.upc === upc) },
    },
  },
  {
    name: 'inventory',
    typeDefs: `${FEDERATION}
      type Query { warehouses: [String] }
      type Product @key(fields: "upc") {
        upc: String! weight: Int @external price: Int @external
        inStock: Boolean shippingEstimate: Int @requires(fields: "price weight")
      }`,
    resolvers: {
      Query: { warehouses: () => ['a', 'b'] },
      Product: {
        __resolveReference: (reference: { upc: string }) => reference,
        inStock: ({ upc }: { upc: string }) => (byUpc.get(upc)?.weight ?? 0) % 3 !== 0,
        shippingEstimate: ({ price, weight }: { price: number; weight: number }) =>
          price > 500 ? 0 : Math.round(weight / 2),
      },
    },
  },
];

/** From one fetch to a plan of many. */
export const benchQueries: Readonly<Record<string, Operation>> = {
  'Q1: one subgraph': {
    query: 'query Q1($first: Int) { catalog(first: $first) { upc name price weight description } }',
    variables: { first: 10 },
  },
  'Q2: a page of products': {
    query: `query Q2($first: Int) {
      catalog(first: $first) { upc name price inStock reviews { id body author { id username name } } } }`,
    variables: { first: 12 },
  },
  'Q3: deep, many fetches': {
    query: `query Q3($users: Int, $products: Int) {
      users(first: $users) { ...Author reviews { id body product { ...Thing reviews { id body author { ...Author reviews { id product { ...Thing } } } } } } }
      catalog(first: $products) { ...Thing reviews { id body author { ...Author reviews { id body product { ...Thing } } } } }
    }
    fragment Author on User { id username name }
    fragment Thing on Product { upc name price weight inStock shippingEstimate }`,
    variables: { users: 5, products: 5 },
  },
};
