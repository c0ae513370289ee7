import { type Channel, connect } from 'amqplib';
import type { BusEvent, EventBus } from '../../src/event-bus';
import { RabbitTopology } from '../../src/rabbit-topology';
import { aGate, eventually } from '../../testing';
import { anEvent, eventsOf } from './an-event';
import { onRabbit, rabbitUrl } from './brokers';

/** Needs a real broker. */
const describeOnRabbit = rabbitUrl === undefined ? describe.skip : describe;

describeOnRabbit('the queues of RabbitMQ', () => {
  let broker: Awaited<ReturnType<typeof onRabbit>>;
  let topology: RabbitTopology;
  let channel: Channel;
  let disconnect: () => Promise<void>;

  beforeEach(async () => {
    broker = await onRabbit(rabbitUrl!);
    topology = new RabbitTopology(broker.namespace);
    const connection = await connect(rabbitUrl!);
    channel = await connection.createChannel();
    disconnect = () => connection.close();
  });
  afterEach(async () => {
    await disconnect();
    await broker.stop();
  });

  const subscribe = (bus: EventBus, handle: (event: BusEvent) => Promise<void>) =>
    bus.subscribe({ consumer: 'stock', types: ['thing.done'], handle });
  const depthOf = async (queue: string) => (await channel.checkQueue(queue)).messageCount;

  it('keep an event until a consumer comes back', async () => {
    const [first, second] = [await broker.connect(), await broker.connect()];
    await subscribe(first, async () => undefined);
    await first.close();
    await second.publish(anEvent('a'));
    const handled: string[] = [];
    await subscribe(second, async ({ id }) => void handled.push(id));
    await eventually(() => expect(handled).toEqual(['evt_a_1']));
  });

  it('give the events of one consumer to one of its replicas, and in order to the next when that one leaves', async () => {
    const [first, second] = [await broker.connect(), await broker.connect()];
    const [third, gate] = [aGate(), aGate()];
    const handled: string[] = [];
    await subscribe(first, async ({ id, sequence }) => {
      if (sequence === 3) {
        third.open();
        await gate.passed;
      }
      handled.push(`first ${id}`);
    });
    await subscribe(second, async ({ id }) => void handled.push(`second ${id}`));
    for (const event of eventsOf('a', 10)) await second.publish(event);
    await third.passed;
    expect(handled).toEqual(['first evt_a_1', 'first evt_a_2']);

    const left = first.unsubscribe('stock');
    gate.open();
    await left;
    await eventually(() => expect(handled).toHaveLength(10));
    const expected = eventsOf('a', 10).map(({ id, sequence }) => `${sequence <= 3 ? 'first' : 'second'} ${id}`);
    expect(handled).toEqual(expected);
  });

  it('lay aside what is no event, and leave it there at a replay', async () => {
    const bus = await broker.connect();
    const handled: string[] = [];
    await subscribe(bus, async ({ id }) => void handled.push(id));
    for (const garbage of ['not json', '{"id":1}', 'null', '']) {
      channel.publish(topology.exchange, 'thing.done', Buffer.from(garbage));
    }
    await eventually(async () => expect(await depthOf(topology.deadQueueOf('stock'))).toBe(4));
    await bus.publish(anEvent('a'));
    await eventually(() => expect(handled).toEqual(['evt_a_1']));
    expect(await bus.deadLetters('stock')).toEqual([]);
    expect(await bus.replay('stock')).toBe(0);
    await eventually(async () => expect(await depthOf(topology.deadQueueOf('stock'))).toBe(4));
  });

  it('keep the dead letters that are replayed before their consumer is there', async () => {
    const bus = await broker.connect();
    await subscribe(bus, async () => Promise.reject(new Error('never')));
    await bus.publish(anEvent('a'));
    await eventually(async () => expect(await bus.deadLetters('stock')).toHaveLength(1));
    await bus.unsubscribe('stock');
    await channel.deleteQueue(topology.queueOf('stock'));
    expect(await bus.replay('stock')).toBe(1);
    const handled: string[] = [];
    await subscribe(bus, async ({ id }) => void handled.push(id));
    await eventually(() => expect(handled).toEqual(['evt_a_1']));
  });

  it('are made anew when somebody deletes them', async () => {
    const bus = await broker.connect();
    const handled: string[] = [];
    await subscribe(bus, async ({ id }) => void handled.push(id));
    await channel.deleteQueue(topology.queueOf('stock'));
    await eventually(async () => {
      await bus.publish(anEvent('a'));
      expect(handled).toContain('evt_a_1');
    });
  });

  it('hold back no other aggregate for a dead one', async () => {
    const bus = await broker.connect();
    const handled: string[] = [];
    await subscribe(bus, async ({ id, aggregateId }) => {
      if (aggregateId === 'dead') throw new Error('never');
      handled.push(id);
    });
    await Promise.all([...eventsOf('dead', 10), ...eventsOf('b', 10)].map((event) => bus.publish(event)));
    await eventually(() => expect(handled).toEqual(eventsOf('b', 10).map(({ id }) => id)));
    await eventually(async () => expect(await bus.deadLetters('stock')).toEqual(eventsOf('dead', 10)));
  });
});
