import { createHash } from 'node:crypto';
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  type GraphQLFieldResolver,
  GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNullableType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  parse,
} from 'graphql';

export const FEDERATION = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@external", "@requires", "@provides", "@shareable", "@interfaceObject"])\n`;

/**
 * A graph with everything that plans are made of: entities with several keys, required and provided fields, abstract
 * types across subgraphs, an interface object, lists within lists, enums, scalars, arguments.
 */
export const MADE_UP_GRAPH: Readonly<Record<string, string>> = {
  catalog: /* GraphQL */ `
    scalar Json
    enum Colour {
      RED
      GREEN
      BLUE
    }
    interface Item @key(fields: "id") {
      id: ID!
      title: String
      colour: Colour
    }
    type Book implements Item @key(fields: "id") @key(fields: "isbn") {
      id: ID!
      isbn: String!
      title: String
      colour: Colour
      pages: Int!
      author: Person
      weight: Float
      size: Int
      related(first: Int = 2, kind: String): [Item!]
      grid: [[Item]]
      extra: Json
      sequel: Book
    }
    type Film implements Item @key(fields: "id") {
      id: ID!
      title: String
      colour: Colour
      minutes: Int
      director: Person!
      weight: Float
      size: Int
      cast: [Person]!
      sequel: Film
    }
    type Person @key(fields: "id") {
      id: ID!
    }
    union Thing = Book | Film | Person
    input Filter {
      colour: Colour = RED
      words: [String!]
      nested: Filter
    }
    type Query {
      book(id: ID = "1"): Book
      items(filter: Filter, first: Int = 3): [Item!]!
      things(first: Int! = 2): [Thing]
      film: Film!
      count: Int
    }
    type Mutation {
      rename(title: String!): Book
      touch: Int!
    }
  `,
  people: /* GraphQL */ `
    type Person @key(fields: "id") @key(fields: "email name") {
      id: ID!
      email: String!
      name: String!
      nick: String @shareable
      friends(first: Int = 2): [Person!]!
      bestFriend: Person
      favourite: Book
      address: Address
      tags: [String!]
    }
    type Address {
      street: String!
      city: City
    }
    type City @key(fields: "code country") {
      code: String!
      country: String!
    }
    type Book @key(fields: "isbn", resolvable: false) {
      isbn: String!
    }
    type Query {
      people(first: Int = 2): [Person]
      me(name: String): Person
      cities: [City!]
    }
    type Mutation {
      greet(name: String): Person
    }
  `,
  shipping: /* GraphQL */ `
    type Book @key(fields: "id") {
      id: ID!
      weight: Float @external
      size: Int @external
      cost(express: Boolean = false): Float @requires(fields: "weight size")
      boxes: [Box!]
      label: String! @requires(fields: "weight")
    }
    type Film @key(fields: "id") {
      id: ID!
      size: Int @external
      cost(express: Boolean = false): Float @requires(fields: "size")
    }
    type Box {
      width: Int!
      holds: [Book]
      owner: Person @provides(fields: "nick")
    }
    type Person @key(fields: "id") {
      id: ID!
      nick: String @external
      parcels: [Box]
    }
    type City @key(fields: "code country") {
      code: String!
      country: String!
      depots: [Depot]
      capital: Boolean
    }
    type Depot {
      name: String
      near: [City!]
    }
    type Query {
      boxes: [Box]
      depot: Depot
    }
  `,
  reviews: /* GraphQL */ `
    type Item @key(fields: "id") @interfaceObject {
      id: ID!
      stars: Int
      reviews(first: Int = 2): [Review!]
    }
    type Review @key(fields: "id") {
      id: ID!
      text: String
      item: Item!
      writer: Person
    }
    type Person @key(fields: "email name") {
      email: String!
      name: String!
      reviews: [Review!]!
      rank: Int
    }
    type Query {
      reviews: [Review]
      best: Item
    }
  `,
};

/** How often the graph misbehaves, in a thousand. */
export interface Moods {
  nulls: number;
  errors: number;
  missing: number;
}

const KEYS: Readonly<Record<string, (id: string) => Record<string, unknown>>> = {
  Person: (id) => ({ id, email: `${id}@example.com`, name: `name of ${id}` }),
  Book: (id) => ({ id, isbn: `isbn-${id}` }),
  Film: (id) => ({ id }),
  Item: (id) => ({ id }),
  Review: (id) => ({ id }),
  City: (id) => ({ code: `c${id}`, country: `x${id}` }),
};

/** The executable schema of a subgraph whose values follow from where they are, so that each is always the same. */
export function madeUpSubgraph(name: string, moods: Moods): GraphQLSchema {
  const typeDefs = parse(FEDERATION + (MADE_UP_GRAPH[name] ?? ''));
  const schema = buildSubgraphSchema({ typeDefs });
  for (const type of Object.values(schema.getTypeMap())) {
    if (type instanceof GraphQLInterfaceType) {
      type.resolveType = ({ __typename }) => __typename;
      const types = schema.getPossibleTypes(type);
      referenceBy(type, (reference, id) => ({
        ...reference,
        __typename: types[number('type', id) % types.length]?.name,
        $id: id,
      }));
    }
    if (isUnionType(type) && type.name !== '_Entity') type.resolveType = ({ __typename }) => __typename;
    if (!isObjectType(type) || type.name.startsWith('_')) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.name.startsWith('_')) continue;
      field.resolve = makeUp(schema, moods);
    }
    referenceBy(type, (reference, id) =>
      number('missing', type.name, id) % 1000 < moods.missing ? null : { ...reference, $id: id },
    );
  }
  return schema;
}

type Reference = Record<string, unknown>;

function referenceBy(
  { extensions }: GraphQLObjectType | GraphQLInterfaceType,
  resolve: (reference: Reference, id: string) => Reference | null,
): void {
  const resolveReference = (reference: Reference) => resolve(reference, idOf(reference));
  Object.assign(extensions, { apollo: { subgraph: { resolveReference } } });
}

function makeUp(schema: GraphQLSchema, moods: Moods): GraphQLFieldResolver<Record<string, unknown>, unknown> {
  return (source, args, _context, { parentType, fieldName, returnType }) => {
    const isRoot = ['Query', 'Mutation'].includes(parentType.name);
    const id = isRoot ? '' : idOf(source);
    const known = isRoot ? undefined : (KEYS[parentType.name]?.(id)[fieldName] ?? undefined);
    if (known !== undefined) return known;
    // What is required arrives with the reference, and decides the value of what requires it.
    const { $id: _id, __typename: _typename, ...required } = isRoot ? {} : source;
    const place = [isRoot ? parentType.name : '', id, fieldName, JSON.stringify(args)];
    const isShared = fieldName in required && !['id', 'isbn', 'email', 'name', 'code', 'country'].includes(fieldName);
    if (isShared) return required[fieldName];
    const depends = ['cost', 'label'].includes(fieldName) ? JSON.stringify(required) : '';
    if (number('error', ...place) % 1000 < moods.errors) throw new Error(`no ${fieldName} of ${id}`);
    return valueOf(returnType, [...place, depends], schema, moods);
  };
}

function valueOf(type: GraphQLOutputType, place: readonly string[], schema: GraphQLSchema, moods: Moods): unknown {
  if (!isNonNullType(type) && number('null', ...place) % 1000 < moods.nulls) return null;
  const inner = getNullableType(type);
  const chance = number('value', ...place);
  if (isListType(inner)) {
    return Array.from({ length: chance % 4 }, (_, index) =>
      valueOf(inner.ofType, [...place, String(index)], schema, moods),
    );
  }
  if (isEnumType(inner)) return inner.getValues()[chance % inner.getValues().length]?.value;
  if (isObjectType(inner) || isInterfaceType(inner) || isUnionType(inner)) {
    const types = isObjectType(inner) ? [inner] : schema.getPossibleTypes(inner);
    const id = String(chance % 7);
    const kind = KEYS[inner.name] === undefined ? chance : number('type', id);
    const isOwn = KEYS[inner.name] === undefined && isObjectType(inner);
    return { __typename: types[kind % types.length]?.name, $id: isOwn ? place.join('/').slice(0, 200) : id };
  }
  switch (inner.name) {
    case 'Int':
      return chance % 100;
    case 'Float':
      return (chance % 1000) / 10;
    case 'Boolean':
      return chance % 2 === 0;
    case 'Json':
      return { chance, list: [chance % 3, null], text: 'a "quoted" \u2028 text' };
    default:
      return `${place[2]} ${chance}${chance % 5 === 0 ? ' "\\\n\ud83d\ude00' : ''}`;
  }
}

/** Which thing it is, whatever key it is known by. */
function idOf(source: Record<string, unknown>): string {
  const { $id, id, isbn, email, code } = source as Record<string, string | undefined>;
  return $id ?? id ?? isbn?.replace('isbn-', '') ?? email?.replace('@example.com', '') ?? code?.slice(1) ?? '';
}

function number(...parts: readonly string[]): number {
  return createHash('md5').update(JSON.stringify(parts)).digest().readUInt32BE(0);
}
