import { join } from 'node:path';
import {
  connectMongo,
  connectRedis,
  databaseIn,
  type EventBus,
  type MongoConnection,
  openBus,
  type Redis,
  withDatabase,
} from '@shopgraph/kit';
import type { Logger } from 'pino';
import type { ServiceName } from './shop';
import type { ShopConfig } from './shop-config';

export interface ShopStores {
  /** Connects to the database of one subgraph. */
  connect(service: ServiceName): Promise<MongoConnection>;
  /** The connections so far, by subgraph. */
  readonly connections: ReadonlyMap<string, MongoConnection>;
  readonly redis: Redis;
  readonly bus: EventBus;
  /** What each kind of data is kept in, to print it. */
  readonly summary: Readonly<Record<'documents' | 'ephemeral' | 'events', string>>;
  close(): Promise<void>;
}

/** Opens the stores that all services of one process share: those that the configuration names, otherwise embedded ones. */
export async function openShopStores(
  config: ShopConfig,
  logger: (service: ServiceName) => Logger,
): Promise<ShopStores> {
  const embedded = config.MONGODB_URI === undefined ? await startEmbedded(join(config.DATA_DIR, 'mongo')) : null;
  const uri = embedded?.uri ?? config.MONGODB_URI ?? '';
  const redis = await connectRedis(config.REDIS_URL);
  const bus = await openBus(config, logger('gateway'));
  const connections = new Map<string, MongoConnection>();
  return {
    async connect(service) {
      const connection = await connectMongo(databaseUri(uri, service), {
        poolSize: config.MONGODB_POOL_SIZE,
        readPreference: config.MONGODB_READ_PREFERENCE,
        slowQueryMs: config.SLOW_QUERY_MS,
        logger: logger(service),
      });
      connections.set(service, connection);
      return connection;
    },
    connections,
    redis,
    bus,
    summary: {
      documents: embedded ? `embedded, in ${join(config.DATA_DIR, 'mongo')}` : 'MongoDB',
      ephemeral: config.REDIS_URL === undefined ? 'embedded, in memory' : 'Redis',
      events: config.RABBITMQ_URL === undefined ? 'in this process' : 'RabbitMQ',
    },
    async close() {
      await bus.close();
      redis.disconnect();
      await Promise.all([...connections.values()].map((connection) => connection.close()));
      await embedded?.stop();
    },
  };
}

/** Loaded only where it is needed. */
async function startEmbedded(dataDir: string) {
  const { EmbeddedMongo } = await import('@shopgraph/embedded-mongo');
  return EmbeddedMongo.start({ dataDir });
}

/** One database for each subgraph; a database that the URI names becomes their prefix. */
export function databaseUri(server: string, service: string): string {
  const prefix = databaseIn(server);
  return withDatabase(server, prefix === '' ? service : `${prefix}_${service}`);
}
