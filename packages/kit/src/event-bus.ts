import type { DomainEvent } from './outbox';

/** A domain event on its way: with its id, its cause and its time (RFC 3339). */
export interface BusEvent extends DomainEvent {
  readonly id: string;
  readonly occurredAt: string;
  readonly actor: string;
  readonly traceparent: string | null;
}

/** Who gets which events, and what they do with them. */
export interface Subscription {
  /** Names the queue: subscriptions of one name, in however many replicas, share its events. */
  readonly consumer: string;
  /** Event types, such as `orders.order-placed`. */
  readonly types: readonly string[];
  /** A rejection means: try again later. */
  handle(event: BusEvent): Promise<void>;
  /** Told when its events begin to come: the first time, and again after each break. */
  onSubscribed?(): void;
}

/**
 * Carries events from a relay to the consumers of other services.
 * At least once: a consumer may see an event again. In order for each aggregate: the next event of an aggregate
 * waits until the one before is handled or dead. An event that keeps failing is retried with a growing delay and
 * then laid aside as a dead letter, so that it does not hold up the ones behind it for ever.
 */
export interface EventBus {
  /** Resolves when the event is safe with the bus. @throws Error when it is not. */
  publish(event: BusEvent): Promise<void>;
  /**
   * From now on events of these types are kept for `consumer`, which will subscribe later.
   * @throws Error when the broker is away: then it takes effect when that is back.
   */
  announce(consumer: string, types: readonly string[]): Promise<void>;
  /** @throws Error when there is a subscription of that name, or the broker is away: then it begins when that is back. */
  subscribe(subscription: Subscription): Promise<void>;
  /** Stops taking events for `consumer`, and waits for those in hand. Further ones are kept until it subscribes again. */
  unsubscribe(consumer: string): Promise<void>;
  /** The events that `consumer` has given up on, oldest first. */
  deadLetters(consumer: string): Promise<readonly BusEvent[]>;
  /** Gives the dead letters of `consumer` to it once more; answers how many. */
  replay(consumer: string): Promise<number>;
  /** Whether events can be published; for health checks. @throws Error when they cannot. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** How often and how patiently a failing event is tried. */
export interface RetryPolicy {
  readonly attempts: number;
  /** Before the second attempt; doubles with each further one. */
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

/** Seven repetitions over some thirteen seconds. */
export const DEFAULT_RETRY: RetryPolicy = { attempts: 8, firstDelayMs: 100, maxDelayMs: 30_000 };
