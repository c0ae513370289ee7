import { type Connection, type Model, Schema } from 'mongoose';
import type { Background } from './background';
import { type Call, serviceCall } from './call';
import type { Clock } from './clock';
import type { BusEvent, EventBus } from './event-bus';
import { inTransaction, type Transaction } from './mongo';

/** How long a handled event is remembered: longer than any broker or dead letter is likely to bring it again. */
const REMEMBERED_SECONDS = 30 * 24 * 60 * 60;

interface HandledDocument {
  _id: string;
  handledAt: Date;
}

const handledSchema = new Schema<HandledDocument>(
  { _id: { type: String, required: true }, handledAt: { type: Date, required: true, expires: REMEMBERED_SECONDS } },
  { collection: 'handledEvents', versionKey: false },
);

/** Does what an event calls for, in `tx`; may run again from the start when the transaction is retried. */
export type EventHandler = (event: BusEvent, tx: Transaction, call: Call) => Promise<void>;

interface ConsumerOptions {
  readonly bus: EventBus;
  readonly connection: Connection;
  readonly clock: Clock;
  /** Names the queue and the actor of what the handlers do. */
  readonly consumer: string;
  /** By event type. */
  readonly handlers: Readonly<Record<string, EventHandler>>;
}

/**
 * Handles events of other services. A handler's writes and the note that its event was handled are one
 * transaction, so that an event which arrives twice has its effect once.
 */
export function consumeEvents({ bus, connection, clock, consumer, handlers }: ConsumerOptions): Background {
  const handled: Model<HandledDocument> =
    connection.models.HandledEvent ?? connection.model<HandledDocument>('HandledEvent', handledSchema);

  async function handle(event: BusEvent): Promise<void> {
    const handler = handlers[event.type];
    if (!handler) return;
    const call = serviceCall(consumer, { traceparent: event.traceparent });
    const _id = `${consumer}:${event.id}`;
    await inTransaction(connection, async (tx) => {
      if (await handled.findById(_id).session(tx).lean()) return;
      await handler(event, tx, call);
      await handled.insertMany([{ _id, handledAt: clock.now() }], { session: tx });
    });
  }

  const types = Object.keys(handlers);
  // Now, not at the start: other services of this process may start, and publish, before.
  const announced = bus.announce(consumer, types);
  // A failure shows at the start.
  announced.catch(() => undefined);
  return {
    name: `consumer:${consumer}`,
    async start() {
      await announced;
      await bus.subscribe({ consumer, types, handle });
    },
    stop: () => bus.unsubscribe(consumer),
  };
}
