import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import type { Logger } from 'pino';
import { type BusEvent, DEFAULT_RETRY, type EventBus, type RetryPolicy, type Subscription } from './event-bus';
import { breakUp, openConnection } from './rabbit-connection';
import { listDeadLetters, replayDeadLetters } from './rabbit-dead-letters';
import { messageOf } from './rabbit-event';
import { RabbitSubscription } from './rabbit-subscription';
import { RabbitTopology } from './rabbit-topology';

const RECONNECT_DELAY_MS = 500;
const CONFIRM_TIMEOUT_MS = 10_000;

interface RabbitOptions {
  readonly url: string;
  readonly logger: Logger;
  readonly retry?: RetryPolicy;
  /** Prefix of exchange and queues, so that tests do not meet. */
  readonly namespace?: string;
  /** How long a broken connection waits before it is tried anew, and again, in milliseconds. */
  readonly reconnectDelayMs?: number;
}

/** Opens a bus on RabbitMQ. @throws Error when the broker cannot be reached at start; later it reconnects by itself. */
export async function connectRabbitBus(options: RabbitOptions): Promise<RabbitBus> {
  const bus = new RabbitBus(options);
  await bus.connect();
  return bus;
}

/**
 * Opens a bus on RabbitMQ for those who can do without it. When the broker cannot be reached at once, it tries again by
 * itself.
 */
export async function startRabbitBus(options: RabbitOptions): Promise<RabbitBus> {
  const bus = new RabbitBus(options);
  await bus.start();
  return bus;
}

interface Open {
  readonly connection: ChannelModel;
  /** Publishes. */
  readonly channel: ConfirmChannel;
}

/**
 * Events on RabbitMQ: one topic exchange; for each consumer a quorum queue bound by event types, with a single
 * active consumer, so that replicas keep the order; publisher confirms; a dead letter queue beside each queue.
 */
export class RabbitBus implements EventBus {
  private readonly topology: RabbitTopology;
  private open: Open | null = null;
  private readonly announced = new Map<string, readonly string[]>();
  /** Settles when every announcement so far has taken effect. */
  private announcing: Promise<unknown> = Promise.resolve();
  private readonly subscriptions = new Map<string, Subscription>();
  private readonly active = new Map<string, RabbitSubscription>();
  private reconnecting: Promise<void> | undefined;
  private readonly closing = new AbortController();

  constructor(private readonly options: RabbitOptions) {
    this.topology = new RabbitTopology(options.namespace ?? 'shopgraph');
  }

  /** Connects, and comes back with every subscription whenever the connection breaks. */
  async connect(): Promise<void> {
    const connection = await openConnection(this.options.url);
    const life = { isOver: false };
    connection.on('error', (err) => this.options.logger.error({ err }, 'the broker reports an error'));
    connection.on('close', () => {
      life.isOver = true;
      if (this.open?.connection === connection) this.reconnecting = this.reconnect();
    });
    try {
      const channel = await connection.createConfirmChannel();
      // A channel that breaks takes the connection with it, and both are made anew.
      channel.on('error', () => void breakUp(connection));
      await this.topology.declareExchange(channel);
      for (const [consumer, types] of this.announced) await this.topology.bind(channel, consumer, types);
      for (const subscription of this.subscriptions.values()) await this.activate(subscription, connection);
      if (life.isOver) throw new Error('the connection broke while it was set up');
      this.open = { connection, channel };
    } catch (error) {
      await breakUp(connection);
      throw error;
    }
  }

  /**
   * Connects as soon as the broker can be reached, with all that was announced and subscribed to until then. Resolves
   * when it has tried for the first time.
   */
  start(): Promise<void> {
    return new Promise((resolve) => (this.reconnecting = this.reconnect(0, resolve)));
  }

  private async reconnect(firstDelayMs = this.reconnectDelayMs, onTried: () => void = () => undefined): Promise<void> {
    this.open = null;
    const { logger } = this.options;
    for (let delayMs = firstDelayMs; ; delayMs = this.reconnectDelayMs) {
      await this.deactivateAll();
      try {
        await sleep(delayMs, undefined, { signal: this.closing.signal });
        await this.connect();
        return;
      } catch (err) {
        if (this.closing.signal.aborted) return;
        logger.error({ err }, 'the broker cannot be reached');
      } finally {
        onTried();
      }
    }
  }

  async publish(event: BusEvent): Promise<void> {
    await this.announcing;
    const { channel } = this.opened();
    const { body, options } = messageOf(event);
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        timer = setTimeout(() => reject(new Error('the broker did not confirm the event')), CONFIRM_TIMEOUT_MS);
        channel.publish(this.topology.exchange, event.type, body, options, (error: unknown) => {
          if (error) reject(new Error('the broker did not take the event', { cause: error }));
          else resolve();
        });
      });
    } finally {
      clearTimeout(timer);
    }
  }

  async announce(consumer: string, types: readonly string[]): Promise<void> {
    this.announced.set(consumer, types);
    const bound = this.bind(consumer, types);
    this.announcing = Promise.allSettled([this.announcing, bound]);
    await bound;
  }

  private async bind(consumer: string, types: readonly string[]): Promise<void> {
    // On a channel of its own, so that publishing does not suffer from what is wrong with a queue.
    const channel = await this.opened().connection.createChannel();
    channel.on('error', () => undefined);
    await this.topology.bind(channel, consumer, types).finally(() => channel.close().catch(() => undefined));
  }

  async subscribe(subscription: Subscription): Promise<void> {
    const { consumer } = subscription;
    if (this.subscriptions.has(consumer)) throw new Error(`${consumer} has subscribed already`);
    this.subscriptions.set(consumer, subscription);
    await this.activate(subscription, this.opened().connection);
  }

  async unsubscribe(consumer: string): Promise<void> {
    this.subscriptions.delete(consumer);
    await this.deactivate(consumer);
  }

  async deadLetters(consumer: string): Promise<readonly BusEvent[]> {
    return listDeadLetters(this.opened().connection, this.topology, consumer);
  }

  async replay(consumer: string): Promise<number> {
    return replayDeadLetters(this.opened().connection, this.topology, consumer);
  }

  async ping(): Promise<void> {
    await this.opened().channel.checkExchange(this.topology.exchange);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.reconnecting;
    this.subscriptions.clear();
    await this.deactivateAll();
    const { open } = this;
    this.open = null;
    await open?.channel.close().catch(() => undefined);
    if (open) await breakUp(open.connection);
  }

  private async activate(subscription: Subscription, connection: ChannelModel): Promise<void> {
    const { retry = DEFAULT_RETRY, logger } = this.options;
    const onLost = () => void breakUp(connection);
    const options = { connection, topology: this.topology, retry, logger, onLost };
    this.active.set(subscription.consumer, await RabbitSubscription.open(subscription, options));
    subscription.onSubscribed?.();
  }

  private async deactivate(consumer: string): Promise<void> {
    const subscription = this.active.get(consumer);
    this.active.delete(consumer);
    await subscription?.close();
  }

  private async deactivateAll(): Promise<void> {
    await Promise.all([...this.active.keys()].map((consumer) => this.deactivate(consumer)));
  }

  private get reconnectDelayMs(): number {
    return this.options.reconnectDelayMs ?? RECONNECT_DELAY_MS;
  }

  private opened(): Open {
    if (!this.open) throw new Error('the broker cannot be reached');
    return this.open;
  }
}
