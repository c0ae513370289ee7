import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import type { Background } from './background';
import type { Clock } from './clock';
import type { BusEvent, EventBus } from './event-bus';
import { Lease } from './lease';
import type { Outbox } from './outbox';
import { everyInterval } from './periodic';

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
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Publishes what is in the outbox, right after its commit: those of one aggregate in order, each at least once.
 * An event that the bus does not take holds back the later ones of its aggregate, no others, and comes again.
 * Of several replicas one relays.
 */
export function relayOutbox({ connection, outbox, bus, clock, logger }: RelayOptions): Background {
  const lease = new Lease(connection, 'outbox-relay', LEASE_MS, clock);
  /** Aggregates whose events are on their way to the bus. */
  const inFlight = new Map<string, Promise<void>>();

  async function relay(): Promise<void> {
    const events = await outbox.pending(BATCH_SIZE, [...inFlight.keys()]);
    if (events.length === 0 && inFlight.size === 0) return;
    if (!(await lease.acquire())) return;
    for (const [aggregateId, group] of byAggregate(events)) {
      inFlight.set(aggregateId, publishInOrder(aggregateId, group));
    }
  }

  /** Up to the first failure: the rest is found again by the next poll. */
  async function publishInOrder(aggregateId: string, events: readonly BusEvent[]): Promise<void> {
    try {
      for (const event of events) {
        await bus.publish(event);
        await outbox.markPublished(event.id);
      }
      inFlight.delete(aggregateId);
      // There may be more: of this aggregate, or beyond the batch.
      void periodic.nudge();
    } catch (err) {
      inFlight.delete(aggregateId);
      logger.error({ err, aggregateId }, 'event could not be published: trying again');
    }
  }

  const periodic = everyInterval({ name: 'outbox-relay', intervalMs: POLL_MS, run: relay, logger });
  outbox.onAppended(() => void periodic.nudge());
  return {
    name: periodic.name,
    start: () => periodic.start(),
    async stop() {
      // What the last requests have caused still leaves.
      await periodic.nudge();
      await periodic.stop();
      await Promise.race([Promise.all(inFlight.values()), sleep(STOP_MS, undefined, { ref: false })]);
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
