import type { Background, EventBus } from '@shopgraph/kit';
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
}

/** Makes what is cached outdated by events of those who own it. Handling one again does no harm. */
export function invalidateByEvents({ bus, store, changes, onInvalidation }: InvalidationOptions): Background {
  const types = Object.keys(changes);
  // Now, not at the start: what subgraphs publish meanwhile waits.
  const announced = bus.announce(CONSUMER, types);
  // A failure shows at the start.
  announced.catch(() => undefined);
  return {
    name: `consumer:${CONSUMER}`,
    async start() {
      await announced;
      await bus.subscribe({
        consumer: CONSUMER,
        types,
        async handle(event) {
          await store.invalidate(changes[event.type]?.(event) ?? []);
          onInvalidation(event.type);
        },
      });
    },
    stop: () => bus.unsubscribe(CONSUMER),
  };
}
