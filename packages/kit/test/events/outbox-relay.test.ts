import { serviceCall } from '../../src/call';
import { inTransaction } from '../../src/mongo';
import { aGate, eventually } from '../../testing';
import { startOutbox } from './start-outbox';

let started: Awaited<ReturnType<typeof startOutbox>>;
beforeEach(async () => {
  started = await startOutbox();
});
afterEach(async () => {
  await started.relay.stop();
  await started.stop();
});

describe('the relay', () => {
  it('publishes an event after its commit, once', async () => {
    const { relay, append, bus, outbox } = started;
    await relay.start();
    await append('a', 1);
    await eventually(() => expect(bus.publishedIds).toEqual(['a 1']));
    await eventually(async () => expect(await outbox.pendingCount()).toBe(0));
    await append('b', 1);
    await eventually(() => expect(bus.publishedIds).toEqual(['a 1', 'b 1']));
  });

  it('publishes events also when those who follow them live cannot be told', async () => {
    await started.stop();
    started = await startOutbox({ announce: () => Promise.reject(new Error('the store is away')) });
    const { relay, append, bus, outbox } = started;
    await relay.start();
    await append('a', 1);
    await append('a', 2);
    await eventually(() => expect(bus.publishedIds).toEqual(['a 1', 'a 2']));
    await eventually(async () => expect(await outbox.pendingCount()).toBe(0));
  });

  it('publishes nothing of a transaction that fails', async () => {
    const { relay, connection, outbox, bus, append } = started;
    await relay.start();
    const failing = inTransaction(connection, async (tx) => {
      const event = { type: 'thing.done', aggregateId: 'lost', sequence: 1, data: {} };
      await outbox.append([event], serviceCall('things'), tx);
      throw new Error('the write failed');
    });
    await expect(failing).rejects.toThrow('the write failed');
    await append('a', 1);
    await eventually(() => expect(bus.publishedIds).toEqual(['a 1']));
  });

  it('keeps the order of each aggregate', async () => {
    const { relay, append, bus } = started;
    await relay.start();
    const inOrder = async (aggregateId: string) => {
      for (let sequence = 1; sequence <= 10; sequence += 1) await append(aggregateId, sequence);
    };
    await Promise.all(['a', 'b', 'c'].map(inOrder));
    await eventually(() => expect(bus.publishedIds).toHaveLength(30));
    for (const aggregateId of ['a', 'b', 'c']) {
      const sequences = bus.published
        .filter((event) => event.aggregateId === aggregateId)
        .map((event) => event.sequence);
      expect(sequences).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    }
  });

  it('keeps the order of an aggregate whose later event has the older id, beyond the batch too', async () => {
    const { relay, connection, bus } = started;
    const stored = (_id: string, aggregateId: string, sequence: number) => ({
      _id,
      aggregateId,
      sequence,
      type: 'thing.done',
      data: {},
      occurredAt: new Date(),
      actor: 'user_1',
      traceparent: null,
      publishedAt: null,
    });
    const others = Array.from({ length: 250 }, (_, index) => stored(`evt_1_${index}`, `other ${index}`, 1));
    await connection
      .collection<{ _id: string }>('outbox')
      .insertMany([stored('evt_0', 'a', 2), ...others, stored('evt_2', 'a', 1)]);
    await relay.start();
    await eventually(() => expect(bus.published).toHaveLength(252));
    expect(bus.publishedIds.filter((id) => id.startsWith('a '))).toEqual(['a 1', 'a 2']);
  });

  it('takes over what a process that died has left', async () => {
    const { relay, append, bus } = started;
    await append('a', 1);
    await append('a', 2);
    expect(bus.published).toEqual([]);
    await relay.start();
    await eventually(() => expect(bus.publishedIds).toEqual(['a 1', 'a 2']));
  });

  it('loses nothing while the bus is down, and goes on when it is back', async () => {
    const { relay, append, bus, outbox } = started;
    bus.isDown = true;
    await relay.start();
    await append('a', 1);
    await append('a', 2);
    expect(await outbox.pendingCount()).toBe(2);
    bus.isDown = false;
    await eventually(() => expect(bus.publishedIds).toEqual(['a 1', 'a 2']));
  });

  it('holds back the aggregate whose event is refused, and no other', async () => {
    const { relay, append, bus } = started;
    let isRefused = true;
    bus.beforePublish = async ({ aggregateId, sequence }) => {
      if (isRefused && aggregateId === 'a' && sequence === 1) throw new Error('refused');
    };
    await relay.start();
    await append('a', 1);
    await append('a', 2);
    await append('b', 1);
    await eventually(() => expect(bus.publishedIds).toEqual(['b 1']));
    isRefused = false;
    await eventually(() => expect(bus.publishedIds).toEqual(['b 1', 'a 1', 'a 2']));
  });

  it('publishes, when it stops, what is still there: also of an aggregate that is on its way', async () => {
    const { relay, append, bus } = started;
    const [entered, gate] = [aGate(), aGate()];
    bus.beforePublish = async () => {
      entered.open();
      await gate.passed;
    };
    await relay.start();
    await append('a', 1);
    await entered.passed;
    await append('a', 2);
    const stopped = relay.stop().then(() => bus.publishedIds.slice());
    gate.open();
    expect(await stopped).toEqual(['a 1', 'a 2']);
  });

  it('stops although the bus is down', async () => {
    const { relay, append, bus, outbox } = started;
    bus.isDown = true;
    await relay.start();
    await append('a', 1);
    await relay.stop();
    expect(await outbox.pendingCount()).toBe(1);
  });
});

describe('two relays of one outbox', () => {
  it('publish what both processes have written, each event once and in order', async () => {
    const { relay, append, bus } = started;
    const other = await started.replica();
    await relay.start();
    await other.relay.start();
    for (let sequence = 1; sequence <= 10; sequence += 1) {
      await append('a', sequence, sequence % 2 === 0 ? started : other);
    }
    await eventually(() => expect(bus.published).toHaveLength(10));
    expect(bus.published.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    await other.relay.stop();
  });

  it('hand over at once when one stops', async () => {
    const { relay, append, bus } = started;
    const other = await started.replica();
    await relay.start();
    await append('a', 1);
    await eventually(() => expect(bus.publishedIds).toEqual(['a 1']));
    await other.relay.start();
    await relay.stop();
    await append('a', 2, other);
    await eventually(() => expect(bus.publishedIds).toEqual(['a 1', 'a 2']));
    await other.relay.stop();
  });

  it('hand over after ten seconds when one dies', async () => {
    const { append, bus, connection, clock } = started;
    const expiresAt = new Date(clock.now().getTime() + 10_000);
    await connection
      .collection<{ _id: string }>('leases')
      .insertOne({ _id: 'outbox-relay', owner: 'died', expiresAt } as { _id: string });
    const other = await started.replica();
    let polls = 0;
    const pending = other.outbox.pending.bind(other.outbox);
    other.outbox.pending = (...args) => {
      polls += 1;
      return pending(...args);
    };
    await append('a', 1);
    await other.relay.start();
    await eventually(() => expect(polls).toBeGreaterThan(2));
    expect(bus.published).toEqual([]);
    clock.advance(10_000);
    await eventually(() => expect(bus.publishedIds).toEqual(['a 1']));
    await other.relay.stop();
  });
});
