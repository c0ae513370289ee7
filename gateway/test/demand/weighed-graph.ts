import { buildSchema, Kind, parse } from 'graphql';
import { CostEstimator } from '../../src/demand/cost-estimator';

/** A graph that has something for every rule; its lists have 10 items where it does not say how many. */
export const WEIGHED = /* GraphQL */ `
  directive @cost(
    weight: Int!
  ) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(
    assumedSize: Int
    slicingArguments: [String!]
    sizedFields: [String!]
    requireOneSlicingArgument: Boolean = true
  ) on FIELD_DEFINITION

  interface Named {
    name: String
    friends: [Named!]! @listSize(assumedSize: 2)
  }
  type Person implements Named @cost(weight: 3) {
    name: String
    friends: [Named!]!
    mood: Mood
    secret: Secret
    cat: Cat
  }
  type Cat implements Named {
    name: String
    friends: [Named!]!
    lives: Int @cost(weight: 4)
    owner: Person @cost(weight: 7)
  }
  union Found = Person | Cat
  enum Mood @cost(weight: 2) {
    GOOD
    BAD
  }
  scalar Secret @cost(weight: 5)

  type PageInfo {
    more: Boolean
  }
  type Edge {
    node: Cat
  }
  type CatConnection {
    edges: [Edge!]!
    nodes: [Cat!]!
    others: [Cat!]!
    pageInfo: PageInfo
  }
  input Text {
    contains: String @cost(weight: 8)
    and: [Text!]
    mood: Mood
  }
  input Page {
    first: Int
  }
  input Search {
    page: Page
  }
  type Query {
    cat: Cat
    names: [String]
    cats: [Cat!]!
    board: [[Cat]]
    five: [Cat] @listSize(assumedSize: 5)
    pages(first: Int, last: Int): CatConnection
      @listSize(
        slicingArguments: ["first", "last"]
        sizedFields: ["edges", "nodes"]
        assumedSize: 20
        requireOneSlicingArgument: false
      )
    strict(first: Int, last: Int): CatConnection @listSize(slicingArguments: ["first", "last"], sizedFields: ["edges"])
    defaulted(first: Int = 30): [Cat] @listSize(slicingArguments: ["first"])
    sliced(first: Int): [Cat] @listSize(slicingArguments: ["first"], requireOneSlicingArgument: false)
    nested(search: Search): [Cat] @listSize(slicingArguments: ["search.page.first"], requireOneSlicingArgument: false)
    named: Named
    found: [Found] @listSize(assumedSize: 3)
    dear: Cat @cost(weight: 50)
    numbers: [Int] @cost(weight: 2) @listSize(assumedSize: 4)
    weigh(text: Text, texts: [Text!], mood: Mood, exact: Boolean = true @cost(weight: 6)): Int
    cheap(approximately: Boolean @cost(weight: -40)): Cat @cost(weight: 30)
  }
  type Mutation {
    rename: Cat
    pay: Cat @cost(weight: 100)
  }
`;

const schema = buildSchema(WEIGHED);

/** What an operation on the graph costs, or does not keep. */
export function weigher() {
  const estimator = new CostEstimator(10);
  estimator.takeOver(schema, WEIGHED);
  return (query: string, variables: Record<string, unknown> = {}, name?: string) => {
    const document = parse(query);
    const operation = document.definitions.find(
      (definition) =>
        definition.kind === Kind.OPERATION_DEFINITION && (name === undefined || definition.name?.value === name),
    );
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('there is no operation');
    return estimator.estimate({ schema, document, operation, queryHash: query, variables });
  };
}
