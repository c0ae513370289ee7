import { randomUUID } from 'node:crypto';
import {
  allow,
  type Call,
  DomainError,
  type EventBus,
  isPermitted,
  type Permission,
  type Redis,
  signingKeysSchema,
  type Viewer,
} from '@shopgraph/kit';
import { eventually, FakeClock, startTestBus, startTestRedis } from '@shopgraph/kit/testing';
import { request } from 'undici';
import type { gatewayPermissions } from '../../src/access/permissions';
import { open } from '../shop';
import { SIGNING_KEYS, startGatewayFor } from '../start-gateway';
import { startSubgraph, type SubgraphDefinition } from '../start-subgraph';

type Hint = { readonly maxAge: number; readonly scope: 'PUBLIC' | 'PRIVATE' } | null;

/** What the subgraphs hold, to be changed by tests. */
export function aStock() {
  return {
    names: new Map([1, 2, 3, 4].map((number) => [`prod_${number}`, `Thing ${number}`])),
    quantities: new Map([1, 2, 3, 4].map((number) => [`prod_${number}`, number * 10])),
    /** Products whose quantity cannot be told. */
    broken: new Set<string>(),
    /** How the quantity may be kept. */
    hint: { maxAge: 60, scope: 'PUBLIC' } as Hint,
  };
}

function keep(info: unknown, hint: Hint): void {
  const { cacheControl } = info as { cacheControl: { setCacheHint: (hint: object) => void } };
  if (hint) cacheControl.setCacheHint(hint);
}

function viewerOf(call: unknown): Viewer {
  return (call as Call).viewer;
}

function nameOf(call: unknown): string {
  const viewer = viewerOf(call);
  return 'id' in viewer ? viewer.id : viewer.kind;
}

/** Products and their stock, public but for those who may see drafts, and what belongs to one viewer. */
export function subgraphsOf(stock: ReturnType<typeof aStock>): readonly SubgraphDefinition[] {
  const product = (id: string) => (stock.names.has(id) ? { id } : null);
  const products: SubgraphDefinition = {
    name: 'products',
    typeDefs: /* GraphQL */ `
      type Product @key(fields: "id") {
        id: ID!
        name: String
        label: String
      }
      type Query {
        products(first: Int = 4): [Product!]!
        product(id: ID!): Product
        greeting: String
      }
      type Mutation {
        rename(id: ID!, name: String!): Product
      }
    `,
    resolvers: {
      Query: {
        products(_root: unknown, { first }: { first: number }, call: unknown, info: unknown) {
          const seesDrafts = isPermitted(viewerOf(call), 'product:read');
          keep(info, seesDrafts ? null : { maxAge: 60, scope: 'PUBLIC' });
          return [...stock.names.keys()].slice(0, first).map((id) => ({ id }));
        },
        product(_root: unknown, { id }: { id: string }, _call: unknown, info: unknown) {
          keep(info, { maxAge: 60, scope: 'PUBLIC' });
          return product(id);
        },
        greeting: (_root: unknown, _args: unknown, call: unknown, info: unknown) => {
          keep(info, { maxAge: 60, scope: 'PRIVATE' });
          return `Hello ${nameOf(call)}`;
        },
      },
      Product: {
        name: ({ id }: { id: string }) => stock.names.get(id),
        // Whoever sees drafts sees more, and says nothing of it: as public as for everybody.
        label: ({ id }: { id: string }, _args: unknown, call: unknown) =>
          isPermitted(viewerOf(call), 'product:write') ? `${id} (secret)` : id,
      },
      Mutation: {
        rename(_root: unknown, { id, name }: { id: string; name: string }, _call: unknown, info: unknown) {
          keep(info, { maxAge: 60, scope: 'PUBLIC' });
          stock.names.set(id, name);
          return { id };
        },
      },
    },
  };
  const inventory: SubgraphDefinition = {
    name: 'inventory',
    typeDefs: /* GraphQL */ `
      type Product @key(fields: "id") {
        id: ID!
        quantity(unit: String = "piece"): Int
        reserved: String
      }
    `,
    resolvers: {
      Product: {
        __resolveReference: (reference: { id: string }, _call: unknown, info: unknown) => {
          keep(info, stock.hint);
          return reference.id === 'prod_gone' ? null : reference;
        },
        quantity({ id }: { id: string }) {
          if (stock.broken.has(id)) throw new DomainError('UNAVAILABLE');
          return stock.quantities.get(id);
        },
        reserved: (_product: unknown, _args: unknown, call: unknown, info: unknown) => {
          keep(info, { maxAge: 60, scope: 'PRIVATE' });
          return `for ${nameOf(call)}`;
        },
      },
    },
  };
  return [products, inventory];
}

const table: ReturnType<typeof gatewayPermissions> = {
  Query: open('products', 'product', 'greeting'),
  Mutation: open('rename'),
  Product: allow,
};

/** A gateway with caches before fake subgraphs, on an empty Redis and, unless another is given, a bus of its own. */
export async function startCachedShop(
  environment: Record<string, string> = {},
  permissions: typeof gatewayPermissions = () => table,
  given?: EventBus,
  cacheRedis?: Redis,
) {
  const stock = aStock();
  const clock = new FakeClock('2026-01-01T00:00:00Z');
  const keys = signingKeysSchema.parse(SIGNING_KEYS);
  const [redis, bus] = await Promise.all([startTestRedis(), given ?? startTestBus()]);
  const subgraphs = await Promise.all(subgraphsOf(stock).map((definition) => startSubgraph(definition, keys, clock)));
  const common = { subgraphs, redis, ...(cacheRedis && { cacheRedis }), clock, permissions };
  // Slow machines have time here.
  const settings = { CACHE_TIMEOUT_MS: '2000', ...environment };
  const gateway = await startGatewayFor({ ...common, bus, environment: settings });
  const [products, inventory] = subgraphs as [(typeof subgraphs)[0], (typeof subgraphs)[0]];
  const publish = (type: string, data: Record<string, unknown>) =>
    bus.publish({
      id: `evt_${randomUUID()}`,
      ...{ type, aggregateId: randomUUID(), sequence: 1, data },
      ...{ occurredAt: clock.now().toISOString(), actor: 'anonymous', traceparent: null },
    });
  const metric = async (name: string) => {
    const { body } = await request(`${gateway.operationsOrigin}/metrics`);
    return (await body.text()).split('\n').filter((line) => line.startsWith(name));
  };
  return {
    ...gateway,
    stock,
    clock,
    redis,
    products,
    inventory,
    /** Another one beside it, on the same stores. */
    startReplica: () => startGatewayFor({ ...common, environment: settings }),
    /** How often each subgraph was called since the last time. */
    calls(): [number, number] {
      return [products.calls.splice(0).length, inventory.calls.splice(0).length];
    },
    sendBy: async (sub: string, query: string, permissions: Permission[] = []) =>
      gateway.post({ query }, { authorization: `Bearer ${await gateway.token({ sub, permissions })}` }),
    get: async (query: string, headers: Record<string, string> = {}) => {
      const response = await request(`${gateway.url}?query=${encodeURIComponent(query)}`, {
        headers: { 'apollo-require-preflight': 'true', ...headers },
      });
      return { status: response.statusCode, headers: response.headers, text: await response.body.text() };
    },
    /** Publishes an event, and resolves when the gateway has heard of it. */
    async announce(type: string, data: Record<string, unknown>): Promise<void> {
      const heard = async () => (await metric('gateway_cache_invalidations_total')).find((line) => line.includes(type));
      const before = await heard();
      await publish(type, data);
      await eventually(async () => expect(await heard()).not.toBe(before));
    },
    publish,
    metric,
    async stop(): Promise<void> {
      await gateway.stop();
      await Promise.all(subgraphs.map((subgraph) => subgraph.stop()));
      await bus.close();
      redis.disconnect();
    },
  };
}

export type CachedShop = Awaited<ReturnType<typeof startCachedShop>>;
