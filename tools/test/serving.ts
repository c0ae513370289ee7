import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';

export const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])';

/** A schema that serves this SDL to the gateway. */
export function serving(sdl: string): GraphQLSchema {
  const service = new GraphQLObjectType({ name: '_Service', fields: { sdl: { type: GraphQLString } } });
  const fields = { _service: { type: service, resolve: () => ({ sdl }) } };
  return new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields }) });
}

/** Two subgraphs that fit together, everything described. */
export const PRODUCTS = `${LINK}
  type Query { "One product." product("Its id." id: ID!): Product }
  "What is sold." type Product @key(fields: "id") { "Its id." id: ID! "Its name." name: String! }`;
export const REVIEWS = `${LINK}
  type Query { "All reviews." reviews("How many." first: Int = 10): [Review!]! }
  "An opinion." type Review @key(fields: "id") { "Its id." id: ID! "About what." product: Product! "How good." stars: Stars! }
  "What is sold." type Product @key(fields: "id", resolvable: false) { "Its id." id: ID! }
  "From bad to good." enum Stars { "Good." TWO "Bad." ONE }`;

export const fixtures = [
  { name: 'reviews', port: 5002, schema: () => serving(REVIEWS) },
  { name: 'products', port: 5001, schema: () => serving(PRODUCTS) },
];
