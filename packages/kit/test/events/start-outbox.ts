import { serviceCall } from '../../src/call';
import type { BusEvent } from '../../src/event-bus';
import { typeIds } from '../../src/ids';
import { connectMongo, ensureIndexes, inTransaction } from '../../src/mongo';
import { Outbox } from '../../src/outbox';
import { relayOutbox } from '../../src/outbox-relay';
import { FakeClock, startTestDatabase } from '../../testing';
import { silentLogger } from '../silent-logger';
import { RecordingBus } from './recording-bus';

interface OutboxOptions {
  readonly announce?: (event: BusEvent) => Promise<void>;
}

/** An outbox in a database of its own, with any number of replicas that relay it to one bus. */
export async function startOutbox(options: OutboxOptions = {}) {
  const database = await startTestDatabase();
  const clock = new FakeClock();
  const bus = new RecordingBus();
  const connections = [await connectMongo(database.uri)];
  const connection = connections[0]!;
  const outbox = new Outbox(connection, clock, typeIds);
  await ensureIndexes(connection);
  const relayOf = (replicaConnection: typeof connection, replicaOutbox: Outbox) =>
    relayOutbox({
      connection: replicaConnection,
      outbox: replicaOutbox,
      bus,
      clock,
      logger: silentLogger,
      pollMs: 20,
      ...options,
    });

  return {
    clock,
    bus,
    connection,
    outbox,
    relay: relayOf(connection, outbox),
    /** Another process on the same database. */
    async replica() {
      const other = await connectMongo(database.uri);
      connections.push(other);
      const otherOutbox = new Outbox(other, clock, typeIds);
      return { connection: other, outbox: otherOutbox, relay: relayOf(other, otherOutbox) };
    },
    /** Commits one event of an aggregate. */
    append: (aggregateId: string, sequence: number, by = { connection, outbox }) =>
      inTransaction(by.connection, (tx) =>
        by.outbox.append([{ type: 'thing.done', aggregateId, sequence, data: {} }], serviceCall('things'), tx),
      ),
    async stop() {
      await Promise.all(connections.map((each) => each.close()));
      await database.stop();
    },
  };
}
