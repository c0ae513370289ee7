import { connectMongo, createLogger, signRequest, typeIds, type Viewer } from '@shopgraph/kit';
import {
  aUser,
  FakeClock,
  recordCommands,
  signedClient,
  startPrivacyDesk,
  startTestBus,
  startTestDatabase,
  connectTestRedis,
  testKeys,
} from '@shopgraph/kit/testing';
import { request } from 'undici';
import { buildProducts } from '../src/app';

/** Sees everything and changes it. */
export const manager = aUser({ id: 'user_manager', permissions: ['product:read', 'product:write'] });
/** Sees everything. */
export const reader = aUser({ id: 'user_reader', permissions: ['product:read'] });
/** Sees what everybody sees. */
export const customer = aUser({ id: 'user_customer' });

/** The whole subgraph on free ports and an empty database. */
export async function startProducts() {
  const clock = new FakeClock();
  const database = await startTestDatabase();
  const bus = await startTestBus();
  const redis = await connectTestRedis();
  const users = await startPrivacyDesk(clock);
  const connection = await connectMongo(database.uri, { monitorCommands: true });
  const commands = recordCommands(connection);
  const service = await buildProducts(
    {
      SERVICE_VERSION: 'test',
      SIGNING_KEYS: testKeys,
      DEFAULT_CURRENCY: 'EUR',
      USERS_URL: users.url,
    },
    { connection, bus, redis, clock, ids: typeIds, logger: createLogger({ service: 'products', level: 'silent' }) },
  );
  const { origin } = await service.listen({ host: '127.0.0.1', port: 0, operationsPort: 0 });
  return {
    origin,
    clock,
    bus,
    users,
    connection,
    /** The look-ups that the subgraph has sent to its database so far, of its background work too. */
    commands,
    send: signedClient(origin, testKeys, clock),
    /** The `cache-control` of the answer to a query. */
    async cacheControl(viewer: Viewer, query: string, variables: object = {}) {
      const [method, path, body] = ['POST', '/graphql', JSON.stringify({ query, variables })] as const;
      const signature = signRequest({ method, path, body }, viewer, testKeys, clock);
      const headers = { 'content-type': 'application/json', ...signature };
      const response = await request(origin + path, { method, headers, body });
      await response.body.dump();
      return response.headers['cache-control'];
    },
    async stop(): Promise<void> {
      await service.close();
      redis.disconnect();
      await users.stop();
      await bus.close();
      await connection.close();
      await database.stop();
    },
  };
}

export type Products = Awaited<ReturnType<typeof startProducts>>;
