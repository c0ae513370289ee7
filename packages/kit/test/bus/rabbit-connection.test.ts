import type { EventBus } from '../../src/event-bus';
import { aGate, type CuttableProxy, cuttableProxy, eventually } from '../../testing';
import { anEvent, eventsOf } from './an-event';
import { onRabbit, rabbitUrl, type TestBroker } from './brokers';

/** Needs a real broker. */
const describeOnRabbit = rabbitUrl === undefined ? describe.skip : describe;

describeOnRabbit('a bus whose connection breaks', () => {
  let proxy: CuttableProxy;
  let broker: TestBroker;
  let bus: EventBus;

  beforeEach(async () => {
    proxy = await cuttableProxy(rabbitUrl!);
    broker = await onRabbit(rabbitUrl!);
    bus = await broker.connect(proxy.url);
  });
  afterEach(async () => {
    await broker.stop();
    await proxy.stop();
  });

  async function collect(handle: (id: string) => Promise<void> = async () => undefined) {
    const handled: string[] = [];
    await bus.subscribe({
      consumer: 'stock',
      types: ['thing.done'],
      async handle({ id }) {
        await handle(id);
        handled.push(id);
      },
    });
    return handled;
  }

  it('refuses events at once while the broker is away, and takes them when it is back', async () => {
    proxy.cut();
    await eventually(() => expect(bus.ping()).rejects.toThrow('the broker cannot be reached'));
    await expect(bus.publish(anEvent('a'))).rejects.toThrow('the broker cannot be reached');
    await expect(bus.deadLetters('stock')).rejects.toThrow('the broker cannot be reached');
    proxy.mend();
    await eventually(() => bus.publish(anEvent('a')));
    await expect(bus.ping()).resolves.toBeUndefined();
  });

  it('never says that an event is safe which the broker did not confirm', async () => {
    const handled = await collect();
    const publishing = Promise.allSettled(eventsOf('a', 50).map((event) => bus.publish(event)));
    proxy.cut();
    const outcomes = await publishing;
    expect(outcomes.map(({ status }) => status)).toContain('rejected');
    proxy.mend();
    await eventually(() => bus.ping());
    const safe = eventsOf('a', 50).filter((_event, index) => outcomes[index]?.status === 'fulfilled');
    await eventually(() => expect(handled).toEqual(expect.arrayContaining(safe.map(({ id }) => id))));
  });

  it('brings again, in order, what was not acknowledged', async () => {
    const [entered, gate] = [aGate(), aGate()];
    const handled = await collect(async () => {
      entered.open();
      await gate.passed;
    });
    for (const event of eventsOf('a', 3)) await bus.publish(event);
    await entered.passed;
    proxy.cut();
    await eventually(() => expect(bus.ping()).rejects.toThrow());
    gate.open();
    proxy.mend();
    await eventually(() => expect(new Set(handled)).toEqual(new Set(eventsOf('a', 3).map(({ id }) => id))));
    // The one in hand was handled, but nobody could say so.
    expect(handled).toEqual(['evt_a_1', 'evt_a_1', 'evt_a_2', 'evt_a_3']);
  });

  it('goes on with its subscriptions after many breaks', async () => {
    const handled = await collect();
    for (let round = 1; round <= 3; round += 1) {
      proxy.cut();
      await eventually(() => expect(bus.ping()).rejects.toThrow());
      proxy.mend();
      await eventually(() => bus.publish(anEvent('a', round)));
      await eventually(() => expect(handled).toContain(`evt_a_${round}`));
    }
  });

  it('closes while the broker is away', async () => {
    await collect();
    proxy.cut();
    await eventually(() => expect(bus.ping()).rejects.toThrow());
    await expect(bus.close()).resolves.toBeUndefined();
  });

  it('cannot be opened on a broker that is not there', async () => {
    proxy.cut();
    await expect(broker.connect(proxy.url)).rejects.toThrow();
  });
});
