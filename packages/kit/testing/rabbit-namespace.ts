import { randomBytes } from 'node:crypto';
import { connect } from 'amqplib';
import { RabbitTopology } from '../src/rabbit-topology';

/** A prefix for exchange and queues that nobody else uses. */
export function aNamespace(): string {
  return `test.${randomBytes(6).toString('hex')}`;
}

/** Deletes the exchange of a namespace and the queues that these consumers had in it. */
export async function deleteNamespace(url: string, namespace: string, consumers: Iterable<string>): Promise<void> {
  const topology = new RabbitTopology(namespace);
  const connection = await connect(url);
  const channel = await connection.createChannel();
  for (const consumer of consumers) {
    await channel.deleteQueue(topology.queueOf(consumer));
    await channel.deleteQueue(topology.deadQueueOf(consumer));
  }
  await channel.deleteExchange(topology.exchange);
  await connection.close();
}
