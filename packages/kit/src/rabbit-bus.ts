import { setTimeout as sleep } from 'node:timers/promises';
import { type ChannelModel, type ConfirmChannel, connect, type ConsumeMessage } from 'amqplib';
import type { Logger } from 'pino';
import { z } from 'zod';
import { type BusEvent, DEFAULT_RETRY, type EventBus, type RetryPolicy, type Subscription } from './event-bus';
import { OrderedDelivery } from './ordered-delivery';

/** Unacknowledged events that a consumer may hold: how many aggregates it can work on side by side. */
const PREFETCH = 50;
const RECONNECT_DELAY_MS = 500;
const CONFIRM_TIMEOUT_MS = 10_000;

interface RabbitOptions {
  readonly url: string;
  readonly logger: Logger;
  readonly retry?: RetryPolicy;
  /** Prefix of exchange and queues, so that tests do not meet. */
  readonly namespace?: string;
}

const eventSchema = z.object({
  id: z.string(),
  type: z.string(),
  aggregateId: z.string(),
  sequence: z.number(),
  occurredAt: z.string(),
  actor: z.string(),
  traceparent: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
});

/** Opens a bus on RabbitMQ. @throws Error when the broker cannot be reached at start; later it reconnects by itself. */
export async function connectRabbitBus(options: RabbitOptions): Promise<RabbitBus> {
  const bus = new RabbitBus(options);
  await bus.connect();
  return bus;
}

/**
 * Events on RabbitMQ: one topic exchange; for each consumer a quorum queue bound by event types, with a single
 * active consumer, so that replicas keep the order; publisher confirms; a dead letter queue beside each queue.
 */
export class RabbitBus implements EventBus {
  private channel: ConfirmChannel | null = null;
  private connection: ChannelModel | null = null;
  private readonly active = new Map<string, { subscription: Subscription; delivery: OrderedDelivery; tag: string }>();
  private isClosed = false;

  constructor(private readonly options: RabbitOptions) {}

  private get exchange(): string {
    return `${this.options.namespace ?? 'shopgraph'}.events`;
  }

  private queueOf(consumer: string): string {
    return `${this.options.namespace ?? 'shopgraph'}.${consumer}`;
  }

  private deadQueueOf(consumer: string): string {
    return `${this.queueOf(consumer)}.dead`;
  }

  /** Connects, and comes back with every subscription whenever the connection breaks. */
  async connect(): Promise<void> {
    const connection = await connect(this.options.url, { timeout: 5_000 });
    connection.on('error', (err) => this.options.logger.error({ err }, 'the broker reports an error'));
    connection.on('close', () => void this.reconnect());
    this.connection = connection;
    const channel = await connection.createConfirmChannel();
    // A channel that breaks takes the connection with it, and both are made anew.
    channel.on('error', () => void connection.close().catch(() => undefined));
    await channel.prefetch(PREFETCH);
    await channel.assertExchange(this.exchange, 'topic', { durable: true });
    this.channel = channel;
    for (const { subscription } of [...this.active.values()]) await this.consume(subscription);
  }

  private async reconnect(): Promise<void> {
    this.channel = null;
    await Promise.all([...this.active.values()].map(({ delivery }) => delivery.stop()));
    while (!this.isClosed && !this.channel) {
      await sleep(RECONNECT_DELAY_MS, undefined, { ref: false });
      if (this.isClosed) return;
      await this.connect().catch((err: unknown) => this.options.logger.error({ err }, 'the broker cannot be reached'));
    }
  }

  async publish(event: BusEvent): Promise<void> {
    const channel = this.openChannel();
    const body = Buffer.from(JSON.stringify(event));
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the broker did not confirm the event')), CONFIRM_TIMEOUT_MS);
      const options = { persistent: true, messageId: event.id, type: event.type, contentType: 'application/json' };
      channel.publish(this.exchange, event.type, body, options, (error: unknown) => {
        clearTimeout(timer);
        if (error) reject(error instanceof Error ? error : new Error('the broker refused the event'));
        else resolve();
      });
    });
  }

  async subscribe(subscription: Subscription): Promise<void> {
    if (this.active.has(subscription.consumer)) throw new Error(`${subscription.consumer} has subscribed already`);
    await this.consume(subscription);
  }

  private async consume(subscription: Subscription): Promise<void> {
    const channel = this.openChannel();
    const { consumer, types } = subscription;
    const [queue, dead] = [this.queueOf(consumer), this.deadQueueOf(consumer)];
    await channel.assertQueue(dead, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    await channel.assertQueue(queue, {
      durable: true,
      arguments: {
        'x-queue-type': 'quorum',
        'x-single-active-consumer': true,
        'x-dead-letter-exchange': '',
        'x-dead-letter-routing-key': dead,
        // Confirmed by the dead letter queue before it leaves this one.
        'x-dead-letter-strategy': 'at-least-once',
        'x-overflow': 'reject-publish',
      },
    });
    for (const type of types) await channel.bindQueue(queue, this.exchange, type);

    const delivery = new OrderedDelivery(subscription, this.options.retry ?? DEFAULT_RETRY, this.options.logger);
    const { consumerTag } = await channel.consume(queue, (message) => {
      if (message) void this.receive(channel, message, delivery);
    });
    this.active.set(consumer, { subscription, delivery, tag: consumerTag });
  }

  private async receive(channel: ConfirmChannel, message: ConsumeMessage, delivery: OrderedDelivery): Promise<void> {
    try {
      const event = parseEvent(message);
      const isHandled = event !== null && (await delivery.deliver(event));
      if (isHandled) channel.ack(message);
      else channel.nack(message, false, false);
    } catch {
      // Stopped, or the channel is gone: the broker delivers the event again.
    }
  }

  async unsubscribe(consumer: string): Promise<void> {
    const found = this.active.get(consumer);
    this.active.delete(consumer);
    if (!found) return;
    await this.channel?.cancel(found.tag);
    await found.delivery.stop();
  }

  async deadLetters(consumer: string): Promise<readonly BusEvent[]> {
    const letters = await this.takeDeadLetters(consumer);
    // Looked at only: the channel they were read by closes, and the broker has them back.
    await letters.release();
    return letters.messages.map(parseEvent).filter((event) => event !== null);
  }

  async replay(consumer: string): Promise<number> {
    const { messages, channel, release } = await this.takeDeadLetters(consumer);
    for (const message of messages) {
      const { messageId, type, contentType } = message.properties as {
        messageId: string;
        type: string;
        contentType: string;
      };
      channel.sendToQueue(this.queueOf(consumer), message.content, { persistent: true, messageId, type, contentType });
      await channel.waitForConfirms();
      channel.ack(message);
    }
    await release();
    return messages.length;
  }

  private async takeDeadLetters(consumer: string) {
    if (!this.connection) throw new Error('the broker cannot be reached');
    const channel = await this.connection.createConfirmChannel();
    await channel.assertQueue(this.deadQueueOf(consumer), { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    const messages: ConsumeMessage[] = [];
    for (;;) {
      const message = await channel.get(this.deadQueueOf(consumer));
      if (message === false) return { messages, channel, release: () => channel.close() };
      messages.push(message as unknown as ConsumeMessage);
    }
  }

  async ping(): Promise<void> {
    await this.openChannel().checkExchange(this.exchange);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.active.keys()].map((consumer) => this.unsubscribe(consumer)));
    await this.channel?.close().catch(() => undefined);
    await this.connection?.close().catch(() => undefined);
  }

  private openChannel(): ConfirmChannel {
    if (!this.channel) throw new Error('the broker cannot be reached');
    return this.channel;
  }
}

/** Null for what is no event: it goes where the dead letters are. */
function parseEvent({ content }: Pick<ConsumeMessage, 'content'>): BusEvent | null {
  try {
    return eventSchema.parse(JSON.parse(content.toString('utf8')));
  } catch {
    return null;
  }
}
