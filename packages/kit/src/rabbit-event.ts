import type { Message, Options } from 'amqplib';
import { z } from 'zod';
import type { BusEvent } from './event-bus';

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

/** The body and the properties of the message that carries `event`; it survives the broker's restart. */
export function messageOf(event: BusEvent): { readonly body: Buffer; readonly options: Options.Publish } {
  const options = { persistent: true, messageId: event.id, type: event.type, contentType: 'application/json' };
  return { body: Buffer.from(JSON.stringify(event)), options };
}

/** The event that a message carries; null when it carries none. */
export function eventIn({ content }: Pick<Message, 'content'>): BusEvent | null {
  try {
    return eventSchema.parse(JSON.parse(content.toString('utf8')));
  } catch {
    return null;
  }
}
