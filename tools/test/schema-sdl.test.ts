import { buildASTSchema, GraphQLObjectType, GraphQLSchema, GraphQLString, parse, print } from 'graphql';
import { sortSdl } from '../src/schema-sorting';
import { subgraphSdl } from '../src/schema-sdl';
import { LINK, serving } from './serving';

describe('the SDL of a subgraph', () => {
  it('holds its own definitions and the federation link', async () => {
    const served = `
      schema @link(url: "https://specs.apollo.dev/link/v1.0") { query: Query }
      ${LINK}
      directive @link(url: String, import: [link__Import]) repeatable on SCHEMA
      directive @key(fields: federation__FieldSet!) repeatable on OBJECT
      directive @shareable on OBJECT
      directive @federation__external on OBJECT
      directive @ours on OBJECT
      scalar link__Import
      scalar federation__FieldSet
      scalar _Any
      enum link__Purpose { SECURITY }
      union _Entity = Product
      type _Service { sdl: String }
      type Query { product: Product _entities(representations: [_Any!]!): [_Entity]! _service: _Service! }
      "What is sold." type Product @key(fields: "id") @ours { id: ID! }`;
    expect(print(await subgraphSdl(serving(served)))).toBe(
      print(
        parse(`${LINK}
          directive @ours on OBJECT
          "What is sold." type Product @key(fields: "id") @ours { id: ID! }
          type Query { product: Product }`),
      ),
    );
  });

  it('cannot be had from a schema without federation', async () => {
    const fields = { hello: { type: GraphQLString } };
    const schema = new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields }) });
    await expect(subgraphSdl(schema)).rejects.toThrow('_service');
  });
});

describe('sorting', () => {
  const unsorted = `
    type Query implements B & A { z(b: Int, a: Int): Int a: Int }
    union U = Y | X
    interface B { a: Int }
    input I { b: Int = 2 a: Int }
    enum E { B A }
    interface A { a: Int }
    type Y { a: Int } type X { a: Int }
    directive @d(b: Int, a: Int) on OBJECT`;
  const sorted = `
    directive @d(b: Int, a: Int) on OBJECT
    interface A { a: Int }
    interface B { a: Int }
    enum E { A B }
    input I { a: Int b: Int = 2 }
    type Query implements A & B { a: Int z(a: Int, b: Int): Int }
    union U = X | Y
    type X { a: Int } type Y { a: Int }`;

  it('puts everything that has a name in the order of names', () => {
    expect(print(sortSdl(parse(unsorted)))).toBe(print(parse(sorted)));
  });

  it('changes nothing of what the schema means', () => {
    const fields = Object.keys(
      buildASTSchema(sortSdl(parse(unsorted)))
        .getQueryType()
        ?.getFields() ?? {},
    );
    expect(fields).toEqual(['a', 'z']);
  });

  it('keeps the order of directives', () => {
    const text = 'type P @key(fields: "sku") @key(fields: "id") { id: ID! sku: ID! }';
    expect(print(sortSdl(parse(text)))).toBe(print(parse(text)));
  });
});
