import { eventually } from '@shopgraph/kit/testing';
import { aLevel, anItem } from './builders';
import { requestsTo } from './requests';
import { startInventory } from './start-inventory';

let inventory: Awaited<ReturnType<typeof startInventory>>;
let replica: Awaited<ReturnType<typeof startInventory>>;
beforeAll(async () => {
  inventory = await startInventory({ sweepMs: 10 });
  replica = await startInventory({ sweepMs: 10, replicaOf: inventory });
});
afterAll(async () => {
  await replica.stop();
  await inventory.stop();
});

const { commit, reserve, release, reservation } = requestsTo(() => inventory);
const { commit: commitAtReplica } = requestsTo(() => replica);

const expiredEvents = (aggregateId: string) =>
  inventory.collection('outbox').countDocuments({ aggregateId, type: 'inventory.reservation-expired' });
const statusOf = async (id: string) => (await reservation(id))?.status;

describe('a reservation whose time is over', () => {
  it('gives its stock back once, however many replicas look for it', async () => {
    const items = Array.from({ length: 6 }, () => anItem({ levels: [aLevel({ onHand: 8 })] }));
    for (const item of items) await inventory.add(item);
    // More than one batch.
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, index) =>
        reserve([{ sku: items[index % items.length]!.sku, quantity: 2 }], { ttlSeconds: 60 }),
      ),
    );
    const ids = answers.map((answer) => answer.reservation!.id);
    for (const { sku } of items) expect(await inventory.levelsOf(sku)).toMatchObject([{ reserved: 8, available: 0 }]);

    inventory.clock.advance(60_000);

    await eventually(async () => expect(await Promise.all(ids.map(expiredEvents))).toEqual(ids.map(() => 1)));
    for (const { sku } of items) {
      expect(await inventory.levelsOf(sku)).toMatchObject([{ onHand: 8, reserved: 0, available: 8 }]);
      const expired = { sku, reason: 'EXPIRED' };
      expect(await inventory.collection('stockMovements').countDocuments(expired)).toBe(4);
    }
  });

  it('expires, and the others stay as they are', async () => {
    const item = anItem();
    await inventory.add(item);
    const reserveFor = async (ttlSeconds: number) =>
      (await reserve([{ sku: item.sku, quantity: 1 }], { ttlSeconds })).reservation!.id;
    const [short, long, released, committed] = [
      await reserveFor(10),
      await reserveFor(11),
      await reserveFor(10),
      await reserveFor(10),
    ];
    await release(released);
    await commit(committed);

    inventory.clock.advance(10_000);

    await eventually(async () => expect(await statusOf(short)).toBe('EXPIRED'));
    expect(await Promise.all([long, released, committed].map(statusOf))).toEqual(['ACTIVE', 'RELEASED', 'COMMITTED']);
    expect(await inventory.levelsOf(item.sku)).toMatchObject([{ allocated: 1, reserved: 1, available: 8 }]);
  });

  it('is expired or committed, not both, when both happen at once', async () => {
    const items = Array.from({ length: 10 }, () => anItem());
    for (const item of items) await inventory.add(item);
    const reserved = await Promise.all(
      items.map(async ({ sku }) => {
        const answer = await reserve([{ sku, quantity: 3 }], { ttlSeconds: 5 });
        return { sku, id: answer.reservation!.id };
      }),
    );
    inventory.clock.advance(5_000);
    const answers = await Promise.all(reserved.map(({ id }) => commitAtReplica(id)));

    for (const [index, { sku, id }] of reserved.entries()) {
      const isCommitted = answers[index]?.reservation?.status === 'COMMITTED';
      const level = isCommitted ? { allocated: 3, reserved: 0 } : { allocated: 0, reserved: 0 };
      await eventually(async () => expect(await inventory.levelsOf(sku)).toMatchObject([level]));
      expect(await statusOf(id)).toBe(isCommitted ? 'COMMITTED' : 'EXPIRED');
    }
  });
});
