import { open } from '../shop';
import { startShop } from '../start-gateway';
import type { SubgraphDefinition } from '../start-subgraph';

/** A shelf of things: `thing` costs 100, `things` one for each and one for their page, `mend` 10 more. */
const shelf: SubgraphDefinition = {
  name: 'shelf',
  link: /* GraphQL */ `
    extend schema
      @link(
        url: "https://specs.apollo.dev/federation/v2.9"
        import: [{ name: "@cost", as: "@price" }, { name: "@listSize", as: "@sized" }]
      )
  `,
  typeDefs: /* GraphQL */ `
    type Thing {
      name: String
    }
    type ThingPage {
      nodes: [Thing!]!
    }
    type Query {
      thing: Thing @price(weight: 100)
      things(first: Int): ThingPage
        @sized(slicingArguments: ["first"], sizedFields: ["nodes"], assumedSize: 20, requireOneSlicingArgument: false)
      sliced(first: Int): [Thing!] @sized(slicingArguments: ["first"])
    }
    type Mutation {
      mend: Thing
    }
  `,
  resolvers: {
    Query: {
      thing: () => ({ name: 'cup' }),
      things: () => ({ nodes: [{ name: 'cup' }] }),
      sliced: () => [{ name: 'cup' }],
    },
    Mutation: { mend: () => ({ name: 'cup' }) },
  },
};

/** What `THING` costs. */
export const THING_COST = 100;
export const THING = '{ thing { name } }';

/** The shelf behind a gateway that enforces costs: ten things for each user, two more every second. */
export function startShelf(environment: Record<string, string> = {}) {
  const settings = {
    DEMAND_CONTROL: 'enforce',
    // So that every operation that was paid for is seen.
    SUBGRAPH_SINGLE_FLIGHT: 'off',
    COST_BUDGET_USER: `${10 * THING_COST}/${2 * THING_COST}`,
    COST_BUDGET_ANONYMOUS: `${3 * THING_COST}/${THING_COST}`,
    ...environment,
  };
  return startShop(settings, [shelf], () => ({
    Query: open('thing', 'things', 'sliced'),
    Mutation: open('mend'),
    Thing: open('*'),
    ThingPage: open('*'),
  }));
}

export type Shelf = Awaited<ReturnType<typeof startShelf>>;
