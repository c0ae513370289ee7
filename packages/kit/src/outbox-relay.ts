import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import type { Background } from './background';
import type { Clock } from './clock';
import type { BusEvent, EventBus } from './event-bus';
import { Lease } from './lease';
import type { Outbox } from './outbox';
import { everyInterval } from './periodic';

/** Events that are looked for at a time, and aggregates that are worked on side by side, at the most. */
const BATCH_SIZE = 200;
/** How often the outbox is looked at for what another process, or a crash, has left there. */
const POLL_MS = 1_000;
const LEASE_MS = 10_000;
/** How long stopping waits for a bus that does not answer. */
const STOP_MS = 2_000;

interface RelayOptions {
  readonly connection: Connection;
  readonly outbox: Outbox;
  readonly bus: EventBus;
  /** Tells those who follow things live, before the bus has the event; when it fails nobody is told. */
  readonly announce?: (event: BusEvent) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How often the outbox is looked at, in milliseconds; every second unless given. */
  readonly pollMs?: number;
}

/**
 * Publishes what is in the outbox, right after its commit: those of one aggregate in order, each at least once.
 * An event that the bus does not take holds back the later ones of its aggregate, no others, and comes again.
 * Of several replicas one relays.
 */
export function relayOutbox(options: RelayOptions): Background {
  const { connection, outbox, bus, announce, clock, logger, pollMs = POLL_MS } = options;
  const lease = new Lease(connection, 'outbox-relay', LEASE_MS, clock);
  /** Aggregates whose events are on their way to the bus. */
  const inFlight = new Map<string, Promise<void>>();
  let publishedCount = 0;
  let isGivenUp = false;

  async function relay(): Promise<void> {
    const room = BATCH_SIZE - inFlight.size;
    const events = room > 0 ? await outbox.pending(room, [...inFlight.keys()]) : [];
    if (events.length === 0 && inFlight.size === 0) return;
    if (!(await lease.acquire())) return;
    // One failure now instead of one for each event.
    await bus.ping();
    const isCutOff = events.length === room;
    for (const [aggregateId, group] of byAggregate(events)) {
      inFlight.set(aggregateId, publishInOrder(aggregateId, isCutOff ? null : group));
    }
  }

  /** Up to the first failure: the rest is found again by the next poll. Null stands for what is in the outbox. */
  async function publishInOrder(aggregateId: string, group: readonly BusEvent[] | null): Promise<void> {
    try {
      // Where there are more events than were read, earlier ones of the aggregate may be among the others.
      for (const event of group ?? (await outbox.pendingOf(aggregateId, BATCH_SIZE))) {
        // Not after it: an in-process bus waits for its consumers.
        await tellFollowers(event);
        await bus.publish(event);
        await outbox.markPublished(event.id);
        publishedCount += 1;
      }
      inFlight.delete(aggregateId);
      // There may be more: of this aggregate, or beyond the batch.
      void periodic.nudge();
    } catch (err) {
      inFlight.delete(aggregateId);
      logger.error({ err, aggregateId }, 'event could not be published: trying again');
    }
  }

  /** Never rejects: what the bus has to deliver must not wait for those who only look on. */
  async function tellFollowers(event: BusEvent): Promise<void> {
    try {
      await announce?.(event);
    } catch (err) {
      logger.warn({ err, eventId: event.id }, 'nobody could be told of a change');
    }
  }

  /** Until nothing is left, or nothing moves. */
  async function flush(): Promise<void> {
    for (;;) {
      const countBefore = publishedCount;
      await relay();
      await Promise.all(inFlight.values());
      if (publishedCount === countBefore || isGivenUp) return;
    }
  }

  const periodic = everyInterval({ name: 'outbox-relay', intervalMs: pollMs, run: relay, logger });
  outbox.onAppended(() => void periodic.nudge());
  return {
    name: periodic.name,
    start: () => periodic.start(),
    async stop() {
      await periodic.stop();
      // What the last requests have caused still leaves.
      await Promise.race([flush(), sleep(STOP_MS, undefined, { ref: false })]).catch((err: unknown) =>
        logger.error({ err }, 'the outbox could not be emptied: the rest leaves with the next start'),
      );
      isGivenUp = true;
      await lease.release();
    },
  };
}

function byAggregate(events: readonly BusEvent[]): Map<string, BusEvent[]> {
  const groups = new Map<string, BusEvent[]>();
  for (const event of events) {
    const group = groups.get(event.aggregateId);
    if (group) group.push(event);
    else groups.set(event.aggregateId, [event]);
  }
  for (const group of groups.values()) group.sort((a, b) => a.sequence - b.sequence);
  return groups;
}
