import type { Logger } from 'pino';
import { EventQueue } from './event-queue';
import { type Redis, subscriberOf } from './redis';

/** Messages that wait for one listener: those who read them look at what there is now, so that the rest can go. */
const CAPACITY = 256;

type Listener = (message: object) => void;

/**
 * Tells whoever listens at the moment, in any replica, that something has changed: at most once, and nobody when Redis
 * is away. Messages hold ids and numbers only; who gets one looks up what it is about.
 */
export class LiveEvents {
  private readonly listeners = new Map<string, Set<Listener>>();
  private subscriber: Redis | null = null;
  /** Begins the names of channels: Redis keeps those of its databases in one room, and shops do not share a database. */
  private readonly prefix: string;

  constructor(
    private readonly redis: Redis,
    private readonly logger: Logger,
  ) {
    this.prefix = `live:${redis.options.db ?? 0}:`;
  }

  /** Never rejects: whoever changes something does not fail because nobody can be told. */
  async publish(channel: string, message: object): Promise<void> {
    try {
      await this.redis.publish(this.prefix + channel, JSON.stringify(message));
    } catch (err) {
      this.logger.warn({ err, channel }, 'nobody could be told of a change');
    }
  }

  /**
   * The messages of a channel from now on, until they are returned.
   * @param accepts Which of them are wanted; all unless given.
   * @throws Error when Redis is away.
   */
  async listen<Message extends object>(
    channel: string,
    accepts: (message: Message) => boolean = () => true,
  ): Promise<EventQueue<Message>> {
    const name = this.prefix + channel;
    const listeners = this.listeners.get(name) ?? new Set();
    const listener: Listener = (message) => void (accepts(message as Message) && queue.push(message as Message));
    const queue = new EventQueue<Message>({ capacity: CAPACITY, onReturn: () => this.forget(name, listener) });
    this.listeners.set(name, listeners.add(listener));
    try {
      // Again for those who come while the first one waits: it costs nothing.
      await this.connection().subscribe(name);
    } catch (error) {
      this.forget(name, listener);
      throw error;
    }
    return queue;
  }

  /** Lets go of the connection. */
  close(): void {
    this.subscriber?.disconnect();
  }

  private connection(): Redis {
    if (this.subscriber) return this.subscriber;
    const subscriber = subscriberOf(this.redis, { enableOfflineQueue: true, lazyConnect: false });
    subscriber.on('message', (name: string, text: string) => {
      const message = JSON.parse(text) as object;
      for (const listener of this.listeners.get(name) ?? []) listener(message);
    });
    return (this.subscriber = subscriber);
  }

  private forget(name: string, listener: Listener): void {
    const listeners = this.listeners.get(name);
    listeners?.delete(listener);
    if (listeners?.size !== 0) return;
    this.listeners.delete(name);
    void this.subscriber?.unsubscribe(name).catch(() => undefined);
  }
}
