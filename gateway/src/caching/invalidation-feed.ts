import { type Background, type Redis, subscriberOf } from '@shopgraph/kit';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { NearCache } from './near-cache';

/** How often the connection is asked whether it still leads to Redis. */
const PING_MS = 1_000;
/** How long an answer to that is believed, and so how old an entry can get unnoticed when Redis is cut off silently. */
const TRUST_MS = 3_000;
/** A connection that has not answered for so long is given up. */
const SILENCE_MS = 5_000;

interface InvalidationFeedOptions {
  readonly redis: Redis;
  readonly near: NearCache;
  readonly logger: Logger;
}

/** A stamp, and the tags that have it from now on. */
const messageSchema = z.tuple([z.number(), z.array(z.string())]);

/** The channel of a cache: Redis keeps the channels of all its databases in one room. */
export function invalidationChannel(redis: Redis): string {
  return `cache:${redis.options.db ?? 0}:invalidated`;
}

/**
 * Tells the near cache of every invalidation, by whichever gateway. What Redis says before it answers a ping arrives
 * before that answer: so long nothing was missed. As soon as the connection breaks, all is forgotten.
 */
export function followInvalidations({ redis, near, logger }: InvalidationFeedOptions): Background {
  const channel = invalidationChannel(redis);
  // How long a ping takes is looked at here.
  const subscriber = subscriberOf(redis, { autoResubscribe: false, lazyConnect: true, commandTimeout: undefined });
  let isSubscribed = false;
  let heardAt = 0;
  let timer: NodeJS.Timeout | undefined;

  async function check(): Promise<void> {
    if (!isSubscribed) return;
    const sentAt = performance.now();
    if (sentAt - heardAt > SILENCE_MS) {
      subscriber.disconnect(true);
      return;
    }
    await subscriber.ping();
    heardAt = performance.now();
    near.trust(sentAt + TRUST_MS);
  }

  // A ping that fails does so because the connection breaks, which shows in its own way.
  const checkQuietly = () => void check().catch(() => undefined);

  function lost(): void {
    isSubscribed = false;
    near.forget();
  }

  async function subscribe(): Promise<void> {
    await subscriber.subscribe(channel);
    // Until now something may have been missed.
    near.forget();
    isSubscribed = true;
    heardAt = performance.now();
    checkQuietly();
  }

  subscriber.on('ready', () => void subscribe().catch(() => undefined));
  subscriber.on('close', lost);
  subscriber.on('message', (_channel: string, text: string) => {
    try {
      const [stamp, tags] = messageSchema.parse(JSON.parse(text));
      near.invalidate(tags, stamp);
    } catch (err) {
      near.forget();
      logger.error({ err, channel }, 'not a message about the cache');
    }
  });

  return {
    name: 'cache-invalidations',
    async start() {
      timer = setInterval(checkQuietly, PING_MS).unref();
      // It tries again by itself; so long everything is looked for in Redis.
      await subscriber.connect().catch(() => undefined);
    },
    async stop() {
      clearInterval(timer);
      await subscriber.unsubscribe().catch(() => undefined);
      subscriber.disconnect();
      lost();
    },
  };
}
