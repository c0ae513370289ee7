import type { Logger } from 'pino';
import { type BusEvent, DEFAULT_RETRY, type EventBus, type RetryPolicy, type Subscription } from './event-bus';
import { OrderedDelivery } from './ordered-delivery';

interface Consumer {
  readonly name: string;
  readonly types: readonly string[];
  /** Null while the consumer is away. */
  readonly delivery: OrderedDelivery | null;
}

/**
 * A bus for services that share one process. It keeps nothing on disk: an event counts as published only when
 * every consumer has handled it or given it up, so that one which a crash interrupts is still in its outbox.
 * For the same reason it takes no event while one of its consumers is away.
 * Dead letters live as long as the process, and are logged.
 */
export class InProcessBus implements EventBus {
  private readonly consumers = new Map<string, Consumer>();
  private readonly dead = new Map<string, BusEvent[]>();
  private isClosed = false;

  constructor(
    private readonly logger: Logger,
    private readonly retry: RetryPolicy = DEFAULT_RETRY,
  ) {}

  async publish(event: BusEvent): Promise<void> {
    await this.ping();
    const interested = [...this.consumers.values()].filter(({ types }) => types.includes(event.type));
    const away = interested.find(({ delivery }) => !delivery);
    if (away) throw new Error(`${away.name} is away`);
    // What a consumer sees is a copy, as it would be after a trip over a network.
    await Promise.all(interested.map((consumer) => this.deliver(copyOf(event), consumer)));
  }

  async announce(consumer: string, types: readonly string[]): Promise<void> {
    if (!this.consumers.has(consumer)) this.consumers.set(consumer, { name: consumer, types, delivery: null });
  }

  async subscribe(subscription: Subscription): Promise<void> {
    const { consumer: name, types } = subscription;
    if (this.consumers.get(name)?.delivery) throw new Error(`${name} has subscribed already`);
    const delivery = new OrderedDelivery(subscription, this.retry, this.logger);
    this.consumers.set(name, { name, types, delivery });
    subscription.onSubscribed?.();
  }

  async unsubscribe(consumer: string): Promise<void> {
    const found = this.consumers.get(consumer);
    if (!found) return;
    this.consumers.set(consumer, { ...found, delivery: null });
    await found.delivery?.stop();
  }

  async deadLetters(consumer: string): Promise<readonly BusEvent[]> {
    return [...(this.dead.get(consumer) ?? [])];
  }

  async replay(consumer: string): Promise<number> {
    const found = this.consumers.get(consumer);
    const letters = this.dead.get(consumer) ?? [];
    if (!found?.delivery || letters.length === 0) return 0;
    this.dead.delete(consumer);
    const replayed = letters.map((event) => this.deliver(event, found).catch(() => this.layAside(consumer, event)));
    await Promise.all(replayed);
    return letters.length;
  }

  async ping(): Promise<void> {
    if (this.isClosed) throw new Error('the bus is closed');
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.consumers.keys()].map((consumer) => this.unsubscribe(consumer)));
  }

  private async deliver(event: BusEvent, { name, delivery }: Consumer): Promise<void> {
    if (!delivery) throw new Error(`${name} is away`);
    if (!(await delivery.deliver(event))) this.layAside(name, event);
  }

  private layAside(consumer: string, event: BusEvent): void {
    // An event comes again when another consumer did not get to it: it is dead once.
    const others = (this.dead.get(consumer) ?? []).filter(({ id }) => id !== event.id);
    this.dead.set(consumer, [...others, event]);
  }
}

/** As JSON carries it: with dates as text and without what is undefined. */
function copyOf(event: BusEvent): BusEvent {
  return JSON.parse(JSON.stringify(event)) as BusEvent;
}
