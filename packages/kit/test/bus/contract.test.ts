import type { BusEvent, EventBus } from '../../src/event-bus';
import { aGate, eventually } from '../../testing';
import { anEvent, eventsOf } from './an-event';
import { busKinds, type TestBroker } from './brokers';

describe.each(busKinds)('%s', (_kind, startBroker) => {
  let broker: TestBroker;
  let bus: EventBus;

  beforeEach(async () => {
    broker = await startBroker();
    bus = await broker.connect();
  });
  afterEach(() => broker.stop());

  /** Subscribes `stock`, and answers what it gets; `handle` decides how each event ends. */
  async function subscribe(handle: (event: BusEvent) => Promise<void> = async () => undefined) {
    const handled: string[] = [];
    await bus.subscribe({
      consumer: 'stock',
      types: ['thing.done'],
      async handle(event) {
        await handle(event);
        handled.push(event.id);
      },
    });
    return handled;
  }
  const publishAll = (events: readonly BusEvent[]) => Promise.all(events.map((event) => bus.publish(event)));

  it('brings an event as it was published to every consumer of its type, and to no other', async () => {
    const seen: Record<string, BusEvent[]> = { first: [], second: [], other: [] };
    const collect = (consumer: string, type: string) =>
      bus.subscribe({ consumer, types: [type], handle: async (event) => void seen[consumer]?.push(event) });
    await collect('first', 'thing.done');
    await collect('second', 'thing.done');
    await collect('other', 'thing.undone');

    await bus.publish(anEvent('a'));
    await bus.publish(anEvent('b', 1, { type: 'thing.undone' }));
    await eventually(() => expect(seen).toMatchObject({ first: [{}], second: [{}], other: [{}] }));
    expect(seen).toEqual({
      first: [anEvent('a')],
      second: [anEvent('a')],
      other: [anEvent('b', 1, { type: 'thing.undone' })],
    });
  });

  it('tells a consumer when its events begin to come', async () => {
    const onSubscribed = jest.fn();
    await bus.subscribe({ consumer: 'stock', types: ['thing.done'], handle: async () => undefined, onSubscribed });
    expect(onSubscribed).toHaveBeenCalledTimes(1);
  });

  it('takes an event that nobody is interested in', async () => {
    await expect(bus.publish(anEvent('a'))).resolves.toBeUndefined();
  });

  it('keeps the order of each aggregate', async () => {
    const handled = await subscribe();
    await publishAll([...eventsOf('a', 20), ...eventsOf('b', 20)]);
    await eventually(() => expect(handled).toHaveLength(40));
    const of = (aggregateId: string) => handled.filter((id) => id.startsWith(`evt_${aggregateId}_`));
    expect(of('a')).toEqual(eventsOf('a', 20).map(({ id }) => id));
    expect(of('b')).toEqual(eventsOf('b', 20).map(({ id }) => id));
  });

  it('tries an event again that failed; meanwhile its successors wait and other aggregates go on', async () => {
    const others = aGate();
    let attempts = 0;
    const handled = await subscribe(async ({ id }) => {
      if (id === 'evt_b_2') others.open();
      if (id !== 'evt_a_1') return;
      attempts += 1;
      if (attempts === 1) throw new Error('not yet');
      await others.passed;
    });
    const publishing = publishAll([...eventsOf('a', 2), ...eventsOf('b', 1)]);
    await eventually(() => expect(attempts).toBe(2));
    await bus.publish(anEvent('b', 2));
    await publishing;
    await eventually(() => expect(handled).toHaveLength(4));
    expect(handled).toEqual(['evt_b_1', 'evt_b_2', 'evt_a_1', 'evt_a_2']);
  });

  it('lays an event aside after the last attempt, and goes on with the next of its aggregate', async () => {
    let attempts = 0;
    const handled = await subscribe(async ({ id }) => {
      if (id !== 'evt_a_1') return;
      attempts += 1;
      throw new Error('never');
    });
    await publishAll(eventsOf('a', 2));
    await eventually(() => expect(handled).toEqual(['evt_a_2']));
    expect(attempts).toBe(broker.retry.attempts);
    await eventually(async () => expect(await bus.deadLetters('stock')).toEqual([anEvent('a')]));
  });

  it('shows dead letters as often as they are asked for, oldest first', async () => {
    await subscribe(async () => Promise.reject(new Error('never')));
    for (const event of eventsOf('a', 3)) await bus.publish(event);
    await eventually(async () => expect(await bus.deadLetters('stock')).toHaveLength(3));
    expect(await bus.deadLetters('stock')).toEqual(eventsOf('a', 3));
    expect(await bus.deadLetters('stock')).toEqual(eventsOf('a', 3));
  });

  it('replays the dead letters of a consumer in their order, and keeps none of them', async () => {
    let isBroken = true;
    const handled = await subscribe(async () => {
      if (isBroken) throw new Error('not yet');
    });
    await publishAll(eventsOf('a', 5));
    await eventually(async () => expect(await bus.deadLetters('stock')).toHaveLength(5));
    isBroken = false;
    expect(await bus.replay('stock')).toBe(5);
    await eventually(() => expect(handled).toEqual(eventsOf('a', 5).map(({ id }) => id)));
    expect(await bus.deadLetters('stock')).toEqual([]);
    expect(await bus.replay('stock')).toBe(0);
  });

  it('lays a replayed event aside again when it still fails', async () => {
    await subscribe(async () => Promise.reject(new Error('never')));
    await bus.publish(anEvent('a'));
    await eventually(async () => expect(await bus.deadLetters('stock')).toHaveLength(1));
    expect(await bus.replay('stock')).toBe(1);
    await eventually(async () => expect(await bus.deadLetters('stock')).toEqual([anEvent('a')]));
  });

  it('waits, when a consumer leaves, for the event that it is handling', async () => {
    const [entered, gate] = [aGate(), aGate()];
    const handled = await subscribe(async () => {
      entered.open();
      await gate.passed;
    });
    const publishing = bus.publish(anEvent('a'));
    await entered.passed;
    const left = bus.unsubscribe('stock').then(() => handled.slice());
    gate.open();
    expect(await left).toEqual(['evt_a_1']);
    await publishing;
  });

  it('loses nothing when a consumer leaves and comes back', async () => {
    const [entered, gate] = [aGate(), aGate()];
    const before = await subscribe(async () => {
      entered.open();
      await gate.passed;
    });
    const events = eventsOf('a', 5);
    const firstTry = Promise.allSettled(events.map((event) => bus.publish(event)));
    await entered.passed;
    const left = bus.unsubscribe('stock');
    gate.open();
    await left;

    const after = await subscribe();
    // As the outbox does with what the bus did not take.
    const outcomes = await firstTry;
    for (const [index, { status }] of outcomes.entries()) if (status === 'rejected') await bus.publish(events[index]!);
    await eventually(() => expect([...new Set([...before, ...after])]).toEqual(events.map(({ id }) => id)));
  });

  it('keeps, or does not take, what is published while a consumer is away', async () => {
    await bus.announce('stock', ['thing.done']);
    const isTaken = await bus.publish(anEvent('a')).then(
      () => true,
      () => false,
    );
    const handled = await subscribe();
    if (!isTaken) await bus.publish(anEvent('a'));
    await eventually(() => expect(handled).toEqual(['evt_a_1']));
  });

  it('has one subscription of a name', async () => {
    await subscribe();
    await expect(subscribe()).rejects.toThrow('stock has subscribed already');
  });

  it('is healthy until it is closed, and takes nothing afterwards', async () => {
    await expect(bus.ping()).resolves.toBeUndefined();
    await bus.close();
    await expect(bus.ping()).rejects.toThrow();
    await expect(bus.publish(anEvent('a'))).rejects.toThrow();
  });
});
