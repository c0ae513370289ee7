import type { ChannelModel, ConfirmChannel, GetMessage } from 'amqplib';
import type { BusEvent } from './event-bus';
import { eventIn, messageOf } from './rabbit-event';
import type { RabbitTopology } from './rabbit-topology';

interface DeadLetter {
  readonly message: GetMessage;
  readonly event: BusEvent;
}

/** The events among the dead letters of a consumer, oldest first; they stay there. */
export function listDeadLetters(connection: ChannelModel, topology: RabbitTopology, consumer: string) {
  return withDeadLetters(connection, topology, consumer, async (letters) => letters.map(({ event }) => event));
}

/** Puts the dead letters of a consumer back into its queue, in their order; answers how many. What is no event stays. */
export function replayDeadLetters(connection: ChannelModel, topology: RabbitTopology, consumer: string) {
  return withDeadLetters(connection, topology, consumer, async (letters, channel) => {
    for (const { message, event } of letters) {
      const { body, options } = messageOf(event);
      channel.sendToQueue(topology.queueOf(consumer), body, options);
      // It leaves the one queue only when it is safe in the other.
      await channel.waitForConfirms();
      channel.ack(message);
    }
    return letters.length;
  });
}

/** What `use` does not acknowledge is the broker's again, in its old place, when the channel closes. */
async function withDeadLetters<Value>(
  connection: ChannelModel,
  topology: RabbitTopology,
  consumer: string,
  use: (letters: readonly DeadLetter[], channel: ConfirmChannel) => Promise<Value>,
): Promise<Value> {
  const channel = await connection.createConfirmChannel();
  // Its failures reject what waits on the channel.
  channel.on('error', () => undefined);
  try {
    await topology.declareQueues(channel, consumer);
    return await use(await takeAll(channel, topology.deadQueueOf(consumer)), channel);
  } finally {
    await channel.close().catch(() => undefined);
  }
}

async function takeAll(channel: ConfirmChannel, queue: string): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for (;;) {
    const message = await channel.get(queue);
    if (message === false) return letters;
    const event = eventIn(message);
    if (event) letters.push({ message, event });
  }
}
