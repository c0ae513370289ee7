import type { Channel } from 'amqplib';

/** The names of what one namespace has on the broker, and how it is declared. */
export class RabbitTopology {
  readonly exchange: string;

  /** `namespace` is the prefix of every name. */
  constructor(private readonly namespace: string) {
    this.exchange = `${namespace}.events`;
  }

  queueOf(consumer: string): string {
    return `${this.namespace}.${consumer}`;
  }

  deadQueueOf(consumer: string): string {
    return `${this.queueOf(consumer)}.dead`;
  }

  async declareExchange(channel: Channel): Promise<void> {
    await channel.assertExchange(this.exchange, 'topic', { durable: true });
  }

  /** The queue of a consumer and the one of its dead letters; both outlive the consumer. */
  async declareQueues(channel: Channel, consumer: string): Promise<void> {
    const dead = this.deadQueueOf(consumer);
    await channel.assertQueue(dead, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    await channel.assertQueue(this.queueOf(consumer), {
      durable: true,
      arguments: {
        'x-queue-type': 'quorum',
        'x-single-active-consumer': true,
        'x-dead-letter-exchange': '',
        'x-dead-letter-routing-key': dead,
        // The dead letter queue confirms a message before it leaves this one. RabbitMQ 3.10 and later; it
        // needs the overflow below (https://www.rabbitmq.com/docs/quorum-queues#dead-lettering).
        'x-dead-letter-strategy': 'at-least-once',
        'x-overflow': 'reject-publish',
      },
    });
  }

  /** From now on the consumer's queue keeps events of these types, whether anybody reads it or not. */
  async bind(channel: Channel, consumer: string, types: readonly string[]): Promise<void> {
    await this.declareQueues(channel, consumer);
    for (const type of types) await channel.bindQueue(this.queueOf(consumer), this.exchange, type);
  }
}
