import type { Logger } from 'pino';
import type { z } from 'zod';
import type { busGroup, mongoGroup, processGroup, redisGroup } from './config';
import type { EventBus } from './event-bus';
import { InProcessBus } from './in-process-bus';
import { connectMongo, type MongoConnection } from './mongo';
import { connectRabbitBus } from './rabbit-bus';
import { connectRedis, type Redis } from './redis';

type StoresConfig = z.output<typeof processGroup> &
  z.output<typeof mongoGroup> &
  Partial<z.output<typeof redisGroup>> &
  z.output<typeof busGroup>;

interface StoresOptions {
  /** Names the database, where the URI names none. */
  readonly service: string;
  readonly logger: Logger;
}

export interface Stores {
  readonly connection: MongoConnection;
  readonly redis: Redis;
  readonly bus: EventBus;
  readonly close: () => Promise<void>;
}

/**
 * Opens the stores that the configuration names, and embedded ones for those that it does not.
 * @throws Error when a named store cannot be reached.
 */
export async function openStores(config: StoresConfig, { service, logger }: StoresOptions): Promise<Stores> {
  const mongo = await openMongo(config, service);
  const connection = await connectMongo(mongo.uri, {
    name: service,
    poolSize: config.MONGODB_POOL_SIZE,
    readPreference: config.MONGODB_READ_PREFERENCE,
    slowQueryMs: config.SLOW_QUERY_MS,
    logger,
  });
  const redis = await connectRedis(config.REDIS_URL);
  const bus = await openBus(config, logger);
  return {
    connection,
    redis,
    bus,
    async close() {
      await bus.close();
      redis.disconnect();
      await connection.close();
      await mongo.stop();
    },
  };
}

/** The bus that the configuration names, or one within this process. */
export async function openBus(
  { RABBITMQ_URL: url, BUS_NAMESPACE: namespace }: z.output<typeof busGroup>,
  logger: Logger,
): Promise<EventBus> {
  return url === undefined ? new InProcessBus(logger) : connectRabbitBus({ url, namespace, logger });
}

/** The server that MONGODB_URI names, or an embedded one whose data lives in a folder of the service. */
async function openMongo({ MONGODB_URI, DATA_DIR }: StoresConfig, service: string) {
  if (MONGODB_URI !== undefined) return { uri: MONGODB_URI, stop: async () => undefined };
  const { EmbeddedMongo } = await import('@shopgraph/embedded-mongo');
  return EmbeddedMongo.start({ dataDir: `${DATA_DIR}/mongo-${service}` });
}
