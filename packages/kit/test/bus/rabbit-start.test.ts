import pino from 'pino';
import type { EventBus } from '../../src/event-bus';
import { startRabbitBus } from '../../src/rabbit-bus';
import { aNamespace, type CuttableProxy, cuttableProxy, deleteNamespace, eventually } from '../../testing';
import { anEvent } from './an-event';
import { onRabbit, rabbitUrl } from './brokers';

/** Needs a real broker. */
const describeOnRabbit = rabbitUrl === undefined ? describe.skip : describe;

describeOnRabbit('a bus that is started before its broker', () => {
  let proxy: CuttableProxy;
  let broker: Awaited<ReturnType<typeof onRabbit>>;
  let bus: EventBus;

  beforeEach(async () => {
    proxy = await cuttableProxy(rabbitUrl!);
    proxy.cut();
    broker = await onRabbit(rabbitUrl!);
    bus = broker.start(proxy.url);
  });
  afterEach(async () => {
    await broker.stop();
    await proxy.stop();
  });

  const subscribe = (to: EventBus, handled: string[], onSubscribed?: () => void) =>
    to.subscribe({
      consumer: 'stock',
      types: ['thing.done'],
      handle: async ({ id }) => void handled.push(id),
      ...(onSubscribed && { onSubscribed }),
    });

  it('subscribes when the broker comes, and says so then and after each break', async () => {
    const handled: string[] = [];
    const onSubscribed = jest.fn();
    await expect(subscribe(bus, handled, onSubscribed)).rejects.toThrow('the broker cannot be reached');
    await expect(bus.ping()).rejects.toThrow('the broker cannot be reached');
    expect(onSubscribed).not.toHaveBeenCalled();

    proxy.mend();
    await eventually(() => expect(onSubscribed).toHaveBeenCalledTimes(1));
    await eventually(() => bus.publish(anEvent('a')));
    await eventually(() => expect(handled).toEqual(['evt_a_1']));

    proxy.cut();
    await eventually(() => expect(bus.ping()).rejects.toThrow());
    proxy.mend();
    await eventually(() => expect(onSubscribed).toHaveBeenCalledTimes(2));
  });

  it('has events kept, when the broker comes, for who was announced before', async () => {
    await expect(bus.announce('stock', ['thing.done'])).rejects.toThrow('the broker cannot be reached');
    proxy.mend();
    await eventually(() => bus.publish(anEvent('a')));
    const handled: string[] = [];
    await subscribe(bus, handled);
    await eventually(() => expect(handled).toEqual(['evt_a_1']));
  });

  it('does not subscribe for who has left until then', async () => {
    const [left, other]: [string[], string[]] = [[], []];
    await expect(subscribe(bus, left)).rejects.toThrow();
    await bus.unsubscribe('stock');
    proxy.mend();
    await eventually(() => bus.ping());
    await subscribe(await broker.connect(), other);
    await bus.publish(anEvent('a'));
    await eventually(() => expect(other).toEqual(['evt_a_1']));
    expect(left).toEqual([]);
  });

  it('is waited for no longer than for the first attempt', async () => {
    const namespace = aNamespace();
    const options = { logger: pino({ level: 'silent' }), namespace };
    const present = await startRabbitBus({ url: rabbitUrl!, ...options });
    await present.ping();
    const away = await startRabbitBus({ url: proxy.url, ...options });
    await expect(away.ping()).rejects.toThrow('the broker cannot be reached');
    await Promise.all([present.close(), away.close()]);
    await deleteNamespace(rabbitUrl!, namespace, []);
  });

  it('closes before the broker comes, and does not connect any more', async () => {
    await expect(subscribe(bus, [])).rejects.toThrow();
    await bus.close();
    proxy.mend();
    const another = broker.start(proxy.url);
    await eventually(() => another.ping());
    await expect(bus.ping()).rejects.toThrow();
    // Those of the other one.
    await eventually(() => expect(proxy.openEnds()).toBe(2));
  });

  it('closes while it connects, and leaves no connection behind', async () => {
    proxy.mend();
    await eventually(() => expect(proxy.openEnds()).toBeGreaterThan(0));
    await bus.close();
    await expect(bus.ping()).rejects.toThrow();
    await eventually(() => expect(proxy.openEnds()).toBe(0));
  });
});
