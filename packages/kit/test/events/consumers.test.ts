import { type Model, Schema } from 'mongoose';
import { type Call, serviceCall } from '../../src/call';
import { consumeEvents, type EventHandler } from '../../src/consumers';
import type { EventBus } from '../../src/event-bus';
import { typeIds } from '../../src/ids';
import { connectMongo, ensureIndexes, inTransaction, type MongoConnection } from '../../src/mongo';
import { Outbox } from '../../src/outbox';
import { relayOutbox } from '../../src/outbox-relay';
import { eventually, FakeClock, startTestBus, startTestDatabase } from '../../testing';
import { anEvent, eventsOf } from '../bus/an-event';
import { silentLogger } from '../silent-logger';

interface Count {
  _id: string;
  units: number;
}

let database: Awaited<ReturnType<typeof startTestDatabase>>;
let connection: MongoConnection;
let counts: Model<Count>;
let bus: EventBus;
const clock = new FakeClock();

beforeAll(async () => {
  database = await startTestDatabase();
  connection = await connectMongo(database.uri);
  counts = connection.model('Count', new Schema<Count>({ _id: String, units: Number }, { versionKey: false }));
});
beforeEach(async () => {
  bus = await startTestBus();
  await connection.dropDatabase();
});
afterEach(() => bus.close());
afterAll(async () => {
  await connection.close();
  await database.stop();
});

/** An effect that tells how often it was had. */
const countUp: EventHandler = async ({ aggregateId }, tx) => {
  await counts.updateOne({ _id: aggregateId }, { $inc: { units: 1 } }, { upsert: true, session: tx });
};
const unitsOf = async (aggregateId: string) => (await counts.findById(aggregateId).lean())?.units ?? 0;

async function consume(handlers: Readonly<Record<string, EventHandler>>, consumer = 'stock', from = bus) {
  const background = consumeEvents({ bus: from, connection, clock, consumer, handlers });
  await ensureIndexes(connection);
  await background.start();
  return background;
}

describe('a consumer', () => {
  it('lets an event that arrives several times have its effect once', async () => {
    await consume({ 'thing.done': countUp });
    for (let time = 1; time <= 3; time += 1) await bus.publish(anEvent('a'));
    await bus.publish(anEvent('a', 2));
    await eventually(async () => expect(await unitsOf('a')).toBe(2));
  });

  it('lets an event that arrives several times at once have its effect once', async () => {
    const replica = await startTestBus();
    for (const each of [bus, replica]) await consume({ 'thing.done': countUp }, 'stock', each);
    await Promise.all([bus, replica].map((each) => each.publish(anEvent('a'))));
    await Promise.all([bus, replica].map((each) => each.publish(anEvent('a', 2))));
    await eventually(async () => expect(await unitsOf('a')).toBe(2));
    await replica.close();
  });

  it('lets an event have its effect once with each consumer', async () => {
    await consume({ 'thing.done': countUp }, 'first');
    await consume({ 'thing.done': countUp }, 'second');
    await bus.publish(anEvent('a'));
    await eventually(async () => expect(await unitsOf('a')).toBe(2));
  });

  it('keeps nothing of what a handler did that failed afterwards', async () => {
    let attempts = 0;
    await consume({
      async 'thing.done'(event, tx, call) {
        await countUp(event, tx, call);
        attempts += 1;
        if (attempts === 1) throw new Error('not yet');
      },
    });
    await bus.publish(anEvent('a'));
    await eventually(() => expect(attempts).toBe(2));
    await eventually(async () => expect(await unitsOf('a')).toBe(1));
  });

  it('acts as the service itself, within the trace of the event', async () => {
    const calls: Call[] = [];
    await consume({ 'thing.done': async (_event, _tx, call) => void calls.push(call) });
    await bus.publish(anEvent('a', 1, { traceparent: '00-trace-span-01' }));
    const expected = { viewer: { kind: 'service', name: 'stock' }, traceparent: '00-trace-span-01', deadline: null };
    await eventually(() => expect(calls).toMatchObject([expected]));
  });

  it('lays aside what always fails, goes on with the rest, and handles it when it is replayed', async () => {
    let isBroken = true;
    await consume({
      async 'thing.done'(event, tx, call) {
        if (isBroken && event.aggregateId === 'broken') throw new Error('never');
        await countUp(event, tx, call);
      },
    });
    await Promise.all([...eventsOf('broken', 2), ...eventsOf('a', 3)].map((event) => bus.publish(event)));
    await eventually(async () => expect(await unitsOf('a')).toBe(3));
    await eventually(async () => expect(await bus.deadLetters('stock')).toEqual(eventsOf('broken', 2)));
    isBroken = false;
    expect(await bus.replay('stock')).toBe(2);
    await eventually(async () => expect(await unitsOf('broken')).toBe(2));
  });

  it('misses nothing that is written before it starts, once it is announced', async () => {
    const consumer = consumeEvents({ bus, connection, clock, consumer: 'stock', handlers: { 'thing.done': countUp } });
    const outbox = new Outbox(connection, clock, typeIds);
    const relay = relayOutbox({ connection, outbox, bus, clock, logger: silentLogger, pollMs: 20 });
    await ensureIndexes(connection);
    await relay.start();
    const event = { type: 'thing.done', aggregateId: 'a', sequence: 1, data: {} };
    await inTransaction(connection, (tx) => outbox.append([event], serviceCall('things'), tx));
    await consumer.start();
    await eventually(async () => expect(await unitsOf('a')).toBe(1));
    await relay.stop();
  });
});
