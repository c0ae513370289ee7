import type { Logger } from 'pino';
import { type BusEvent, DEFAULT_RETRY, type EventBus, type RetryPolicy, type Subscription } from './event-bus';
import { OrderedDelivery } from './ordered-delivery';

interface Consumer {
  readonly subscription: Subscription;
  readonly delivery: OrderedDelivery;
}

/**
 * A bus for services that share one process. It keeps nothing on disk: an event counts as published only when
 * every consumer has handled it or given it up, so that one which a crash interrupts is still in its outbox.
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
    // What a consumer sees is a copy, as it would be after a trip over a network.
    const copy = JSON.parse(JSON.stringify(event)) as BusEvent;
    const interested = [...this.consumers.values()].filter(({ subscription }) =>
      subscription.types.includes(event.type),
    );
    await Promise.all(interested.map((consumer) => this.deliver(copy, consumer)));
  }

  async subscribe(subscription: Subscription): Promise<void> {
    if (this.consumers.has(subscription.consumer)) throw new Error(`${subscription.consumer} has subscribed already`);
    const delivery = new OrderedDelivery(subscription, this.retry, this.logger);
    this.consumers.set(subscription.consumer, { subscription, delivery });
  }

  async unsubscribe(consumer: string): Promise<void> {
    const found = this.consumers.get(consumer);
    this.consumers.delete(consumer);
    await found?.delivery.stop();
  }

  async deadLetters(consumer: string): Promise<readonly BusEvent[]> {
    return [...(this.dead.get(consumer) ?? [])];
  }

  async replay(consumer: string): Promise<number> {
    const found = this.consumers.get(consumer);
    const letters = this.dead.get(consumer) ?? [];
    if (!found) return 0;
    this.dead.delete(consumer);
    await Promise.all(letters.map((event) => this.deliver(event, found)));
    return letters.length;
  }

  async ping(): Promise<void> {
    if (this.isClosed) throw new Error('the bus is closed');
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.consumers.keys()].map((consumer) => this.unsubscribe(consumer)));
  }

  private async deliver(event: BusEvent, { subscription, delivery }: Consumer): Promise<void> {
    if (await delivery.deliver(event)) return;
    const letters = this.dead.get(subscription.consumer) ?? [];
    this.dead.set(subscription.consumer, [...letters, event]);
  }
}
