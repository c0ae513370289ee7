import type { Background, EventBus } from '@shopgraph/kit';
import type { Logger } from 'pino';
import type { CacheStore } from './cache-store';
import type { TagsOfEvent } from './shop-changes';

/** All gateways share one queue, as they share what is cached. */
const CONSUMER = 'gateway-cache';

interface InvalidationOptions {
  readonly bus: EventBus;
  readonly store: CacheStore;
  /** By event type. */
  readonly changes: Readonly<Record<string, TagsOfEvent>>;
  /** Told the type of each event that was handled. */
  readonly onInvalidation: (event: string) => void;
  readonly logger: Logger;
}

/**
 * Makes what is cached outdated by events of those who own it; handling one again does no harm. Until it has subscribed
 * for the first time, which may have to wait for the broker, events may be lost: so long the store is suspended.
 */
export function invalidateByEvents({ bus, store, changes, onInvalidation, logger }: InvalidationOptions): Background {
  const types = Object.keys(changes);
  store.suspend();
  // Now, not at the start: what subgraphs publish meanwhile waits. Where it fails so does the subscription, which tells.
  bus.announce(CONSUMER, types).catch(() => undefined);
  return {
    name: `consumer:${CONSUMER}`,
    async start() {
      const subscribed = bus.subscribe({
        consumer: CONSUMER,
        types,
        async handle(event) {
          await store.invalidate(changes[event.type]?.(event) ?? []);
          onInvalidation(event.type);
        },
        onSubscribed: () => store.resume(),
      });
      await subscribed.catch((err: unknown) => logger.error({ err }, 'nothing is cached until events can come'));
    },
    stop: () => bus.unsubscribe(CONSUMER),
  };
}
