import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { Logger } from 'pino';
import type { RetryPolicy, Subscription } from './event-bus';
import { OrderedDelivery } from './ordered-delivery';
import { eventIn } from './rabbit-event';
import type { RabbitTopology } from './rabbit-topology';

/** Unacknowledged events that a consumer may hold: how many aggregates it can work on side by side. */
const PREFETCH = 50;

interface OpenOptions {
  readonly connection: ChannelModel;
  readonly topology: RabbitTopology;
  readonly retry: RetryPolicy;
  readonly logger: Logger;
  /** Called when the broker has ended the subscription: its queue was deleted, or its channel broke. */
  readonly onLost: () => void;
}

/** One subscription on a channel of its own, which ends with it. */
export class RabbitSubscription {
  private constructor(
    private readonly channel: Channel,
    private readonly delivery: OrderedDelivery,
    private readonly logger: Logger,
  ) {}

  static async open(subscription: Subscription, options: OpenOptions): Promise<RabbitSubscription> {
    const { connection, topology, retry, logger, onLost } = options;
    const { consumer, types } = subscription;
    const channel = await connection.createChannel();
    channel.on('error', (err) => {
      logger.error({ err, consumer }, 'the broker has ended a subscription');
      onLost();
    });
    await channel.prefetch(PREFETCH);
    await topology.bind(channel, consumer, types);

    const opened = new RabbitSubscription(channel, new OrderedDelivery(subscription, retry, logger), logger);
    await channel.consume(topology.queueOf(consumer), (message) => {
      // Null says that the broker has cancelled the consumer.
      if (message) void opened.receive(message);
      else onLost();
    });
    return opened;
  }

  /** Waits for the handlers at work. What they have not come to goes back to the broker, in its order. */
  async close(): Promise<void> {
    await this.delivery.stop();
    // Not cancelled before: another replica would get later events while earlier ones are still held here.
    await this.channel.close().catch(() => undefined);
  }

  private async receive(message: ConsumeMessage): Promise<void> {
    try {
      const event = eventIn(message);
      if (!event) this.logger.error({ messageId: message.properties.messageId as unknown }, 'message is no event');
      const isHandled = event !== null && (await this.delivery.deliver(event));
      if (isHandled) this.channel.ack(message);
      else this.channel.nack(message, false, false);
    } catch {
      // Stopped, or the channel is gone: the broker delivers the event again.
    }
  }
}
