import { typeIds } from '@shopgraph/kit';
import { DEFAULT_LOCATION_ID } from '../src/location/location';
import { aLevel, anItem } from './builders';
import { requestsTo } from './requests';
import { startInventory } from './start-inventory';

let inventory: Awaited<ReturnType<typeof startInventory>>;
beforeAll(async () => {
  inventory = await startInventory({ sweepMs: 20 });
});
afterAll(() => inventory.stop());

const { adjust, release, reserve, reservation } = requestsTo(() => inventory);

const storedEvents = (filter: object) => inventory.collection('outbox').find(filter).sort({ _id: 1 }).toArray();
const itemOf = (sku: string) => inventory.collection('stockItems').findOne({ sku });

/** An item of 10 units, and a reservation of some of them. */
async function givenReservation(quantity: number, level: Parameters<typeof aLevel>[0] = {}) {
  const item = anItem({ levels: [aLevel(level)] });
  await inventory.add(item);
  const answer = await reserve([{ sku: item.sku, quantity }]);
  return { sku: item.sku, reservationId: answer.reservation!.id, orderId: typeIds.next('ord') };
}
type Given = Awaited<ReturnType<typeof givenReservation>>;

const place = ({ orderId, reservationId }: Given, overrides = {}) =>
  inventory.publish('orders.order-placed', orderId, { orderId, reservationId }, overrides);
const cancel = ({ orderId, reservationId, sku }: Given, quantity: number, { restock = true, ...overrides } = {}) => {
  const data = { orderId, reservationId, restock, lines: [{ sku, quantity }] };
  return inventory.publish('orders.order-cancelled', orderId, data, overrides);
};

describe('products.variant-created', () => {
  const create = (variantId: string, sku: string, overrides = {}) =>
    inventory.publish('products.variant-created', variantId, { variantId, productId: 'prod_1', sku }, overrides);

  it('creates a tracked item without units at the default location', async () => {
    const variantId = typeIds.next('var');
    expect(await adjust({ sku: 'NEW', delta: 1 })).toMatchObject({ userErrors: [{ code: 'NOT_FOUND' }] });

    await create(variantId, 'NEW');

    expect(await itemOf('NEW')).toMatchObject({ variantId, tracked: true, backorderLimit: 0 });
    expect(await inventory.levelsOf('NEW')).toMatchObject([
      { locationId: DEFAULT_LOCATION_ID, onHand: 0, available: 0, isLow: true },
    ]);
    expect(await adjust({ sku: 'NEW', delta: 1 })).toMatchObject({ level: { onHand: 1 }, userErrors: [] });
  });

  it('has one effect, whether the same event or another one comes again', async () => {
    const variantId = typeIds.next('var');
    const id = typeIds.next('evt');
    await create(variantId, 'TWICE', { id });
    await create(variantId, 'TWICE', { id });
    await create(variantId, 'TWICE');
    expect(await inventory.collection('stockItems').countDocuments({ sku: 'TWICE' })).toBe(1);
    expect(await inventory.levelsOf('TWICE')).toHaveLength(1);
  });

  it('hands the item of a SKU to the newer variant, in whatever order the events come', async () => {
    const [older, newer] = [typeIds.next('var'), typeIds.next('var')];
    for (const variantId of [older, newer, older]) await create(variantId, 'REUSED');
    expect(await itemOf('REUSED')).toMatchObject({ variantId: newer });
    expect(await inventory.levelsOf('REUSED')).toHaveLength(1);
  });

  it('is laid aside when it does not look as agreed', async () => {
    await inventory.publish('products.variant-created', 'var_bad', { variantId: 'var_bad' });
    expect(await inventory.bus.deadLetters('inventory')).toMatchObject([{ aggregateId: 'var_bad' }]);
  });
});

describe('orders.order-placed', () => {
  it('gives the order what was reserved', async () => {
    const given = await givenReservation(4);
    await place(given);
    expect(await inventory.levelsOf(given.sku)).toMatchObject([
      { onHand: 10, allocated: 4, reserved: 0, available: 6 },
    ]);
    expect(await reservation(given.reservationId)).toMatchObject({ status: 'COMMITTED', orderId: given.orderId });
    expect(await storedEvents({ aggregateId: given.reservationId })).toMatchObject([
      { type: 'inventory.reservation-created' },
      { type: 'inventory.reservation-committed', sequence: 2, actor: 'service:inventory' },
    ]);
  });

  it('has one effect when it comes twice', async () => {
    const given = await givenReservation(4);
    await place(given);
    await place(given);
    expect(await inventory.levelsOf(given.sku)).toMatchObject([{ allocated: 4, reserved: 0, available: 6 }]);
  });

  it('allocates anew what was given back meanwhile', async () => {
    const given = await givenReservation(4);
    await release(given.reservationId);
    await place(given);
    expect(await inventory.levelsOf(given.sku)).toMatchObject([{ allocated: 4, reserved: 0, available: 6 }]);
    expect(await reservation(given.reservationId)).toMatchObject({ status: 'COMMITTED', orderId: given.orderId });
  });

  it('records a shortage when somebody else has the units, and never goes below the floor', async () => {
    const given = await givenReservation(8);
    await release(given.reservationId);
    await reserve([{ sku: given.sku, quantity: 7 }]);

    await place(given);

    expect(await inventory.levelsOf(given.sku)).toMatchObject([{ allocated: 3, reserved: 7, available: 0 }]);
    const lines = [{ sku: given.sku, ordered: 8, missing: 5 }];
    expect(await storedEvents({ type: 'inventory.reservation-commit-short' })).toMatchObject([
      {
        aggregateId: given.reservationId,
        data: { reservationId: given.reservationId, orderId: given.orderId, lines },
      },
    ]);
    expect(inventory.log).toContainEqual(
      expect.objectContaining({ msg: 'a placed order lacks stock', orderId: given.orderId, missing: lines }),
    );
  });

  it('is laid aside when there is no such reservation', async () => {
    const orderId = typeIds.next('ord');
    await inventory.publish('orders.order-placed', orderId, { orderId, reservationId: 'rsv_none' });
    expect(await inventory.bus.deadLetters('inventory')).toContainEqual(
      expect.objectContaining({ aggregateId: orderId }),
    );
  });
});

describe('orders.order-cancelled', () => {
  it.each([
    ['makes the units available again', true, { onHand: 10, allocated: 0, available: 10 }],
    ['takes the units off the shelf when they cannot be sold again', false, { onHand: 6, allocated: 0, available: 6 }],
  ])('%s', async (_what, restock, level) => {
    const given = await givenReservation(4);
    await place(given);
    await cancel(given, 4, { restock });
    expect(await inventory.levelsOf(given.sku)).toMatchObject([level]);
  });

  it('has one effect when it comes twice, as the same event or as another one', async () => {
    const given = await givenReservation(4);
    await place(given);
    const id = typeIds.next('evt');
    for (const overrides of [{ id }, { id }, {}]) await cancel(given, 4, { restock: false, ...overrides });
    expect(await inventory.levelsOf(given.sku)).toMatchObject([{ onHand: 6, allocated: 0, available: 6 }]);
  });

  it('takes parts of a line, one after the other', async () => {
    const given = await givenReservation(4);
    await place(given);
    await cancel(given, 1);
    expect(await inventory.levelsOf(given.sku)).toMatchObject([{ allocated: 3, available: 7 }]);
    await cancel(given, 2, { restock: false });
    expect(await inventory.levelsOf(given.sku)).toMatchObject([{ onHand: 8, allocated: 1, available: 7 }]);
  });

  it('is laid aside while the order has no stock', async () => {
    const given = await givenReservation(4);
    await cancel(given, 4);
    expect(await inventory.bus.deadLetters('inventory')).toContainEqual(
      expect.objectContaining({ type: 'orders.order-cancelled', aggregateId: given.orderId }),
    );
    expect(await inventory.levelsOf(given.sku)).toMatchObject([{ reserved: 4, allocated: 0, available: 6 }]);
  });
});
