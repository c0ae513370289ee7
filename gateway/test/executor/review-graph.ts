import { startHttpGraph } from './http-graph';

const USERS = [
  { id: 'u0', name: 'Ada', email: 'ada@example.com', role: 'ADMIN', age: 36 },
  { id: 'u1', name: 'Bob', email: null, role: 'CUSTOMER', age: 20 },
];
const REVIEWS = Array.from({ length: 20 }, (_, index) => ({
  id: `r${index}`,
  text: `text ${index}`,
  author: { id: `u${index % 2}` },
}));

/** Twenty reviews by two people, in two subgraphs, and what each of these can change. */
export const startReviewGraph = (environment?: Readonly<Record<string, string>>) =>
  startHttpGraph(
    {
      reviews: [
        `type Query { reviews(first: Int = 20): [Review!] best: Review strict: Review! }
         type Mutation { review(text: String!): Review }
         type Review { id: ID! text: String author: User by: User! }
         type User @key(fields: "id") { id: ID! reviews(first: Int = 1): [Review!] rank: Int! }`,
        {
          Query: {
            reviews: (_: unknown, { first }: { first: number }) => REVIEWS.slice(0, first),
            best: () => REVIEWS[0],
            strict: () => REVIEWS[1],
          },
          Mutation: { review: (_: unknown, { text }: { text: string }) => ({ ...REVIEWS[0], text }) },
          Review: { by: ({ author }: { author: object }) => author },
          User: {
            reviews: (_: unknown, { first }: { first: number }) => REVIEWS.slice(0, first),
            rank: ({ id }: { id: string }) => Number(id.slice(1)),
          },
        },
      ],
      users: [
        `enum Role { ADMIN CUSTOMER } scalar Json input Search { role: Role! = ADMIN any: [Search!] words: [String] }
         type Query { me: User users: [User!]! search(by: Search!, limit: Int! = 2): String }
         type Mutation { rename(name: String!): User touch: Int! }
         type User @key(fields: "id") { id: ID! name: String! email: String age: Int height: Float role: Role active: Boolean tags: [String!] more: Json }`,
        {
          Query: { me: () => USERS[0], users: () => USERS, search: (_: unknown, args: object) => JSON.stringify(args) },
          Mutation: { rename: (_: unknown, { name }: { name: string }) => ({ ...USERS[0], name }), touch: () => 1 },
          User: { __resolveReference: ({ id }: { id: string }) => USERS.find((user) => user.id === id) },
        },
      ],
    },
    environment,
  );
