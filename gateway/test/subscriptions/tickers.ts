import { allow, DomainError, EventQueue, hasPermission, isSignedIn } from '@shopgraph/kit';
import { eventually } from '@shopgraph/kit/testing';
import { createClient, type Client as SocketClient, type SubscribePayload } from 'graphql-ws';
import { WebSocket } from 'ws';
import { request } from 'undici';
import type { gatewayPermissions } from '../../src/access/permissions';
import { readEvents } from '../../src/subscriptions/event-stream-reader';
import { startShop } from '../start-gateway';
import { open } from '../shop';
import type { SubgraphDefinition } from '../start-subgraph';

interface Ticked {
  readonly id: string;
  readonly count: number;
}

/** Events that a test makes. */
export class Ticks {
  private readonly open = new Set<EventQueue<Ticked>>();

  subscribe(): EventQueue<Ticked> {
    const queue = new EventQueue<Ticked>({ capacity: 10_000, onReturn: () => this.open.delete(queue) });
    this.open.add(queue);
    return queue;
  }

  get listeners(): number {
    return this.open.size;
  }

  tick(count: number): void {
    for (const queue of this.open) queue.push({ id: 'a', count });
  }

  end(): void {
    for (const queue of this.open) queue.end();
  }
}

export function tickers(ticks: Ticks): SubgraphDefinition {
  const resolve = (event: Ticked) => event;
  return {
    name: 'tickers',
    typeDefs: /* GraphQL */ `
      type Ticker @key(fields: "id") {
        id: ID!
        count: Int!
        text: String
      }
      type Query {
        ticker: Ticker
      }
      type Mutation {
        stop: Boolean
      }
      type Subscription {
        ticked(id: ID!): Ticker!
        audited: Ticker
        refused: Ticker
        mine: Ticker
      }
    `,
    resolvers: {
      Query: { ticker: () => ({ id: 'a', count: 0 }) },
      Mutation: { stop: () => true },
      Subscription: {
        ticked: { subscribe: () => ticks.subscribe(), resolve },
        audited: { subscribe: () => ticks.subscribe(), resolve },
        mine: { subscribe: () => ticks.subscribe(), resolve },
        refused: {
          subscribe: () => {
            throw new DomainError('NOT_FOUND');
          },
        },
      },
      Ticker: { text: () => 'x'.repeat(10_000) },
    },
  };
}

/** What somebody else knows of them. */
export const prices: SubgraphDefinition = {
  name: 'prices',
  typeDefs: /* GraphQL */ `
    type Ticker @key(fields: "id") {
      id: ID!
      price: Int
      cost: Int
    }
  `,
  resolvers: { Ticker: { __resolveReference: ({ id }: { id: string }) => ({ id, price: 7, cost: 3 }) } },
};

const permissions: typeof gatewayPermissions = () => ({
  Query: open('ticker'),
  Mutation: open('stop'),
  Subscription: { ...open('ticked', 'refused'), audited: hasPermission('audit:read'), mine: isSignedIn },
  Ticker: { '*': allow, cost: hasPermission('product:write') },
});

/** Tickers, their prices, and a gateway before them, which looks often. */
export async function startTickers(environment: Record<string, string> = {}) {
  const ticks = new Ticks();
  const definition = tickers(ticks);
  const shop = await startShop(
    // A call that breaks off is not repeated: what is cut is to be seen.
    { SUBSCRIPTION_CHECK_MS: '20', SUBSCRIPTION_KEEP_ALIVE_MS: '200', SUBGRAPH_RETRIES: '0', ...environment },
    [definition, prices],
    permissions,
  );
  const sockets: SocketClient[] = [];

  /** A client that says who it is as `parameters` do, and does not try again. */
  function socketClient(parameters: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
    const closes: { code: number; reason: string }[] = [];
    class Socket extends WebSocket {
      constructor(url: string, protocol: string) {
        super(url, protocol, { headers });
      }
    }
    const client = createClient({
      url: shop.url.replace('http', 'ws'),
      webSocketImpl: Socket,
      connectionParams: parameters,
      retryAttempts: 0,
      lazy: true,
      on: { closed: (event) => void closes.push(event as { code: number; reason: string }) },
      onNonLazyError: () => undefined,
    });
    sockets.push(client);
    return Object.assign(client, { closes });
  }
  return {
    ...shop,
    definition,
    ticks,
    socketClient,
    /** Subscribes by a socket, and collects. */
    bySocket: (payload: SubscribePayload, client = socketClient()) => collected(client, payload),
    /** Subscribes by server-sent events, and collects. */
    byEvents: (body: object, headers: Record<string, string> = {}) => collectedEvents(shop.url, body, headers),
    listening: (count = 1) => eventually(async () => expect(ticks.listeners).toBe(count)),
    async metric(name: string): Promise<readonly { labels: object; value: number }[]> {
      const metrics = (await shop.service.metrics.getMetricsAsJSON()) as {
        name: string;
        values: { labels: object; value: number }[];
      }[];
      return metrics.find((metric) => metric.name === name)?.values ?? [];
    },
    async stop(): Promise<void> {
      // What has failed before fails once more.
      for (const client of sockets) await Promise.resolve(client.dispose()).catch(() => undefined);
      await shop.stop();
    },
  };
}

export type Tickers = Awaited<ReturnType<typeof startTickers>>;

/** What came for one subscription so far. */
export interface Collected {
  readonly answers: { data?: unknown; errors?: readonly { message: string; extensions?: { code: string } }[] }[];
  /** Undefined until it is over, then null, or why it failed. */
  end: unknown;
  readonly stop: () => void;
}

function collected(client: SocketClient, payload: SubscribePayload): Collected {
  const result: Collected = {
    answers: [],
    end: undefined,
    stop: client.subscribe(payload, {
      next: (answer) => void result.answers.push(answer as Collected['answers'][number]),
      error: (error) => (result.end = error),
      complete: () => (result.end ??= null),
    }),
  };
  return result;
}

async function collectedEvents(url: string, body: object, headers: Record<string, string>) {
  const controller = new AbortController();
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify(body),
    signal: controller.signal,
  });
  const result: Collected & { status: number; headers: typeof response.headers; text: string } = {
    status: response.statusCode,
    headers: response.headers,
    text: '',
    answers: [],
    end: undefined,
    stop: () => controller.abort(),
  };
  if (response.statusCode !== 200) {
    result.text = await response.body.text();
    return result;
  }
  void (async () => {
    try {
      for await (const { type, data } of readEvents(response.body)) {
        if (type === 'complete') result.end = null;
        else result.answers.push(JSON.parse(data) as Collected['answers'][number]);
      }
      if (result.end === undefined) result.end = 'broken off';
    } catch (error) {
      result.end = error;
    }
  })();
  return result;
}
