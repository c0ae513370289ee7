import { typeIds } from '@shopgraph/kit';
import { DEFAULT_LOCATION_ID } from '../src/location/location';
import { aLevel, anItem } from './builders';
import { ADJUST, newKey, requestsTo } from './requests';
import { staff, startInventory } from './start-inventory';

let inventory: Awaited<ReturnType<typeof startInventory>>;
beforeAll(async () => {
  inventory = await startInventory();
});
afterAll(() => inventory.stop());

const { adjust, set } = requestsTo(() => inventory);

async function levelOf({ sku }: { sku: string }) {
  return (await inventory.levelsOf(sku))[0];
}

describe('stockAdjust', () => {
  it('adds up when adjusted many times at once', async () => {
    const item = anItem();
    await inventory.add(item);
    const { locationId } = item.levels[0]!;
    await Promise.all([1, 2, 3, 4, 5].map((delta) => adjust({ sku: item.sku, locationId, delta })));
    expect(await levelOf(item)).toMatchObject({ onHand: 25, available: 25, version: 6 });
  });

  it('has one effect when the same request arrives ten times at once', async () => {
    const item = anItem();
    await inventory.add(item);
    const input = { sku: item.sku, locationId: item.levels[0]?.locationId, delta: 5, idempotencyKey: newKey() };
    const answers = await Promise.all(Array.from({ length: 10 }, () => adjust(input)));
    expect(answers.map(({ level }) => level?.onHand)).toEqual(Array(10).fill(15));
    expect(await levelOf(item)).toMatchObject({ onHand: 15 });
  });

  it('refuses what would take reserved units', async () => {
    const item = anItem({ levels: [aLevel({ reserved: 8 })] });
    await inventory.add(item);
    const { locationId } = item.levels[0]!;
    expect(await adjust({ sku: item.sku, locationId, delta: -3, reason: 'DAMAGED' })).toEqual({
      level: null,
      userErrors: [
        {
          __typename: 'InsufficientStockError',
          code: 'INSUFFICIENT_STOCK',
          field: ['input', 'delta'],
          sku: item.sku,
          requested: 3,
          available: 2,
        },
      ],
    });
  });

  it.each([
    ['left out', {}],
    ['null', { locationId: null }],
  ])('opens a level at the default location where the location is %s', async (_what, location) => {
    const item = anItem({ levels: [] });
    await inventory.add(item);
    expect(await adjust({ sku: item.sku, delta: 3, ...location })).toMatchObject({
      level: { onHand: 3, location: { id: DEFAULT_LOCATION_ID, name: 'Main warehouse' } },
    });
    expect(await set({ sku: item.sku, quantity: 4, ...location })).toMatchObject({ level: { onHand: 4 } });
    expect(await inventory.levelsOf(item.sku)).toMatchObject([{ locationId: DEFAULT_LOCATION_ID, onHand: 4 }]);
  });

  it('opens one level when the first deliveries arrive at once', async () => {
    const item = anItem({ levels: [] });
    await inventory.add(item);
    await Promise.all([1, 2, 3, 4].map((delta) => adjust({ sku: item.sku, delta })));
    expect(await inventory.levelsOf(item.sku)).toMatchObject([{ onHand: 10, available: 10 }]);
  });

  it('opens no level for units that would be taken away', async () => {
    const item = anItem({ levels: [] });
    await inventory.add(item);
    expect(await adjust({ sku: item.sku, delta: -1 })).toMatchObject({
      level: null,
      userErrors: [{ code: 'INSUFFICIENT_STOCK', requested: 1, available: 0 }],
    });
    expect(await inventory.levelsOf(item.sku)).toEqual([]);
  });

  it('says that there is no item with this SKU, or no such location', async () => {
    const item = anItem();
    await inventory.add(item);
    expect(await adjust({ sku: 'NONE', delta: 1 })).toMatchObject({
      userErrors: [{ code: 'NOT_FOUND', field: ['input', 'sku'] }],
    });
    expect(await adjust({ sku: item.sku, locationId: typeIds.next('loc'), delta: 1 })).toMatchObject({
      userErrors: [{ code: 'NOT_FOUND', field: ['input', 'locationId'] }],
    });
  });

  it('changes nothing when its event cannot be stored, and does not tell clients why', async () => {
    const item = anItem();
    await inventory.add(item);
    const { id, locationId, version } = item.levels[0]!;
    const event = {
      _id: 'evt',
      aggregateId: id,
      sequence: version + 1,
      type: 'inventory.stock-adjusted',
      publishedAt: new Date(),
    };
    await inventory.collection('outbox').insertOne(event);

    const input = { sku: item.sku, locationId, delta: 1, reason: 'RECEIVED', idempotencyKey: newKey() };
    const { errors } = await inventory.send(staff, ADJUST, { input });

    expect(errors).toMatchObject([{ message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL' } }]);
    expect(JSON.stringify(errors)).not.toMatch(/E11000|outbox/);
    expect(await levelOf(item)).toMatchObject({ onHand: 10, version });
    expect(await inventory.collection('stockMovements').countDocuments({ sku: item.sku })).toBe(0);
  });
});

describe('stockSet', () => {
  it('makes the count what is on hand', async () => {
    const item = anItem({ levels: [aLevel({ reserved: 4 })] });
    await inventory.add(item);
    const { locationId } = item.levels[0]!;
    for (const quantity of [12, 4]) {
      expect(await set({ sku: item.sku, locationId, quantity })).toMatchObject({ userErrors: [] });
      expect(await levelOf(item)).toMatchObject({ onHand: quantity, reserved: 4, available: quantity - 4 });
    }
  });

  it('changes nothing when the count is what is stored', async () => {
    const item = anItem();
    await inventory.add(item);
    const answer = await set({ sku: item.sku, locationId: item.levels[0]?.locationId, quantity: 10 });
    expect(answer).toMatchObject({ level: { onHand: 10 }, userErrors: [] });
    expect(await levelOf(item)).toMatchObject({ version: 1 });
  });

  it('refuses a count below what is claimed', async () => {
    const item = anItem({ levels: [aLevel({ allocated: 6 })] });
    await inventory.add(item);
    expect(await set({ sku: item.sku, locationId: item.levels[0]?.locationId, quantity: 5 })).toMatchObject({
      level: null,
      userErrors: [{ code: 'INSUFFICIENT_STOCK', field: ['input', 'quantity'], requested: 5, available: 4 }],
    });
  });
});
