import { typeIds } from '@shopgraph/kit';
import { eventually } from '@shopgraph/kit/testing';
import { DEFAULT_LOCATION_ID } from '../src/location/location';
import { aLevel, anItem } from './builders';
import { requestsTo } from './requests';
import { staff, startInventory } from './start-inventory';

// Two replicas on one database: within one, requests for a SKU queue; between them only the database decides.
let inventory: Awaited<ReturnType<typeof startInventory>>;
let replica: Awaited<ReturnType<typeof startInventory>>;
beforeAll(async () => {
  inventory = await startInventory({ sweepMs: 50 });
  replica = await startInventory({ sweepMs: 50, replicaOf: inventory });
});
afterAll(async () => {
  await replica.stop();
  await inventory.stop();
});

const replicas = [requestsTo(() => inventory), requestsTo(() => replica)];
const at = (index: number) => replicas[index % replicas.length]!;

describe('the last unit', () => {
  it('goes to exactly one of 50 requests at two replicas', async () => {
    const item = anItem({ levels: [aLevel({ onHand: 1 })] });
    await inventory.add(item);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => at(index).reserve([{ sku: item.sku, quantity: 1 }])),
    );
    expect(answers.filter(({ reservation }) => reservation)).toHaveLength(1);
    expect(answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual(
      Array(49).fill('INSUFFICIENT_STOCK'),
    );
    expect(await inventory.levelsOf(item.sku)).toMatchObject([{ onHand: 1, reserved: 1, available: 0 }]);
  });

  it('of two items goes whole or not at all to requests that name them in either order', async () => {
    const [a, b] = [anItem({ levels: [aLevel({ onHand: 5 })] }), anItem({ levels: [aLevel({ onHand: 5 })] })];
    await inventory.add(a);
    await inventory.add(b);
    const lines = [a, b].map(({ sku }) => ({ sku, quantity: 1 }));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => at(index).reserve(index % 4 < 2 ? lines : [...lines].reverse())),
    );
    expect(answers.filter(({ reservation }) => reservation)).toHaveLength(5);
    for (const { sku } of [a, b]) expect(await inventory.levelsOf(sku)).toMatchObject([{ reserved: 5, available: 0 }]);
  });
});

describe('a storm of everything at once', () => {
  const BACKORDER_LIMIT = 4;
  const SKUS = ['STORM-A', 'STORM-B', 'STORM-C'];

  /** Numbers that look random and are the same in every run. */
  let state = 42;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % limit;
  };

  const held: string[] = [];
  const placed: { orderId: string; reservationId: string; sku: string; quantity: number }[] = [];
  const otherLocation = typeIds.next('loc');

  async function reserveSome(index: number): Promise<void> {
    const [sku, quantity] = [SKUS[below(SKUS.length)]!, 1 + below(4)];
    const isPlaced = below(3) === 0;
    const { reservation } = await at(index).reserve([{ sku, quantity }], { ttlSeconds: 1 + below(60) });
    if (!reservation) return;
    if (!isPlaced) return void held.push(reservation.id);
    const order = { orderId: typeIds.next('ord'), reservationId: reservation.id };
    await inventory.publish('orders.order-placed', order.orderId, order);
    placed.push({ ...order, sku, quantity });
  }

  async function cancelSome(): Promise<void> {
    const { orderId, reservationId, sku, quantity } = placed[below(Math.max(placed.length, 1))] ?? {};
    if (orderId === undefined) return;
    const data = { orderId, reservationId, restock: below(2) === 0, lines: [{ sku, quantity: 1 + below(quantity!) }] };
    await inventory.publish('orders.order-cancelled', orderId, data);
  }

  const anywhere = () => (below(2) === 0 ? DEFAULT_LOCATION_ID : otherLocation);
  const someHeld = () => held[below(Math.max(held.length, 1))] ?? 'rsv_none';

  const actions: ((index: number) => Promise<unknown>)[] = [
    reserveSome,
    reserveSome,
    reserveSome,
    (index) => at(index).release(someHeld()),
    (index) => at(index).commit(someHeld()),
    (index) => at(index).adjust({ sku: SKUS[below(3)], locationId: anywhere(), delta: 1 + below(9) }),
    (index) =>
      at(index).adjust({ sku: SKUS[below(3)], locationId: anywhere(), delta: -1 - below(5), reason: 'DAMAGED' }),
    (index) => at(index).set({ sku: SKUS[below(3)], locationId: anywhere(), quantity: below(20) }),
    cancelSome,
    async () => inventory.clock.advance(500),
  ];

  it('leaves figures that agree with each other, with the movements and with the reservations', async () => {
    for (const sku of SKUS) {
      const variantId = typeIds.next('var');
      await inventory.publish('products.variant-created', variantId, { variantId, sku });
      await at(0).adjust({ sku, delta: 10 });
    }
    await inventory.collection('stockItems').updateOne(
      { sku: 'STORM-A' },
      {
        $set: { backorderLimit: BACKORDER_LIMIT },
      },
    );
    await inventory
      .collection('stockLocations')
      .insertOne({ _id: otherLocation, name: 'Other', countries: [], version: 1 });

    for (let wave = 0; wave < 12; wave += 1) {
      await Promise.all(Array.from({ length: 20 }, (_, index) => actions[below(actions.length)]!(index)));
    }

    // What is still active expires, so that in the end only orders hold stock.
    inventory.clock.advance(60_000);
    await eventually(async () =>
      expect(await inventory.collection('reservations').countDocuments({ status: 'ACTIVE' })).toBe(
        // Those of the tests above last longer.
        6,
      ),
    );

    const reasons = await inventory.collection('stockMovements').distinct('reason', { sku: { $in: SKUS } });
    expect(reasons.sort()).toEqual(
      ['CANCELLED', 'COMMITTED', 'COUNTED', 'DAMAGED', 'EXPIRED', 'RECEIVED', 'RELEASED', 'RESERVED'].sort(),
    );
    for (const sku of SKUS) {
      const { data } = await inventory.send(staff, 'query ($sku: String!) { reconcile(sku: $sku) { figure } }', {
        sku,
      });
      expect(data).toEqual({ reconcile: [] });
      for (const [index, level] of (await inventory.levelsOf(sku)).entries()) {
        const { onHand, allocated, reserved, available, isLow, lowStockThreshold } = level;
        expect(available).toBe(onHand - allocated - reserved);
        expect(available).toBeGreaterThanOrEqual(index === 0 && sku === 'STORM-A' ? -BACKORDER_LIMIT : 0);
        expect([onHand, allocated, reserved].filter((figure) => figure < 0)).toEqual([]);
        expect(reserved).toBe(0);
        expect(isLow).toBe(available <= lowStockThreshold);
      }
    }
    expect(inventory.log.filter(({ msg }) => msg !== 'a placed order lacks stock')).toEqual([]);
    expect(await inventory.bus.deadLetters('inventory')).toEqual([]);
  }, 120_000);
});
