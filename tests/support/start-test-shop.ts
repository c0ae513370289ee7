import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSession, createShopgraphClient, type Session, type ShopgraphClient } from '@shopgraph/client';
import type { Clock } from '@shopgraph/kit';
import {
  aNamespace,
  deleteNamespace,
  eventually,
  startTestDatabase,
  startTestRedis,
  testRedisUrl,
} from '@shopgraph/kit/testing';
import { type ServiceName, type Shop, startShop } from '@shopgraph/tools/shop';
import { createConnection } from 'mongoose';
import { type Logger, pino } from 'pino';

export const PASSWORD = 'Twelve-and-more-4-tests';
const SERVICES = ['users', 'products', 'inventory', 'orders'] as const;

interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly token: string | null;
}

interface TestShopOptions {
  /** Of every service; the real one unless given. */
  readonly clock?: Clock;
  /** Overrides of the environment. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly elsewhere?: { readonly orders: string };
}

export interface TestShop extends Shop {
  readonly url: string;
  /** What its services need to know of each other, for one that a test runs in a process of its own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Somebody who is nobody known. */
  readonly anonymous: ShopgraphClient;
  /** Somebody with these roles, signed in. */
  signedIn(...roleIds: string[]): Promise<SignedIn>;
  /** The newest mail to an address, once it is there. */
  mailTo(address: string): Promise<Mail>;
  /** The lines of all logs so far. */
  readonly logged: readonly Readonly<Record<string, unknown>>[];
  /** A connection to the database of a service, for looking into it. */
  database(service: (typeof SERVICES)[number]): Promise<ReturnType<typeof createConnection>>;
}

export interface SignedIn {
  readonly id: string;
  readonly email: string;
  readonly client: ShopgraphClient;
  readonly session: Session;
}

/** Every service of a shop on free ports, on databases of its own; limits on the number of requests are off unless told. */
export async function startTestShop({ environment = {}, elsewhere, clock }: TestShopOptions = {}): Promise<TestShop> {
  const database = await startTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'shopgraph-'));
  const redis = await startTestRedis();
  redis.disconnect();
  const namespace = aNamespace();
  const logged: Record<string, unknown>[] = [];
  const stream = { write: (line: string) => void logged.push(JSON.parse(line) as Record<string, unknown>) };
  const logger = (service: ServiceName): Logger => pino({ level: 'info', name: service }, stream);

  const all = {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    GATEWAY_PORT: '0',
    USERS_PORT: '0',
    PRODUCTS_PORT: '0',
    INVENTORY_PORT: '0',
    ORDERS_PORT: '0',
    DATA_DIR: dataDir,
    MONGODB_URI: database.uri,
    REDIS_URL: testRedisUrl() ?? '',
    RABBITMQ_URL: process.env.RABBITMQ_URL ?? '',
    BUS_NAMESPACE: namespace,
    SIGNING_KEYS: `test:${'s'.repeat(32)}`,
    BCRYPT_COST: '10',
    RATE_LIMITS: 'off',
    ...environment,
  };
  const shop = await startShop(all, { logger, ...(elsewhere && { elsewhere }), ...(clock && { clock }) });
  const url = `${shop.origins.gateway}/graphql`;
  const openConnections: ReturnType<typeof createConnection>[] = [];
  let people = 0;

  async function signedIn(...roleIds: string[]): Promise<SignedIn> {
    people += 1;
    const email = `person-${people}@shopgraph.test`;
    const { id } = await shop.userAdministration.seedUser({
      email,
      name: `Person ${people}`,
      password: PASSWORD,
      roleIds,
    });
    const session = createSession({ url });
    await session.client.login({ input: { email, password: PASSWORD } });
    return { id, email, session, client: session.client };
  }

  async function mailTo(address: string): Promise<Mail> {
    return eventually(async () => {
      const folder = join(dataDir, 'mail');
      const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
      const mails = await Promise.all(
        names.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as Mail),
      );
      const found = mails.reverse().find(({ to }) => to === address);
      if (!found) throw new Error(`no mail to ${address}`);
      return found;
    });
  }

  return {
    ...shop,
    url,
    environment: all,
    anonymous: createShopgraphClient({ url }),
    signedIn,
    mailTo,
    logged,
    async database(service) {
      const uri = new URL(database.uri);
      uri.pathname += `_${service}`;
      const connection = await createConnection(uri.href).asPromise();
      openConnections.push(connection);
      return connection;
    },
    async close() {
      await shop.close();
      await Promise.all(openConnections.map((connection) => connection.close()));
      const connection = await createConnection(database.uri).asPromise();
      for (const service of SERVICES) await connection.useDb(`${database.name}_${service}`).dropDatabase();
      await connection.close();
      const consumers = ['inventory', 'gateway-cache', ...SERVICES.map((service) => `${service}-privacy`)];
      if (process.env.RABBITMQ_URL) await deleteNamespace(process.env.RABBITMQ_URL, namespace, consumers);
      await rm(dataDir, { recursive: true });
    },
  };
}
